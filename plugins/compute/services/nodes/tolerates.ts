import type { NodeObject, PodObject } from '../../api.ts';

export type Taint = NonNullable<NonNullable<NodeObject['spec']>['taints']>[number];
type Toleration = NonNullable<NonNullable<PodObject['spec']>['tolerations']>[number];

/** Whether the pod puts up with the taint, for however long (`ToleratesTaint` in k8s.io/component-helpers). */
export function toleratesTaint({ spec }: PodObject, taint: Taint): boolean {
  return (spec?.tolerations ?? []).some((toleration) => isAbout(toleration, taint));
}

function isAbout({ key, operator = 'Equal', value, effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  // Without a key only Exists is about anything.
  return operator === 'Equal' && Boolean(key) && (value ?? '') === (taint.value ?? '');
}

/** Whether pods that run there already have to go because of the taint. Those that go later count, too. */
export function hasToGo(pod: PodObject, taint: Taint): boolean {
  if (taint.effect !== 'NoExecute') return false;
  const used = (pod.spec?.tolerations ?? []).filter((toleration) => isAbout(toleration, taint));
  return !used.some(({ tolerationSeconds }) => tolerationSeconds === undefined || tolerationSeconds === null);
}
