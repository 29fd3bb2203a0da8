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
import { eventHistoryRef } from '../services/events/event-history.ts';
import { groupOf, lastSeenOf, typeOfEvent } from '../services/events/read-event.ts';
import { visibleEvents } from '../services/events/visible-events.ts';
import { isOperationId } from '../services/operation/operation-cursor.ts';
import { visibleOperations } from '../services/operation/visible-operations.ts';

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

/**
 * Events of the cluster about the object, also about earlier ones of its name: what the cluster has now, and what is kept for
 * longer (CMP-107).
 */
export const eventsTimeline: TimelineSource = {
  name: 'KUBERNETES_EVENTS',
  description: 'What the cluster reported about it, for as long as events are kept.',
  async load({ parsed }, page, context) {
    if (parsed.of !== 'kubernetes' || !context.clusters.get(parsed.cluster)) return [];
    const history = context.service(eventHistoryRef);
    const [there, { places }] = await Promise.all([
      eventsAbout(parsed, context),
      visibleEvents(parsed.cluster, context, history),
    ]);
    const { first, behind } = page;
    const kept = await history.about({ ...parsed, namespace: parsed.namespace ?? '' }, places, {
      first,
      behind: behind && { at: behind.at, uid: behind.key },
      // What the cluster shows is as new or newer.
      without: there.map(({ metadata }) => metadata.uid),
    });
    const entries = kept.map(({ event, lastSeenAt }) => ({ ...entryOfEvent(event), at: lastSeenAt }));
    return pageOfEntries([...there.map(entryOfEvent), ...entries], page);
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
