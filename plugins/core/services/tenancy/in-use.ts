import type { NamespaceBinding } from '../../api.ts';
import { idOfNamespace } from '../namespace/namespace-target.ts';

/** As many of each kind are named; a list in an answer must have an end. */
export const maxReferences = 100;

/** Global ids of the namespaces. */
export function idsOfBindings(bindings: readonly Pick<NamespaceBinding, 'cluster' | 'namespace'>[]): readonly string[] {
  return bindings.map(({ cluster, namespace }) => idOfNamespace(cluster, namespace));
}

/** `1 project and 2 namespaces`: what there is, in words; a hundred may be more, since no more are read. */
export function sayContents(counts: Readonly<Partial<Record<'department' | 'project' | 'namespace', number>>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) =>
      count === 1 ? `1 ${what}` : `${count === maxReferences ? 'at least ' : ''}${count} ${what}s`,
    )
    .join(' and ');
}
