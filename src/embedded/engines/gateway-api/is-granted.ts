import type { ReferenceGrant } from './kinds.ts';

export interface Reference {
  readonly from: { readonly group: string; readonly kind: string; readonly namespace: string };
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Whether a reference may be followed: inside one namespace always, else by a ReferenceGrant beside its target. */
export function isGranted({ from, to }: Reference, grants: readonly ReferenceGrant[]): boolean {
  if (from.namespace === to.namespace) return true;
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some(
        ({ group, kind, namespace }) => group === from.group && kind === from.kind && namespace === from.namespace,
      ) &&
      spec.to.some(
        ({ group, kind, name }) => group === to.group && kind === to.kind && (name === undefined || name === to.name),
      ),
  );
}
