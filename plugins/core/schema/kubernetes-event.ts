import {
  defineKubernetesList,
  followJournalledKind,
  type KubernetesFilter,
  kubernetesObjectRef,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  origin,
  parseGlobalId,
  type RequestContext,
  RequestError,
  registerKubernetesType,
  registerList,
  registerSubscription,
  typeRef,
} from 'longshore/sdk';
import { eventKind, type KubernetesEventObject, kubernetesEventsTopic, kubernetesEventTypeRef } from '../api.ts';
import {
  countOf,
  type EventFilter,
  type EventType,
  firstSeenOf,
  type InvolvedObjectFilter,
  lastSeenOf,
  matchesEventFilter,
  typeOfEvent,
} from '../services/events/read-event.ts';
import { findReferredKind } from './find-kind.ts';

const readEvent = { action: 'READ', subject: 'core/Event' } as const;

type InvolvedObject = KubernetesEventObject['involvedObject'];

/** What clusters report about their objects. */
export function registerKubernetesEvent(builder: LongshoreBuilder): void {
  builder.enumType('KubernetesEventType', {
    description: 'How serious an event is.',
    values: {
      NORMAL: { description: 'Something happened as it should.' },
      WARNING: { description: 'Something may be wrong.' },
      UNKNOWN: { description: 'The cluster says something this version does not know; `rawType` has it.' },
    },
  });
  const involved = registerInvolvedObject(builder);
  registerKubernetesType(builder, {
    ref: kubernetesEventTypeRef,
    kind: eventKind,
    description:
      'Something that a component of the cluster reported about an object. Clusters keep it for about an hour.',
    fields: (t) => ({
      type: t.field({
        type: 'KubernetesEventType' as never,
        description: 'How serious it is.',
        resolve: (event) => typeOfEvent(event) as never,
      }),
      rawType: t.string({
        nullable: true,
        description: 'The type in the cluster’s own word.',
        resolve: (event) => event.type ?? null,
      }),
      reason: t.string({
        description: 'One word for programs, e.g. `BackOff`; empty where none was given.',
        resolve: (event) => event.reason ?? '',
      }),
      message: t.string({
        description: 'A sentence for people; empty where none was given.',
        resolve: (event) => event.message ?? '',
      }),
      count: t.int({ description: 'How often it was seen, 1 or more.', resolve: countOf }),
      firstSeenAt: t.field({ type: 'DateTime', description: 'When it was first seen.', resolve: firstSeenOf }),
      lastSeenAt: t.field({ type: 'DateTime', description: 'When it was last seen.', resolve: lastSeenOf }),
      component: t.string({
        nullable: true,
        description: 'Who reported it, e.g. `kubelet`.',
        resolve: (event) => event.reportingComponent || event.source?.component || null,
      }),
      host: t.string({
        nullable: true,
        description: 'Where the reporter runs, e.g. a node’s name.',
        resolve: (event) => event.source?.host ?? null,
      }),
      involvedObject: t.field({
        type: involved,
        description: 'What it is about, as the event names it.',
        resolve: (event) => event.involvedObject,
      }),
      object: t.field({
        type: kubernetesObjectRef,
        nullable: true,
        description: 'What it is about, where that is still there and you may see it.',
        resolve: (event, _args, context) => loadInvolved(event, context) as never,
      }),
    }),
  });
  const list = defineKubernetesList(builder, {
    name: 'KubernetesEvent',
    node: kubernetesEventTypeRef,
    plural: 'events',
    isNamespaced: true,
    filter: (t) => ({
      types: t.field({ type: ['KubernetesEventType' as never], description: 'Only of these types.' }),
      reasons: t.stringList({ description: 'Only with one of these reasons.' }),
      since: t.field({ type: 'DateTime', description: 'Only seen at or after this time.' }),
      involvedObject: t.field({ type: 'InvolvedObjectFilter' as never, description: 'Only about these objects.' }),
    }),
    matches: (filter) => compileFilter(filter as RawEventFilter),
    orders: {
      LAST_SEEN: { description: 'By when it was last seen.', value: (event) => Date.parse(lastSeenOf(event)) },
      COUNT: { description: 'By how often it was seen.', value: countOf },
      REASON: { description: 'By reason.', value: (event) => event.reason ?? null },
    },
    defaultOrder: [{ field: 'LAST_SEEN', direction: 'DESC' }],
  });
  registerList(builder, {
    name: 'kubernetesEvents',
    description: 'What clusters reported about their objects, newest first.',
    allow: readEvent,
    list,
    rows: (args, context) => listKubernetesObjects([eventKind], args, context),
  });
  registerSubscription<KubernetesEventObject>(builder, {
    name: 'kubernetesEvents',
    description:
      'What clusters report about their objects, now and as it happens. That a cluster forgets an event is not told.',
    allow: readEvent,
    itemField: 'event',
    itemType: kubernetesEventTypeRef,
    itemDescription: 'The event.',
    isThrottled: true,
    args: (t) => ({ filter: t({ type: list.filterType as never, description: 'Which events to follow.' }) }) as never,
    subscribe: (args, context) => {
      const { filter } = args as unknown as { filter?: (KubernetesFilter & RawEventFilter) | null };
      return followJournalledKind({
        topic: kubernetesEventsTopic,
        kind: eventKind,
        cluster: filter?.cluster,
        matches: list.compileFilter(filter as never, context),
        args,
        context,
      });
    },
  });
}

