import type { ResourceQuotaObject } from 'longshore/plugins/core';
import { idOfObject, type KubeObject } from 'longshore/sdk';
import { bytes, cores, millis, type PodNeeds, type Running, sum, units } from './amounts.ts';
import { error, type PreflightFinding } from './finding.ts';
import { countsPod, type ScopedSpec } from './scopes.ts';

/** A pod as quotas count it. */
export interface CountedPod {
  readonly spec: ScopedSpec;
  readonly needs: PodNeeds;
}

/** What a release takes from the quotas of its namespace. */
export interface QuotaDemand {
  /** One new pod. */
  readonly pod: CountedPod;
  readonly replicas: number;
  readonly running: readonly CountedPod[];
  /** New pods beside all that run, at the widest moment, in all units. */
  readonly surge: number;
  /** Workloads that are made anew, by their name in a quota, e.g. `count/deployments.apps`. */
  readonly workloads: Readonly<Record<string, number>>;
  /** Claims that are made anew, and the bytes that they ask for together. */
  readonly claims: number;
  readonly claimedBytes: number;
}

interface Item {
  readonly read: (quantity: string | undefined) => number;
  readonly say: (amount: number) => string;
  readonly words: string;
}

const count = (words: string): Item => ({ read: units, say: String, words });
const cpu: Item = { read: millis, say: cores, words: 'CPU requests' };
const memory: Item = { read: units, say: bytes, words: 'memory requests' };

/** Resources of a ResourceQuota (core/v1) that a release can take of. */
const items: Readonly<Record<string, Item>> = {
  pods: count('pods'),
  'count/pods': count('pods'),
  cpu,
  'requests.cpu': cpu,
  memory,
  'requests.memory': memory,
  'limits.cpu': { ...cpu, words: 'CPU limits' },
  'limits.memory': { ...memory, words: 'memory limits' },
  persistentvolumeclaims: count('claims'),
  'count/persistentvolumeclaims': count('claims'),
  'requests.storage': { read: units, say: bytes, words: 'storage' },
  'count/deployments.apps': count('Deployments'),
  'count/statefulsets.apps': count('StatefulSets'),
};

/** What a pod can ask for beside CPU and memory, under both names that quotas have for it. */
function itemOf(resource: string): Item | undefined {
  if (Object.hasOwn(items, resource)) return items[resource];
  const name = resource.replace(/^requests\./, '');
  if (name === 'ephemeral-storage' || name.startsWith('hugepages-')) return { ...memory, words: name };
  return name !== resource && name.includes('/') && !name.includes('.storageclass.') ? count(name) : undefined;
}

/**
 * What quotas have too little left for (CMP-33, REL-18), with the amount that is missing. A quota for some pods only counts those that its scopes
 * match; of one whose scopes are not known here nothing is said: the cluster's own dry run knows those. Pure.
 */
export function checkQuotas(quotas: readonly ResourceQuotaObject[], demand: QuotaDemand): readonly PreflightFinding[] {
  return quotas.flatMap((quota) => {
    const scopes = quota.spec ?? {};
    if (countsPod(scopes, demand.pod.spec) !== true) return [];
    const counted = demand.running.filter(({ spec }) => countsPod(scopes, spec) === true);
    const running = { count: counted.length, needs: sum(counted.map(({ needs }) => needs)) };
    const added = addedBy({ ...demand, pod: demand.pod.needs, running });
    const { hard = {}, used = {} } = quota.status ?? {};
    const told = new Set<string>();
    return Object.entries(hard).flatMap(([resource, most]): readonly PreflightFinding[] => {
      const item = itemOf(resource);
      if (!item || told.has(item.words)) return [];
      const needed = added[resource] ?? 0;
      const left = Math.max(0, item.read(most) - item.read(used[resource]));
      if (needed <= left) return [];
      told.add(item.words);
      const message = `Quota '${quota.metadata.name}' has ${item.say(left)} of ${most} ${item.words} left, and the release needs ${item.say(needed)} more than now: ${item.say(needed - left)} are missing`;
      return [error('QUOTA_EXCEEDED', message, { subjectId: idOfObject(quota as KubeObject) })];
    });
  });
}

/** What the release needs beyond what is in use now, at its widest moment. */
function addedBy({
  pod,
  replicas,
  running,
  surge,
  workloads,
  claims,
  claimedBytes,
}: Omit<QuotaDemand, 'pod' | 'running'> & { readonly pod: PodNeeds; readonly running: Running }): Readonly<
  Record<string, number>
> {
  const more = (each: number | undefined, now: number | undefined): number =>
    Math.max(0, replicas * (each ?? 0) - (now ?? 0)) + surge * (each ?? 0);
  const pods = Math.max(0, replicas - running.count) + surge;
  const cpuRequests = more(pod.cpuRequestMillicores, running.needs.cpuRequestMillicores);
  const memoryRequests = more(pod.memoryRequestBytes, running.needs.memoryRequestBytes);
  const others = Object.entries(pod.others ?? {}).flatMap(([name, each]) => {
    const amount = more(each, running.needs.others?.[name]);
    return [
      [name, amount],
      [`requests.${name}`, amount],
    ];
  });
  return {
    ...Object.fromEntries(others),
    ...workloads,
    pods,
    'count/pods': pods,
    cpu: cpuRequests,
    'requests.cpu': cpuRequests,
    memory: memoryRequests,
    'requests.memory': memoryRequests,
    'limits.cpu': more(pod.cpuLimitMillicores, running.needs.cpuLimitMillicores),
    'limits.memory': more(pod.memoryLimitBytes, running.needs.memoryLimitBytes),
    persistentvolumeclaims: claims,
    'count/persistentvolumeclaims': claims,
    'requests.storage': claimedBytes,
  };
}
