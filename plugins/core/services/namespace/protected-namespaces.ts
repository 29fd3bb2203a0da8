import { PreconditionError } from 'longshore/sdk';

/** Without these a cluster does not work, or the cluster makes them again at once. */
const protectedNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default']);

/** Throws `PreconditionError` PROTECTED_NAMESPACE for the cluster's own namespaces. */
export function refuseProtectedNamespace(name: string): void {
  if (!protectedNamespaces.has(name)) return;
  throw new PreconditionError(
    'PROTECTED_NAMESPACE',
    `Namespace '${name}' belongs to the cluster itself and is never deleted here`,
  );
}
