import {
  AnswerError,
  type Cluster,
  ConflictError,
  dryRunTicket,
  type KindRef,
  type OperationHandle,
  patchAsRead,
  type RequestContext,
  readLive,
  sleep,
  systemPrincipal,
} from 'longshore/sdk';
import { parseCidr, printCidr } from './cidr.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import type { PlannedSubnet, StandingSubnet } from './plan-subnets.ts';

/**
 * Places of subnets that are about to be made, on their VPC: whoever plans the next ones writes theirs beside these, on the version of the
 * VPC that was read, so that of two requests at one moment, in whatever replicas, the second sees what the first has taken (NET-25).
 */
export const reservationsAnnotation = 'longshore.dev/reserved-subnets';

/** How long a place is kept for a request that broke off before it told. */
const keptForMs = 300_000;
/** How long a place is told of beside its subnet: no cache of any replica is behind for so long without being known as stale. */
const toldForMs = 600_000;
/** Times that a VPC which never stands still is read again, each time as often as `patchAsRead` does. */
const maxRounds = 8;

export interface Reservation {
  /** Name of the object. */
  readonly name: string;
  readonly cidr: string;
  /** The operation that makes it. */
  readonly by: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** The subnet was made: where it is not there any more, it was deleted. */
  readonly isMade: boolean;
}

/** What a VPC has reserved; anything that is none is left out. */
export function reservationsOf({ metadata }: Pick<VpcObject, 'metadata'>): readonly Reservation[] {
  try {
    const read: unknown = JSON.parse(metadata.annotations?.[reservationsAnnotation] ?? '[]');
    return Array.isArray(read) ? read.filter(isReservation) : [];
  } catch {
    return [];
  }
}

function isReservation(value: unknown): value is Reservation {
  const { name, cidr, by, at, isMade } = (value ?? {}) as Partial<Reservation>;
  if ([name, cidr, by].some((text) => typeof text !== 'string')) return false;
  return parseCidr(cidr ?? '') !== undefined && typeof at === 'number' && typeof isMade === 'boolean';
}

/** What a VPC says of places that an operation takes. */
export function printReservations(reservations: readonly Reservation[]): Readonly<Record<string, string>> {
  return { [reservationsAnnotation]: JSON.stringify(reservations) };
}

export function reserve(planned: readonly NamedSubnet[], by: string, at: number): readonly Reservation[] {
  return planned.map(({ objectName: name, network }) => ({ name, cidr: printCidr(network), by, at, isMade: false }));
}

/** A subnet whose object has its name. */
export interface NamedSubnet extends PlannedSubnet {
  readonly objectName: string;
}

export interface KnownSubnet extends StandingSubnet {
  readonly objectName: string;
}

/** Where subnets are made, and by which operation. */
export interface Place {
  readonly cluster: Cluster;
  readonly vpc: VpcObject;
  readonly ticket: OperationHandle;
  readonly context: RequestContext;
}

/**
 * Finds places for subnets and takes them, as the VPC is at that moment. `planOf` is given the places that are reserved beside the subnets
 * that are known by name, and throws what stands against it. Throws `ConflictError` where the VPC never stands still.
 */
export async function reserveSubnets(
  place: Place,
  standing: () => Promise<readonly KnownSubnet[]>,
  planOf: (standing: readonly KnownSubnet[]) => readonly NamedSubnet[],
): Promise<{ readonly planned: readonly NamedSubnet[]; readonly vpc: VpcObject }> {
  const { ticket, context } = place;
  let planned: readonly NamedSubnet[] = [];
  const decide = async (vpc: VpcObject): Promise<object> => {
    const there = await standing();
    const known = new Set(there.map(({ objectName }) => objectName));
    const kept = await countingOf(vpc, known, place);
    const unseen = kept.filter(({ name }) => !known.has(name));
    const reserved = unseen.map(({ name, cidr }) => ({
      name: 'that is being made',
      objectName: name,
      networks: [parseCidr(cidr) ?? []].flat(),
    }));
    planned = planOf([...there, ...reserved]);
    return patchTo([...kept, ...reserve(planned, ticket.id ?? '', context.clock.now())]);
  };
  let { vpc } = place;
  if (ticket.isDryRun) await decide(vpc);
  else vpc = await patchVpc(place, decide);
  return { planned, vpc };
}

/** Tells which of the reserved places have a subnet now; the others are free again. Answers the VPC as it is then. */
export async function settleReservations(place: Place, made: readonly SubnetObject[]): Promise<VpcObject> {
  const { ticket, vpc } = place;
  if (ticket.isDryRun) return vpc;
  const names = new Set(made.map(({ metadata }) => metadata.name));
  const settled = (current: VpcObject): object =>
    patchTo(
      reservationsOf(current).flatMap((each) => {
        if (each.by !== ticket.id) return [each];
        return names.has(each.name) ? [{ ...each, isMade: true }] : [];
      }),
    );
  try {
    return await patchVpc(place, settled);
  } catch (error) {
    // The subnets are what was asked for; places that nobody tells of are free again by themselves.
    if (!(error instanceof AnswerError)) throw error;
    return vpc;
  }
}

const patchTo = (reservations: readonly Reservation[]): object => ({
  metadata: { annotations: printReservations(reservations) },
});

/** Those that still count: their subnets are there, if only seen by other replicas, or may still come. */
async function countingOf(
  vpc: VpcObject,
  known: ReadonlySet<string>,
  { cluster, context }: Place,
): Promise<readonly Reservation[]> {
  const counting: Reservation[] = [];
  for (const each of reservationsOf(vpc)) {
    const age = context.clock.now() - each.at;
    const isKnown = known.has(each.name) && age < toldForMs;
    const mayCome = !each.isMade && age < keptForMs;
    if (isKnown || mayCome || (!known.has(each.name) && (await isThere(cluster, each.name)))) counting.push(each);
  }
  return counting;
}

/** Whether a subnet is there at this moment, whatever caches say. */
async function isThere(cluster: Cluster, name: string): Promise<boolean> {
  const reason = 'looks whether a subnet is there whose place was reserved';
  return (await readLive(cluster.writer(systemPrincipal, { reason }), subnetKind, undefined, name)) !== undefined;
}

async function patchVpc(
  { cluster, vpc, ticket, context }: Place,
  patchOf: (vpc: VpcObject) => Promise<object> | object,
): Promise<VpcObject> {
  const { name, uid } = vpc.metadata;
  const writer = cluster.writer(context.principal);
  const readAgain = async (): Promise<VpcObject> =>
    (await writer.patch(dryRunTicket, vpcKind, undefined, name, {}, { uid })).object;
  let object = vpc;
  for (let round = 1; ; round += 1) {
    try {
      const write = (patch: object, resourceVersion: string) =>
        writer.patch(ticket, vpcKind as KindRef, undefined, name, patch, { uid, resourceVersion });
      return (await patchAsRead({ object, patchOf, write, readLive: readAgain })).object as VpcObject;
    } catch (error) {
      const isStale = error instanceof ConflictError && error.managers.length === 0;
      if (!isStale || round === maxRounds) throw error;
      // Whoever came first goes first.
      await sleep(context.clock, round * 10, context.signal);
      object = await readAgain();
    }
  }
}
