import type { ResourceQuotaObject } from 'longshore/plugins/core';
import type { QuotaShortage } from 'longshore/sdk';
import { bytes, cores, millis, type PodNeeds, type Running, sumNeeds, units } from './pod-needs.ts';
import { countsPod, type ScopedSpec } from './scopes.ts';

/** A pod as quotas count it. */
export interface CountedPod {
  readonly spec: ScopedSpec;
  readonly needs: PodNeeds;
}

/** What a release, or a new workload, takes from the quotas of its namespace. */
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

/** Items of a ResourceQuota (core/v1) that pods and their workloads take of. */
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
  'count/daemonsets.apps': count('DaemonSets'),
  'count/jobs.batch': count('Jobs'),
  'count/cronjobs.batch': count('CronJobs'),
};

/** What a pod can ask for beside CPU and memory, under both names that quotas have for it. */
function itemOf(resource: string): Item | undefined {
  if (Object.hasOwn(items, resource)) return items[resource];
  const name = resource.replace(/^requests\./, '');
  if (name === 'ephemeral-storage' || name.startsWith('hugepages-')) return { ...memory, words: name };
  return name !== resource && name.includes('/') && !name.includes('.storageclass.') ? count(name) : undefined;
}

/** A shortage, the quota that it is of, and both in words. */
export interface FoundShortage extends QuotaShortage {
  readonly of: ResourceQuotaObject;
  /** `Quota 'limits' has 1 of 4 pods left, and 2 more are needed: 1 are missing`. */
  readonly message: string;
}

/**
 * What quotas have too little left for (CMP-33, CMP-34, REL-18), with the amount that is missing. A quota for some pods only counts those that its
 * scopes match, among them pods of a PriorityClass; of one whose scopes are not known here nothing is said: the cluster itself knows those. Pure.
 */
export function quotaShortages(quotas: readonly ResourceQuotaObject[], demand: QuotaDemand): readonly FoundShortage[] {
  return quotas.flatMap((quota) => {
    const { spec: scopes = {} } = quota;
    if (countsPod(scopes, demand.pod.spec) !== true) return [];
    const counted = demand.running.filter(({ spec }) => countsPod(scopes, spec) === true);
    const running = { count: counted.length, needs: sumNeeds(counted.map(({ needs }) => needs)) };
    const added = addedBy({ ...demand, pod: demand.pod.needs, running });
    // One that was made a moment ago has not been measured yet.
    const { hard: all = scopes.hard ?? {}, used = {} } = quota.status ?? {};
    const told = new Set<string>();
    return Object.entries(all).flatMap(([resource, hard]): readonly FoundShortage[] => {
      const item = itemOf(resource);
      if (!item || told.has(item.words)) return [];
      const wanted = added[resource] ?? 0;
      const free = Math.max(0, item.read(hard) - item.read(used[resource]));
      if (wanted <= free) return [];
      told.add(item.words);
      const [left, needed, missing] = [item.say(free), item.say(wanted), item.say(wanted - free)];
      const { name } = quota.metadata;
      const message = `Quota '${name}' has ${left} of ${hard} ${item.words} left, and ${needed} more are needed: ${missing} are missing`;
      return [{ of: quota, quota: name, resource, hard, left, needed, missing, message }];
    });
  });
}

/** What is needed beyond what is in use now, at the widest moment. */
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
