import { meshInjectLabel } from 'longshore/plugins/compute';
import type { ReleaseTarget } from '../../engines/engine.ts';

/** Labels of pods that are in the mesh, or not. */
export const meshLabels = ({ isMeshed }: { readonly isMeshed?: boolean }): Readonly<Record<string, string>> =>
  isMeshed ? { [meshInjectLabel]: 'true' } : {};

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}
const isInjected = ({ template }: Pick<ReleaseTarget, 'template'>): boolean =>
  (template as Template).metadata?.labels?.[meshInjectLabel] === 'true';

/** A sidecar comes into a pod, and goes out of it, only when that is made: on the way in, and on the way out, pods are new ones. Pure. */
export function acrossMesh(target: ReleaseTarget, previous: ReleaseTarget | null | undefined): ReleaseTarget {
  return previous && isInjected(target) !== isInjected(previous) ? { ...target, upgradeMode: 'REPLACE' } : target;
}
