import type { ClusterState } from './cluster.ts';
import type { Discovery } from './discovery/create-discovery.ts';
import type { ClusterTransport } from './transport/cluster-transport.ts';
import { reasonOf } from './transport/reason-of.ts';
import type { Watches } from './watch/create-watches.ts';

/** The state of a cluster and, where it is not well, one sentence that says why. */
export function describeClusterState(
  name: string,
  transport: Pick<ClusterTransport, 'isReachable' | 'problem'>,
  discovery: Pick<Discovery, 'isSettled' | 'isKnown' | 'lastError' | 'brokenGroups'>,
  watches: Pick<Watches, 'all'>,
): { readonly state: ClusterState; readonly problem: string | undefined } {
  if (!transport.isReachable)
    return { state: 'UNREACHABLE', problem: `Cluster '${name}' does not answer: ${transport.problem}` };
  if (!discovery.isSettled) return { state: 'CONNECTING', problem: undefined };
  if (!discovery.isKnown)
    return { state: 'UNREACHABLE', problem: discovery.lastError && reasonOf(discovery.lastError) };
  const problem =
    (discovery.lastError && reasonOf(discovery.lastError)) ??
    (discovery.brokenGroups.length > 0
      ? `The servers of these APIs do not answer: ${discovery.brokenGroups.join(', ')}.`
      : undefined) ??
    describeWatches(watches);
  return { state: problem === undefined ? 'READY' : 'DEGRADED', problem };
}

function describeWatches(watches: Pick<Watches, 'all'>): string | undefined {
  const stale: string[] = [];
  const forbidden: string[] = [];
  for (const watch of watches.all) {
    if (watch.state === 'STALE') stale.push(watch.kind.plural);
    if (watch.state === 'FORBIDDEN') forbidden.push(watch.kind.plural);
  }
  if (stale.length > 0) return `The watches of these kinds are broken: ${stale.join(', ')}.`;
  if (forbidden.length > 0) return `The gateway may not list these kinds: ${forbidden.join(', ')}.`;
  return undefined;
}
