import {
  clusterProblemRef,
  type FieldBuilder,
  type ListType,
  type LongshoreBuilder,
  named,
  RequestError,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podKind } from '../../api.ts';
import { type PodCounts, type PodPhaseCount, toPodCounts, wordsOfPod } from '../../services/counts/pod-counts.ts';
import { registerCounts, type WithProblems } from './register-counts.ts';

const phaseRef = typeRef<PodPhaseCount>('PodPhaseCount');
const reasonRef = typeRef<PodCounts['byReason'][number]>('PodReasonCount');
const clusterRef = typeRef<PodCounts['byCluster'][number]>('PodClusterCount');
export const podCountsRef = typeRef<PodCounts & WithProblems>('PodCounts');

const mostReasons = 200;

interface ReasonsArgument {
  readonly reasons: number;
}

/** How many pods do how. */
export function registerPodCounts(builder: LongshoreBuilder, list: ListType<PodObject, never>): void {
  registerTypes(builder);
  registerCounts<unknown, unknown, ReasonsArgument, PodCounts>(builder, {
    thing: 'pod',
    things: 'pods',
    allow: { action: 'READ', subject: subjectOf(podKind) },
    type: podCountsRef,
    list: list as never,
    kindsOf: () => [podKind],
    wordsOf: wordsOfPod as never,
    args: (t) => ({
      reasons: t.int({
        required: true,
        defaultValue: 20,
        description: `How many reasons to tell, the most frequent ones first, 0 to ${mostReasons}.`,
      }),
    }),
    checkArgs({ reasons }) {
      if (reasons >= 0 && reasons <= mostReasons) return;
      throw new RequestError('BAD_USER_INPUT', `reasons must be 0 to ${mostReasons}, got ${reasons}`);
    },
    toCounts: (rows, { reasons }) => toPodCounts(rows, reasons),
  });
}

function registerTypes(builder: LongshoreBuilder): void {
  builder.objectType(phaseRef, {
    description: 'How many pods are in one phase.',
    fields: (t) => ({
      phase: t.field({ type: named('PodPhase'), description: 'The phase.', resolve: ({ phase }) => phase as never }),
      count: t.exposeInt('count', { description: 'Pods in it.' }),
    }),
  });
  builder.objectType(reasonRef, {
    description: 'How many pods have one reason.',
    fields: (t) => ({
      reason: t.exposeString('reason', { description: 'The word that kubectl shows, as `Pod.reason`.' }),
      count: t.exposeInt('count', { description: 'Pods with it.' }),
    }),
  });
  builder.objectType(clusterRef, {
    description: 'How many pods are in one cluster.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      count: t.exposeInt('count', { description: 'Pods in it.' }),
      ready: t.exposeInt('ready', { description: 'Those of them that are ready.' }),
      byPhase: byPhase(t),
    }),
  });
  builder.objectType(podCountsRef, {
    description: 'How many pods there are and how they do.',
    fields: (t) => ({
      total: t.exposeInt('total', { description: 'All of them.' }),
      ready: t.exposeInt('ready', { description: 'Those whose condition Ready is true.' }),
      byPhase: byPhase(t),
      byReason: t.field({
        type: [reasonRef],
        description: 'By the word that kubectl shows, the most frequent first.',
        resolve: (counts) => [...counts.byReason],
      }),
      byCluster: t.field({
        type: [clusterRef],
        description: 'By cluster and its name, of those that have any.',
        resolve: (counts) => [...counts.byCluster],
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters whose pods are not counted, or as they were last seen, and why.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
}

function byPhase<T extends { readonly byPhase: readonly PodPhaseCount[] }>(t: FieldBuilder<T>) {
  return t.field({
    type: [phaseRef],
    description: 'By phase, of those that there are any in.',
    resolve: (counts: T) => [...counts.byPhase],
  } as never) as never;
}
