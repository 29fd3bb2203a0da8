import { noNeeds, type PodNeeds } from 'longshore/plugins/compute';
import { error, type PreflightFinding, warning } from './finding.ts';
import type { SpreadPlace } from './spread.ts';

/** What a node has left for pods now. */
export interface FreeNode {
  readonly name: string;
  readonly freeMillicores: number;
  readonly freeBytes: number;
  readonly freePods: number;
  /** Of what the pods ask for beside CPU and memory. */
  readonly freeOthers?: Readonly<Record<string, number>>;
  /** Pods that they keep away from are there: no such pod goes there now. */
  readonly isClosed?: boolean;
  /** Where pods of the service keep apart from each other (`spread.ts`): one for each rule of theirs. */
  readonly places?: readonly SpreadPlace[];
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

/**
 * How many such pods nodes have room for; all are alike, so it comes out exact. Where they keep apart from each other by several rules it
 * is the least that any of them leaves: never too little. Pure.
 */
export function roomFor(pod: PodNeeds, nodes: readonly FreeNode[], withoutOwn: boolean): number {
  const rooms = nodes.map((node) => ({ node, fits: fitsOn(node, pod, withoutOwn) }));
  const rules = Math.max(0, ...nodes.map(({ places = [] }) => places.length));
  const all = rooms.reduce((total, { fits }) => total + fits, 0);
  return Math.min(all, ...Array.from({ length: rules }, (_, rule) => roomApart(rooms, rule, withoutOwn)));
}

function fitsOn(node: FreeNode, pod: PodNeeds, withoutOwn: boolean): number {
  const { freeMillicores, freeBytes, freePods, freeOthers = {}, own, isClosed } = node;
  if (isClosed) return 0;
  const back = withoutOwn ? own : { ...noNeeds, count: 0 };
  const fits = Math.min(
    times(freeMillicores + back.cpuRequestMillicores, pod.cpuRequestMillicores),
    times(freeBytes + back.memoryRequestBytes, pod.memoryRequestBytes),
    freePods + back.count,
    ...Object.entries(pod.others ?? {}).map(([name, each]) =>
      times((freeOthers[name] ?? 0) + (back.others?.[name] ?? 0), each),
    ),
  );
  return Math.max(0, fits);
}

/** One pod in each place of a rule that has none yet; nodes that are in no place of it take as many as they have room for. */
function roomApart(
  rooms: readonly { readonly node: FreeNode; readonly fits: number }[],
  rule: number,
  withoutOwn: boolean,
): number {
  const open = new Set<string>();
  let elsewhere = 0;
  for (const { node, fits } of rooms) {
    const place = node.places?.[rule];
    if (place?.domain === undefined) elsewhere += fits;
    else if (fits > 0 && !place.isTaken && (withoutOwn || !place.isTakenByOwn)) open.add(place.domain);
  }
  return elsewhere + open.size;
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
