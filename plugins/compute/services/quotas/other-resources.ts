import { unitsOf } from '../amounts.ts';

type Amounts = Readonly<Record<string, number>>;

const combine =
  (how: (one: number, other: number) => number) =>
  (one: Amounts = {}, other: Amounts = {}): Amounts => {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return Object.fromEntries([...names].map((name) => [name, how(one[name] ?? 0, other[name] ?? 0)]));
  };
/** Two amounts of each resource together. */
export const added = combine((one, other) => one + other);
/** The greater amount of each resource. */
const greater = combine(Math.max);

interface Container {
  readonly restartPolicy?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}
interface Template {
  readonly spec?: { readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] };
}

/** What one container asks for beside CPU and memory; where it says a limit alone, that is its request too (core/v1). */
function requestsOf({ resources: { requests = {}, limits = {} } = {} }: Container): Readonly<Record<string, number>> {
  const all = Object.entries({ ...limits, ...requests }).filter(([name]) => name !== 'cpu' && name !== 'memory');
  return Object.fromEntries(all.map(([name, quantity]) => [name, unitsOf(quantity) ?? 0]));
}

/**
 * What a pod asks for beside CPU and memory, by name, as the scheduler counts: its containers together with init containers that go on running,
 * or an init container where that alone is more. Pure.
 */
export function otherResourcesOf(template: object): Readonly<Record<string, number>> {
  const { containers = [], initContainers = [] } = (template as Template).spec ?? {};
  let beside: Readonly<Record<string, number>> = {};
  let most: Readonly<Record<string, number>> = {};
  for (const container of initContainers) {
    const own = added(beside, requestsOf(container));
    if (container.restartPolicy === 'Always') beside = own;
    most = greater(most, own);
  }
  return greater(
    most,
    containers.reduce((total, each) => added(total, requestsOf(each)), beside),
  );
}
