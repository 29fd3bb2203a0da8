import type { PodNeeds } from './amounts.ts';
import { error, type PreflightFinding, warning } from './finding.ts';

/** What a node has left for pods now. */
export interface FreeNode {
  readonly name: string;
  readonly freeMillicores: number;
  readonly freeBytes: number;
  readonly freePods: number;
  /** What pods of this service in this unit hold of it, which is free again once they are replaced. */
  readonly own: PodNeeds & { readonly count: number };
}

/** What a release asks of the nodes of one unit. */
export interface UnitRoom {
  readonly unit: string;
  /** Nodes that take such pods at all. */
  readonly nodes: readonly FreeNode[];
  /** One new pod. */
  readonly pod: PodNeeds;
  /** Pods that shall be there in the end. */
  readonly replicas: number;
  /** Pods of the service that are there now. */
  readonly running: number;
  /** New pods beside all that run, at the widest moment. */
  readonly surge: number;
  /** Whether the pods that run stay where they are. */
  readonly keepsPods: boolean;
}

/** How many such pods nodes have room for; all are alike, so it comes out exact. Pure. */
export function roomFor(pod: PodNeeds, nodes: readonly FreeNode[], withoutOwn: boolean): number {
  return nodes.reduce((total, { freeMillicores, freeBytes, freePods, own }) => {
    const back = withoutOwn ? own : { cpuRequestMillicores: 0, memoryRequestBytes: 0, count: 0 };
    const fits = Math.min(
      times(freeMillicores + back.cpuRequestMillicores, pod.cpuRequestMillicores),
      times(freeBytes + back.memoryRequestBytes, pod.memoryRequestBytes),
      freePods + back.count,
    );
    return total + Math.max(0, fits);
  }, 0);
}

const times = (free: number, each: number): number => (each <= 0 ? Number.POSITIVE_INFINITY : Math.floor(free / each));

/**
 * Whether the nodes of a unit have room (REL-18): for what comes on top while old pods still run, and for all of them in the end. A unit without
 * nodes is an error; too little room is a warning, as nodes may be added while pods wait. Pure.
 */
export function checkRoom({
  unit,
  nodes,
  pod,
  replicas,
  running,
  surge,
  keepsPods,
}: UnitRoom): readonly PreflightFinding[] {
  if (replicas === 0) return [];
  const where = unit === '' ? 'the cluster' : `deployment unit '${unit}'`;
  if (nodes.length === 0) {
    return [error('UNIT_WITHOUT_NODES', `No node of ${where} takes pods of this service now`, { unit })];
  }
  const added = Math.max(0, replicas - running) + surge;
  const moments = [
    { pods: added, room: roomFor(pod, nodes, false) },
    // What is replaced needs room of its own size once the old pod is gone.
    ...(keepsPods ? [] : [{ pods: replicas, room: roomFor(pod, nodes, true) }]),
  ];
  const short = moments.filter(({ pods, room }) => room < pods).sort((a, b) => a.room - a.pods - (b.room - b.pods))[0];
  if (!short) return [];
  const message = `The nodes of ${where} have room for ${short.room} of ${short.pods} pods now: the others would wait for it`;
  return [warning('NO_ROOM', message, { unit })];
}
