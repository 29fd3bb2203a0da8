import { origin } from 'longshore/sdk';
import type { NodeObject } from '../../api.ts';
import { isNodeReady, isNodeSchedulable } from '../node-facts.ts';
import { isNodeHealthy } from '../overview/node-anomalies.ts';
import { type CountRow, rowsBy, sumOf } from './tally.ts';

interface Share {
  readonly total: number;
  readonly ready: number;
  readonly healthy: number;
  readonly schedulable: number;
}

/** How many nodes there are and how they do. */
export interface NodeCounts extends Share {
  readonly byCluster: readonly (Share & { readonly cluster: string })[];
}

/** Under which words a node is counted. */
export function wordsOfNode(node: NodeObject): readonly string[] {
  const word = (is: boolean) => (is ? 'yes' : 'no');
  return [node[origin].cluster, word(isNodeReady(node)), word(isNodeHealthy(node)), word(isNodeSchedulable(node))];
}

/** Clusters by name, of those that have any. */
export function toNodeCounts(rows: readonly CountRow[]): NodeCounts {
  return {
    ...shareOf(rows),
    byCluster: [...rowsBy(rows, 0)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([cluster, group]) => ({ cluster, ...shareOf(group) })),
  };
}

function shareOf(rows: readonly CountRow[]): Share {
  const count = (index: number) => sumOf(rowsBy(rows, index).get('yes') ?? []);
  return { total: sumOf(rows), ready: count(1), healthy: count(2), schedulable: count(3) };
}
