import type { Deployment, ReplicaSet } from './kubernetes-shapes.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';

type Annotations = Readonly<Record<string, string>>;

/** Annotations that belong to one object and are not carried from the Deployment to its ReplicaSets. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The revision a ReplicaSet stands for; 0 when it says none. */
export function revisionOf(set: ReplicaSet): number {
  const revision = Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
}

/** The annotations of the current ReplicaSet: those of the Deployment, and its revision with the ones it had before. */
export function revisionAnnotations(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: number,
): Annotations {
  const inherited = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name)),
  );
  const present = set?.metadata.annotations ?? {};
  const before = set === undefined ? 0 : revisionOf(set);
  if (before >= revision) return { ...present, ...inherited };
  const history = [present[revisionHistoryAnnotation], before === 0 ? undefined : String(before)]
    .filter(Boolean)
    .join(',');
  return {
    ...present,
    ...inherited,
    [revisionAnnotation]: String(revision),
    ...(history === '' ? {} : { [revisionHistoryAnnotation]: history }),
  };
}
