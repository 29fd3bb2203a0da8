import {
  type MaybePromise,
  mapMaybe,
  type OperationFilter,
  type OperationRecord,
  pageOfEntries,
  type RequestContext,
  subjectOf,
  type TimelineEntry,
  type TimelineSource,
  type TimelineSubject,
} from 'longshore/sdk';
import { eventKind, type KubernetesEventObject } from '../api.ts';
import { isOperationId } from '../services/operation-cursor.ts';
import { groupOf, lastSeenOf, typeOfEvent } from '../services/read-event.ts';
import { visibleOperations } from '../services/visible-operations.ts';

/** Operation records about the subject; of a workspace or project also those about what lay in it. */
export const recordsTimeline: TimelineSource = {
  name: 'OPERATION_RECORDS',
  description: 'What was done to it through this gateway.',
  async load(subject, { first, behind }, context) {
    const visible = visibleOperations(context.access);
    const about = filterOf(subject);
    if (visible === 'nothing' || !about) return [];
    const { key } = behind ?? {};
    // A key of this source is a UUID: where it is none, the cursor was made up.
    if (key !== undefined && !isOperationId(key)) return [];
    const after = behind && key !== undefined ? { createdAt: behind.at, id: key } : undefined;
    const to = behind && key === undefined ? behind.at : undefined;
    const { records } = await context.operations.list({ ...about, to, visible }, { first, after });
    return records.map(toEntry);
  },
};

function filterOf({ id, parsed }: TimelineSubject): OperationFilter | undefined {
  if (parsed.of !== 'row' || parsed.plugin !== 'core' || !isOperationId(parsed.key)) return { targetId: id };
  if (parsed.type === 'Workspace') return { workspaceId: parsed.key };
  if (parsed.type === 'Project') return { projectId: parsed.key };
  // A record's own story: itself, and what was decided about its steps.
  if (parsed.type === 'OperationRecord') return { related: { id: parsed.key, targetId: id } };
  return { targetId: id };
}

function toEntry(record: OperationRecord): TimelineEntry {
  return {
    at: record.createdAt,
    key: record.id,
    title: record.action,
    message: record.error ? `${record.principalName}: ${record.error.message}` : record.principalName,
    isProblem: record.status === 'FAILED' || record.status === 'REFUSED',
    node: { ...record, nodeTypeName: 'OperationRecord' } as TimelineEntry['node'],
  };
}

/** Events of the cluster about the object, also about earlier ones of its name. Clusters keep them for about an hour. */
export const eventsTimeline: TimelineSource = {
  name: 'KUBERNETES_EVENTS',
  description: 'What the cluster reported about it in the last hour or so.',
  load({ parsed }, page, context) {
    if (parsed.of !== 'kubernetes' || !context.clusters.get(parsed.cluster)) return [];
    return mapMaybe(eventsAbout(parsed, context), (events) => pageOfEntries(events.map(entryOfEvent), page));
  },
};

type ObjectId = Extract<TimelineSubject['parsed'], { of: 'kubernetes' }>;

function eventsAbout(
  { cluster, group, kind, namespace, name }: ObjectId,
  context: RequestContext,
): MaybePromise<readonly KubernetesEventObject[]> {
  // Events about what is in no namespace lie in `default`; those about a Namespace in itself, some of them.
  const isNamespace = subjectOf({ group, kind }) === 'core/Namespace';
  const namespaces = namespace === undefined ? ['default', ...(isNamespace ? [name] : [])] : [namespace];
  return mapMaybe(context.kube(cluster).list(eventKind, { namespaces }), ({ items }) =>
    (items as readonly KubernetesEventObject[]).filter(
      ({ involvedObject: involved }) =>
        involved.kind === kind &&
        involved.name === name &&
        groupOf(involved.apiVersion) === group &&
        (involved.namespace ?? undefined) === namespace,
    ),
  );
}

const entryOfEvent = (event: KubernetesEventObject): TimelineEntry => ({
  at: new Date(lastSeenOf(event)),
  key: event.metadata.uid,
  title: event.reason ?? '',
  message: event.message,
  isProblem: typeOfEvent(event) === 'WARNING',
  node: event as TimelineEntry['node'],
});
