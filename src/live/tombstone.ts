import { type KubeObject, origin } from '../kube/kube-object.ts';

/** What is left of an object for somebody who may no longer see it: enough to forget it by, and nothing else. */
export function tombstoneOf<T>(object: KubeObject<T>): KubeObject<T> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const identity: KubeObject = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, uid, resourceVersion, creationTimestamp, ...(namespace === undefined ? {} : { namespace }) },
    [origin]: object[origin],
  };
  // Every other part of a Kubernetes object is optional in its type.
  return identity as KubeObject<T>;
}
