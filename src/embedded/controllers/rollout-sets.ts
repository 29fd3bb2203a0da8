import { canonicalJson } from './canonical-json.ts';
import type { RollingSet } from './decide-rolling-update.ts';
import type { Deployment, PodTemplate, ReplicaSet } from './kubernetes-shapes.ts';
import { resolveIntOrPercent } from './resolve-int-or-percent.ts';
import { revisionOf } from './revision-history.ts';

/** Names the template a ReplicaSet and its pods were made from. */
export const hashLabel = 'pod-template-hash';

export function sizeOf(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

export function availableOf(set: ReplicaSet): number {
  return set.status?.availableReplicas ?? 0;
}

export function toRollingSet(set: ReplicaSet): RollingSet {
  const existing = set.status?.replicas ?? 0;
  return { name: set.metadata.name, replicas: sizeOf(set), existing, available: availableOf(set) };
}

/** maxSurge rounds up, maxUnavailable down; both 0 would stand still, so one may be unavailable. */
export function limitsOf(deployment: Deployment): { readonly maxSurge: number; readonly maxUnavailable: number } {
  if (deployment.spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 };
  const desired = deployment.spec.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = resolveIntOrPercent(maxSurge, desired, 'up');
  const unavailable = resolveIntOrPercent(maxUnavailable, desired, 'down');
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, desired) };
}

export function hasTemplateOf(set: ReplicaSet, deployment: Deployment): boolean {
  return canonicalJson(withoutHash(set.spec.template)) === canonicalJson(withoutHash(deployment.spec.template));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

export function byAge(left: ReplicaSet, right: ReplicaSet): number {
  const [first, second] = [left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return revisionOf(left) - revisionOf(right);
}
