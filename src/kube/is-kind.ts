import type { KindRef } from './kind-ref.ts';
import { type KubeObject, origin } from './kube-object.ts';

/** Whether an object is of this kind, whatever its version. */
export function isKind<T>(
  object: KubeObject<unknown>,
  kind: KindRef<T>,
): object is KubeObject<T> & KubeObject<unknown> {
  const from = object[origin];
  return from.kind === kind.kind && from.group === kind.group;
}

/** One kind in one version and resource: what caches and request memories are keyed by. */
export function kindKey(kind: Pick<KindRef, 'group' | 'version' | 'plural'>): string {
  return `${kind.group}/${kind.version}/${kind.plural}`;
}
