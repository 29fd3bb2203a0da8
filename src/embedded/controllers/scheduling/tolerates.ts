import type { Taint, Toleration } from '../kubernetes-shapes.ts';

/** Whether some toleration accepts the taint. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => isTolerating(toleration, taint));
}

export function isTolerating(toleration: Toleration, taint: Taint): boolean {
  if ((toleration.effect ?? '') !== '' && toleration.effect !== taint.effect) return false;
  const exists = toleration.operator === 'Exists';
  if ((toleration.key ?? '') === '') return exists;
  return toleration.key === taint.key && (exists || (toleration.value ?? '') === (taint.value ?? ''));
}
