import { encodeGlobalId } from '../../../src/graph/global-id.ts';

/** What is made and deleted: each is an object that others may come to need. */
export type Sort =
  | 'vpc'
  | 'subnet'
  | 'natGateway'
  | 'elasticIp'
  | 'snatRule'
  | 'portRule'
  | 'instanceRule'
  | 'service'
  | 'ingress'
  | 'group'
  | 'listener'
  | 'balancer'
  | 'class'
  | 'claim'
  | 'disk'
  | 'snapshot'
  | 'pod'
  | 'deployment';

/** Something that is there. */
export interface Thing {
  readonly sort: Sort;
  readonly name: string;
  readonly id: string;
  /** What must not go before it; changes as groups are bound and disks are filled. */
  readonly needs: Set<Thing>;
  /** What takes it along. */
  readonly partOf: Thing | undefined;
  /** What else is known of it: a range, an address, a port. */
  readonly facts: Record<string, string>;
}

/** What was made and is still there, oldest first: all that is known of references, learnt from no answer of the product. */
export type Model = Set<Thing>;

export const namespace = 'proof';
export const cluster = 'main';

export function thing(sort: Sort, name: string, id: string, more: Partial<Pick<Thing, 'partOf' | 'facts'>> = {}) {
  return (...needs: readonly (Thing | undefined)[]): Thing => ({
    sort,
    name,
    id,
    needs: new Set(needs.filter((each) => each !== undefined)),
    partOf: more.partOf,
    facts: more.facts ?? {},
  });
}

export function ofSort(model: Model, ...sorts: readonly Sort[]): Thing[] {
  return [...model].filter(({ sort }) => sorts.includes(sort));
}

/** What needs it, besides what goes with it. */
export function usersOf(model: Model, used: Thing): Thing[] {
  return [...model].filter((each) => each.needs.has(used) && each.partOf !== used);
}

export function partsOf(model: Model, whole: Thing): Thing[] {
  return [...model].filter(({ partOf }) => partOf === whole);
}

/** One of several by a number of any size. */
export function pick<T>(among: readonly T[], number: number): T | undefined {
  return among[number % Math.max(among.length, 1)];
}

/** The lowest name that nothing of the sort has. */
export function freeName(model: Model, sort: Sort): string {
  const taken = new Set(ofSort(model, sort).map(({ name }) => name));
  for (let number = 0; ; number += 1) {
    const name = `${sort.toLowerCase()}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** Of what lies in no namespace where that is empty. */
export function idOf(group: string, kind: string, name: string, inside: string = namespace): string {
  return encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace: inside || undefined, name });
}
