import type { PodTemplate } from '../../api.ts';

/** A workload as far as it says how many pods there shall be, and of what kind they are. */
export interface WorkloadManifest {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly replicas?: number | null;
    readonly template?: PodTemplate;
    readonly parallelism?: number | null;
    readonly completions?: number | null;
    readonly suspend?: boolean | null;
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  };
  readonly status?: { readonly desiredNumberScheduled?: number };
}

interface ClaimTemplate {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly resources?: { readonly requests?: { readonly storage?: string } } };
}

export interface WantedPods {
  readonly count: number;
  readonly template: PodTemplate;
  /** Claims of each pod. */
  readonly claims: readonly ClaimTemplate[];
}

/**
 * Pods that a workload wants at once; undefined where it makes none by itself: a CronJob, whose Jobs do, and a bare pod, which is one. A DaemonSet
 * that is not there yet is taken for one pod, the least that it can be. Pure.
 */
export function podsOfManifest({ kind, spec = {}, status }: WorkloadManifest): WantedPods | undefined {
  const { template, volumeClaimTemplates: claims = [] } = spec;
  if (!template || kind === 'CronJob' || kind === 'Pod') return undefined;
  return { template, claims, count: countOf(kind, spec, status) };
}

function countOf(
  kind: string | undefined,
  spec: NonNullable<WorkloadManifest['spec']>,
  status: WorkloadManifest['status'],
) {
  if (kind === 'DaemonSet') return status?.desiredNumberScheduled ?? 1;
  if (kind !== 'Job') return spec.replicas ?? 1;
  if (spec.suspend) return 0;
  return Math.min(spec.parallelism ?? 1, spec.completions ?? Number.POSITIVE_INFINITY);
}
