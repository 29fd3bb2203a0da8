import type { PodObject } from '../../api.ts';
import { amountsOf } from './metered-pod.ts';

interface Estimated {
  readonly kind: string;
  readonly spec?: {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly completions?: number;
    readonly suspend?: boolean;
    readonly template?: { readonly spec?: PodObject['spec'] };
  };
}

/** What a workload will be metered at once all its pods run; undefined where their number depends on nodes or times. */
export function metersOf(workload: object): { readonly millicores: number; readonly memoryKib: number } | undefined {
  const { kind, spec = {} } = workload as Estimated;
  if (kind === 'Pod') return amountsOf(workload as PodObject);
  const count = podsOf(kind, spec);
  if (count === undefined) return undefined;
  const { millicores, memoryKib } = amountsOf({ ...(spec.template?.spec ? { spec: spec.template.spec } : {}) });
  return { millicores: millicores * count, memoryKib: memoryKib * count };
}

function podsOf(kind: string, spec: NonNullable<Estimated['spec']>): number | undefined {
  if (kind === 'DaemonSet' || kind === 'CronJob') return undefined;
  if (kind !== 'Job') return spec.replicas ?? 1;
  if (spec.suspend) return 0;
  return Math.min(spec.parallelism ?? 1, spec.completions ?? Number.POSITIVE_INFINITY);
}
