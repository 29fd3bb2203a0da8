import type { KindRef } from './kind-ref.ts';
import type { KubeObject } from './kube-object.ts';

/** A kind that a plugin reads: watched from the start and answered from memory, with indexes for `byIndex`. */
export interface DeclaredKind<T = unknown> {
  readonly kind: KindRef<T>;
  /** By name of the index: the keys under which an object stands in it, e.g. `node: (pod) => [pod.spec.nodeName]`. */
  readonly indexes?: Readonly<Record<string, (object: KubeObject<T>) => readonly string[]>>;
}

/** Checks a declaration's indexes against the kind's objects and gives it the common type. */
export function declareKind<T>(declared: DeclaredKind<T>): DeclaredKind {
  return declared as DeclaredKind<unknown>;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Kubernetes kinds that the plugin reads; several plugins may declare one kind, each with its own indexes. */
    readonly kinds?: readonly DeclaredKind[];
  }
}
