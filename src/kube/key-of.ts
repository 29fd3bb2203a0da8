import type { KubeObject } from './kube-object.ts';

/** Key of an object within its (cluster, kind): `namespace/name`, or `/name` for one without a namespace. */
export function keyOf(object: { readonly metadata: Pick<KubeObject['metadata'], 'name' | 'namespace'> }): string {
  return objectKey(object.metadata.namespace, object.metadata.name);
}

export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
