import { parseQuantity } from 'longshore/sdk';
import { disksAnnotation, flavorAnnotation, type ManagedClusterObject } from './kinds.ts';

/** What machines use of a quota (CMP-05), as it is named in a ResourceQuota of the management namespace. */
export const quotaItems = {
  MACHINES: 'count/machines.cluster.x-k8s.io',
  CLUSTERS: 'count/clusters.cluster.x-k8s.io',
  VCPUS: 'longshore.dev/vcpus',
  MEMORY_GIB: 'longshore.dev/memory-gib',
  VOLUMES: 'longshore.dev/volumes',
  VOLUME_GIB: 'longshore.dev/volume-gib',
} as const;
export type QuotaItemName = keyof typeof quotaItems;
export type Demand = Readonly<Record<QuotaItemName, number>>;

const words: Readonly<Record<QuotaItemName, string>> = {
  MACHINES: 'machines',
  CLUSTERS: 'clusters',
  VCPUS: 'vCPU',
  MEMORY_GIB: 'memory in GiB',
  VOLUMES: 'volumes',
  VOLUME_GIB: 'volume capacity in GiB',
};

export interface QuotaEffect {
  readonly item: QuotaItemName;
  readonly used: number;
  readonly requested: number;
  readonly limit: number;
  /** What is left before it; never below 0. */
  readonly remaining: number;
  readonly isExceeded: boolean;
}

type Sized = {
  readonly replicas?: number;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
};

/** What a Cluster's topology asks for; a group of an open number asks for none yet. */
export function demandOf({ spec }: Pick<ManagedClusterObject, 'spec'>): Demand {
  const { controlPlane, workers } = spec?.topology ?? {};
  const groups: readonly Sized[] = [...(controlPlane ? [controlPlane] : []), ...(workers?.machineDeployments ?? [])];
  const parts = groups.map(demandOfGroup);
  const sum = (item: QuotaItemName) => parts.reduce((total, part) => total + part[item], 0);
  return {
    MACHINES: sum('MACHINES'),
    CLUSTERS: 1,
    VCPUS: sum('VCPUS'),
    MEMORY_GIB: sum('MEMORY_GIB'),
    VOLUMES: sum('VOLUMES'),
    VOLUME_GIB: sum('VOLUME_GIB'),
  };
}

function demandOfGroup({ replicas = 0, metadata }: Sized): Demand {
  const [, cores = '0', memory = '0'] =
    /^(\d+)C-([\d.]+)GiB$/.exec(metadata?.annotations?.[flavorAnnotation] ?? '') ?? [];
  const disks = (metadata?.annotations?.[disksAnnotation] ?? '').split(',').filter(Boolean).map(Number);
  return {
    MACHINES: replicas,
    CLUSTERS: 0,
    VCPUS: replicas * Number(cores),
    MEMORY_GIB: replicas * Number(memory),
    VOLUMES: replicas * disks.length,
    VOLUME_GIB: replicas * disks.reduce((sum, size) => sum + size, 0),
  };
}

export const moreThan = (after: Demand, before: Demand): Demand =>
  Object.fromEntries(
    Object.entries(after).map(([item, value]) => [item, value - before[item as QuotaItemName]]),
  ) as Demand;

/**
 * The effect on each item that some quota limits: the tightest one counts. What the cluster itself counts it says in `status.used`; what only the platform
 * knows is counted by the Clusters that are there.
 */
export function effectOnQuotas(
  wanted: Demand,
  there: readonly Demand[],
  quotas: readonly {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  }[],
): readonly QuotaEffect[] {
  return (Object.keys(quotaItems) as QuotaItemName[]).flatMap((item) => {
    const requested = wanted[item];
    const counted = there.reduce((sum, demand) => sum + demand[item], 0);
    const effects = quotas.flatMap(({ hard, used }): QuotaEffect[] => {
      const limit = numberOf(hard?.[quotaItems[item]]);
      if (limit === undefined) return [];
      // Machines that are wanted and not there yet are used up too.
      const inUse = Math.max(counted, numberOf(used?.[quotaItems[item]]) ?? 0);
      const remaining = Math.max(0, limit - inUse);
      return [{ item, used: inUse, requested, limit, remaining, isExceeded: requested > 0 && requested > remaining }];
    });
    const tightest = effects.toSorted((one, other) => one.remaining - other.remaining)[0];
    return tightest ? [tightest] : [];
  });
}

/** What is exceeded with what is left of it, in one sentence; undefined where nothing is. */
export function tellExceeded(effects: readonly QuotaEffect[]): string | undefined {
  const told = effects
    .filter(({ isExceeded }) => isExceeded)
    .map(({ item, remaining, requested }) => `${words[item]} available ${remaining}, asked for ${requested}`);
  return told.length === 0 ? undefined : `The quota of the management namespace is exceeded: ${told.join('; ')}.`;
}

function numberOf(quantity: string | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  return parseQuantity(quantity)?.value;
}

/** Public addresses of a new cluster: those of its masters, one of the default router, one of a default load balancer (CMP-06). */
export const publicIpCount = (masters: number, hasPublicIp: boolean): number => (hasPublicIp ? masters : 0) + 2;
