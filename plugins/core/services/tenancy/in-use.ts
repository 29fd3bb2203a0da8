import { encodeGlobalId } from 'longshore/sdk';
import type { NamespaceBinding } from '../../api.ts';

/** As many of each kind are named; a list in an answer must have an end. */
export const maxReferences = 100;

/** Global ids of the namespaces. */
export function idsOfBindings(bindings: readonly Pick<NamespaceBinding, 'cluster' | 'namespace'>[]): readonly string[] {
  return bindings.map(({ cluster, namespace: name }) =>
    encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'Namespace', namespace: undefined, name }),
  );
}
