import type { QuotaItem } from '../../../api.ts';

/** How an item is counted. */
interface QuotaItemSpec {
  /** Its name in a ResourceQuota (`core/v1`). */
  readonly resource: string;
  /** Cores in thousandths, bytes, or a plain count. */
  readonly unit: 'cores' | 'bytes' | 'count';
  /** In the middle of a sentence. */
  readonly words: string;
}

/** What a quota can limit, as a cluster counts it (CMP-33). */
export const quotaItems: Readonly<Record<QuotaItem, QuotaItemSpec>> = {
  cpu: { resource: 'requests.cpu', unit: 'cores', words: 'CPU' },
  memory: { resource: 'requests.memory', unit: 'bytes', words: 'memory' },
  storage: { resource: 'requests.storage', unit: 'bytes', words: 'storage' },
  persistentVolumeClaims: {
    resource: 'count/persistentvolumeclaims',
    unit: 'count',
    words: 'PersistentVolumeClaims',
  },
  pods: { resource: 'pods', unit: 'count', words: 'pods' },
  deployments: { resource: 'count/deployments.apps', unit: 'count', words: 'Deployments' },
  statefulSets: { resource: 'count/statefulsets.apps', unit: 'count', words: 'StatefulSets' },
  jobs: { resource: 'count/jobs.batch', unit: 'count', words: 'Jobs' },
  cronJobs: { resource: 'count/cronjobs.batch', unit: 'count', words: 'CronJobs' },
  configMaps: { resource: 'count/configmaps', unit: 'count', words: 'ConfigMaps' },
  secrets: { resource: 'count/secrets', unit: 'count', words: 'Secrets' },
  services: { resource: 'count/services', unit: 'count', words: 'Services' },
  ingresses: { resource: 'count/ingresses.networking.k8s.io', unit: 'count', words: 'Ingresses' },
};

export const quotaItemNames = Object.keys(quotaItems) as readonly QuotaItem[];
