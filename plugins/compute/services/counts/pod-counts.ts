import { origin } from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import { isPodReady, type PodPhase, phaseOf, podPhases } from '../pod-facts.ts';
import { podSummary } from '../pod-summary.ts';
import { type CountRow, countsInOrder, rowsBy, sumOf } from './tally.ts';

export interface PodPhaseCount {
  readonly phase: PodPhase;
  readonly count: number;
}

/** How many pods there are, by what a console shows of them. */
export interface PodCounts {
  readonly total: number;
  readonly ready: number;
  readonly byPhase: readonly PodPhaseCount[];
  /** The most frequent first, then by the word. */
  readonly byReason: readonly { readonly reason: string; readonly count: number }[];
  readonly byCluster: readonly {
    readonly cluster: string;
    readonly count: number;
    readonly ready: number;
    readonly byPhase: readonly PodPhaseCount[];
  }[];
}

/** Under which words a pod is counted. */
export function wordsOfPod(pod: PodObject): readonly string[] {
  return [pod[origin].cluster, phaseOf(pod), podSummary(pod).reason, isPodReady(pod) ? 'ready' : ''];
}

/** `reasons`: how many of them to tell. */
export function toPodCounts(rows: readonly CountRow[], reasons: number): PodCounts {
  const byReason = [...rowsBy(rows, 2)].map(([reason, group]) => ({ reason, count: sumOf(group) }));
  byReason.sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
  return {
    total: sumOf(rows),
    ready: readyOf(rows),
    byPhase: byPhase(rows),
    byReason: byReason.slice(0, reasons),
    byCluster: [...rowsBy(rows, 0)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([cluster, group]) => ({
        cluster,
        count: sumOf(group),
        ready: readyOf(group),
        byPhase: byPhase(group),
      })),
  };
}

const phases = Object.values(podPhases);

function byPhase(rows: readonly CountRow[]): readonly PodPhaseCount[] {
  return countsInOrder(rows, 1, phases).map(({ word, count }) => ({ phase: word, count }));
}

function readyOf(rows: readonly CountRow[]): number {
  return sumOf(rowsBy(rows, 3).get('ready') ?? []);
}
