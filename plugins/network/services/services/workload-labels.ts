import type { V1LabelSelector, V1PodTemplateSpec } from '@kubernetes/client-node';
import { anyWorkloadKinds, type WorkloadObject } from 'longshore/plugins/compute';
import { origin, subjectOf } from 'longshore/sdk';

const subjects = new Set(anyWorkloadKinds.map(subjectOf));

export function isServable(node: unknown): node is WorkloadObject {
  if (typeof node !== 'object' || node === null || !(origin in node)) return false;
  return subjects.has(subjectOf((node as WorkloadObject)[origin]));
}

interface WorkloadSpec {
  readonly selector?: V1LabelSelector;
  readonly template?: V1PodTemplateSpec;
  readonly jobTemplate?: { readonly spec?: { readonly template?: V1PodTemplateSpec } };
}

const specOf = ({ spec }: WorkloadObject): WorkloadSpec => (spec ?? {}) as WorkloadSpec;

/** The template of its pods. */
export function podTemplateOf(workload: WorkloadObject): V1PodTemplateSpec | undefined {
  const { template, jobTemplate } = specOf(workload);
  return template ?? jobTemplate?.spec?.template;
}

/** Labels that all its pods have. */
export const podLabelsOf = (workload: WorkloadObject): Readonly<Record<string, string>> =>
  podTemplateOf(workload)?.metadata?.labels ?? {};

/**
 * Labels by which a Service finds the pods of a workload, of every version of it: those that it selects them by itself, where these are
 * equalities alone, or else all that its template gives them. Empty where its pods cannot be told.
 */
export function selectorOfWorkload(workload: WorkloadObject): Readonly<Record<string, string>> {
  const { selector } = specOf(workload);
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const isPlain = matchExpressions.length === 0 && Object.keys(matchLabels).length > 0;
  // The cluster makes up a Job's own selector for each run of it.
  const isMadeUp = Object.keys(matchLabels).some((key) => key.endsWith('controller-uid'));
  return isPlain && !isMadeUp ? matchLabels : podLabelsOf(workload);
}

/** Whether a Service sends traffic to pods with these labels; without a selector something else feeds it. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}
