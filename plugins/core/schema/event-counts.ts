import {
  type ClusterProblem,
  clusterProblemRef,
  type InputTypeRef,
  type LongshoreBuilder,
  type RequestContext,
  RequestError,
  registerQuery,
  typeRef,
} from 'longshore/sdk';
import type { EventBucket, EventTally, ReasonTally } from '../services/events/count-events.ts';
import { eventHistoryRef } from '../services/events/event-history.ts';
import { type AskedEventFilter, toHistoryFilter } from './event-history-filter.ts';

const mostReasons = 200;

interface TallyAnswer extends EventTally {
  readonly problems: readonly ClusterProblem[];
}

/** The numbers of a chart of events (CMP-107, CMP-111). */
export function registerEventCounts(builder: LongshoreBuilder, filterType: InputTypeRef<never>): void {
  const tally = registerCounts(builder);
  registerQuery(builder, {
    name: 'kubernetesEventCounts',
    description: 'How many of the kept events there are, by type, cluster, reason and time: the numbers of a chart.',
    allow: { action: 'READ', subject: 'core/Event' },
    type: tally,
    args: (t) => ({
      filter: t({ type: filterType as never, description: 'Which events to count.' }),
      bucketSeconds: t.int({
        description:
          'Width of a bucket in seconds, 1 to 31,622,400; at most 1,000 buckets from `since` (or the oldest) to `until` (or now). Without it one that makes at most 100.',
      }),
      reasons: t.int({
        required: true,
        defaultValue: 20,
        description: `How many reasons to tell, the most frequent ones first, 0 to ${mostReasons}.`,
      }),
    }),
    resolve: (args, context) => loadTally(args as never, context) as never,
  });
}

interface TallyArguments {
  readonly filter?: AskedEventFilter | null;
  readonly bucketSeconds?: number | null;
  readonly reasons: number;
}

async function loadTally(args: TallyArguments, context: RequestContext): Promise<TallyAnswer> {
  const { reasons, bucketSeconds } = args;
  if (reasons < 0 || reasons > mostReasons) {
    throw new RequestError('BAD_USER_INPUT', `reasons must be 0 to ${mostReasons}, got ${reasons}`);
  }
  if (typeof bucketSeconds === 'number' && (bucketSeconds < 1 || bucketSeconds > 31_622_400)) {
    throw new RequestError('BAD_USER_INPUT', `bucketSeconds must be 1 to 31622400, got ${bucketSeconds}`);
  }
  const { filter, problems } = await toHistoryFilter(args.filter ?? {}, context);
  const cut = { reasons, bucketSeconds: bucketSeconds ?? undefined, now: new Date(context.clock.now()) };
  return { ...(await context.service(eventHistoryRef).tally(filter, cut)), problems };
}

function registerCounts(builder: LongshoreBuilder) {
  const reason = typeRef<ReasonTally>('KubernetesEventReasonCount');
  builder.objectType(reason, {
    description: 'How many kept events have one reason.',
    fields: (t) => ({
      reason: t.exposeString('reason', { description: 'The reason; empty where none was given.' }),
      type: t.field({
        type: 'KubernetesEventType' as never,
        description: 'How serious events of it are.',
        resolve: (row) => row.type as never,
      }),
      events: t.exposeInt('events', { description: 'Events of it.' }),
      occurrences: t.field({
        type: 'SafeInt',
        description: 'How often they were seen together: an event that repeats counts each time.',
        resolve: (row) => row.occurrences,
      }),
      lastSeenAt: t.field({
        type: 'DateTime',
        description: 'When one of them was last seen.',
        resolve: (row) => row.lastSeenAt,
      }),
    }),
  });
  const bucket = typeRef<EventBucket>('KubernetesEventBucket');
  builder.objectType(bucket, {
    description: 'How many kept events were last seen in a span of time.',
    fields: (t) => ({
      from: t.field({ type: 'DateTime', description: 'Its begin.', resolve: (row) => row.from }),
      to: t.field({
        type: 'DateTime',
        description: 'Its end, which belongs to the next one.',
        resolve: (row) => row.to,
      }),
      normal: t.exposeInt('normal', { description: 'Events of type NORMAL.' }),
      warning: t.exposeInt('warning', { description: 'Events of type WARNING.' }),
      unknown: t.exposeInt('unknown', { description: 'Events of type UNKNOWN.' }),
    }),
  });
  const ofCluster = typeRef<EventTally['clusters'][number]>('KubernetesEventClusterCount');
  builder.objectType(ofCluster, {
    description: 'How many kept events are of one cluster.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      normal: t.exposeInt('normal', { description: 'Events of type NORMAL.' }),
      warning: t.exposeInt('warning', { description: 'Events of type WARNING.' }),
      unknown: t.exposeInt('unknown', { description: 'Events of type UNKNOWN.' }),
    }),
  });
  const tally = typeRef<TallyAnswer>('KubernetesEventCounts');
  builder.objectType(tally, {
    description: 'How many kept events there are. An event that repeats is one, and stands where it was last seen.',
    fields: (t) => ({
      events: t.exposeInt('events', { description: 'All of them.' }),
      occurrences: t.field({
        type: 'SafeInt',
        description: 'How often they were seen together: an event that repeats counts each time.',
        resolve: (row) => row.occurrences,
      }),
      normal: t.exposeInt('normal', { description: 'Events of type NORMAL.' }),
      warning: t.exposeInt('warning', { description: 'Events of type WARNING.' }),
      unknown: t.exposeInt('unknown', { description: 'Events of type UNKNOWN.' }),
      clusters: t.field({
        type: [ofCluster],
        description: 'By cluster, of those that have any.',
        resolve: (row) => [...row.clusters],
      }),
      reasons: t.field({
        type: [reason],
        description: 'By reason and type, the most frequent first.',
        resolve: (row) => [...row.reasons],
      }),
      buckets: t.field({
        type: [bucket],
        description: 'By time, oldest first, without a hole; none where there is no event.',
        resolve: (row) => [...row.buckets],
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters whose events are not counted, and why.',
        resolve: (row) => [...row.problems],
      }),
    }),
  });
  return tally;
}