interface RawEventFilter extends Omit<EventFilter, 'involvedObject'> {
  readonly types?: readonly EventType[] | null | undefined;
  readonly involvedObject?: (InvolvedObjectFilter & { readonly id?: string | null | undefined }) | null | undefined;
}

/** An id is what it stands for: the object's place. Events name no cluster, they come from it. */
function compileFilter(filter: RawEventFilter): (event: KubernetesEventObject) => boolean {
  const { id, ...involved } = filter.involvedObject ?? {};
  if (id === null || id === undefined) return matchesEventFilter(filter);
  const place = parseGlobalId(id);
  if (place?.of !== 'kubernetes') {
    throw new RequestError('BAD_USER_INPUT', 'filter.involvedObject.id must be the id of an object of a cluster');
  }
  const matches = matchesEventFilter({
    ...filter,
    involvedObject: {
      ...involved,
      group: place.group,
      kind: place.kind,
      namespace: place.namespace ?? '',
      name: place.name,
    },
  });
  return (event) => event[origin].cluster === place.cluster && matches(event);
}

function registerInvolvedObject(builder: LongshoreBuilder) {
  builder.inputType('InvolvedObjectFilter', {
    description: 'A test of what an event is about. What is set must all hold.',
    fields: (t) => ({
      id: t.id({ description: 'The object’s global id: events of this name, also of an earlier object that had it.' }),
      uid: t.string({ description: 'The object’s uid: events of this very object.' }),
      kind: t.string({ description: 'Its kind, e.g. `Pod`.' }),
      name: t.string({ description: 'Its whole name, case matters.' }),
    }),
  });
  const involved = typeRef<InvolvedObject>('InvolvedObject');
  const field = (name: keyof InvolvedObject, description: string) => ({ name, description });
  const fields = [
    field('apiVersion', 'Its group and version.'),
    field('kind', 'Its kind.'),
    field('namespace', 'Its namespace; null for a kind that has none.'),
    field('name', 'Its name.'),
    field('uid', 'Its uid.'),
    field('fieldPath', 'Which part of it, e.g. `spec.containers{app}`.'),
  ];
  builder.objectType(involved, {
    description: 'What an event is about, in its own words: the object itself may be gone.',
    fields: (t) =>
      Object.fromEntries(
        fields.map(({ name, description }) => [
          name,
          t.string({ nullable: true, description, resolve: (object) => object[name] ?? null }),
        ]),
      ),
  });
  return involved;
}

function loadInvolved(event: KubernetesEventObject, context: RequestContext): MaybePromise<unknown> {
  const { apiVersion, kind, namespace, name, uid } = event.involvedObject;
  if (!kind || !name) return null;
  const { cluster } = event[origin];
  const found = mapMaybe(findReferredKind(context, cluster, apiVersion ?? 'v1', kind), (served) => {
    if (!served || (served.isNamespaced && !namespace)) return null;
    return context.kube(cluster).get(served, served.isNamespaced ? namespace : undefined, name);
  }) as MaybePromise<{ readonly kind: string; readonly metadata: { readonly uid: string } } | null | undefined>;
  // The kubelet writes a node's name where its uid should be.
  return mapMaybe(found, (object) => (object && (!uid || uid === object.metadata.uid || uid === name) ? object : null));
}
