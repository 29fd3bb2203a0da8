import { encodeGlobalId, type OperationTarget } from 'longshore/sdk';

export const idOfNamespace = (cluster: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'Namespace', namespace: undefined, name });

/** A namespace as operation records name it. It lies in itself: who works in it sees what became of it. */
export const namespaceTarget = (cluster: string, name: string): OperationTarget => ({
  plugin: 'core',
  type: 'Namespace',
  id: idOfNamespace(cluster, name),
  cluster,
  namespace: name,
  kind: 'Namespace',
  name,
});
