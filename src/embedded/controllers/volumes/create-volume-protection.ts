import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keyOf, keysByResource, splitKey } from '../controller.ts';
import { createKindClient, type KindClient } from '../kind-client.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../kubernetes-shapes.ts';
import { claimsOf } from '../pod-claims.ts';
import { isFinished } from '../pod-state.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

/** Keeps claims from going while a pod on a node uses them, and volumes while they are bound. */
export function createVolumeProtection(context: ClusterContext): Controller {
  const manager = 'kube-controller-manager';
  const claims = createKindClient<PersistentVolumeClaim>(context.store, manager, '', 'persistentvolumeclaims');
  const volumes = createKindClient<PersistentVolume>(context.store, manager, '', 'persistentvolumes');

  function isUsed({ metadata }: PersistentVolumeClaim): boolean {
    return context.podIndex
      .claiming(metadata.namespace, metadata.name)
      .some((pod) => (pod.spec.nodeName ?? '') !== '' && !isFinished(pod));
  }

  return {
    name: 'volume-protection',
    keysOf: keysByResource({
      persistentvolumeclaims: (object) => [`claim|${keyOf(object)}`],
      persistentvolumes: (object) => [`volume|${object.metadata.name}`],
      pods: (object, change) => {
        const pod = object as Pod;
        if (change.type !== 'DELETED' && !isFinished(pod)) return [];
        return claimsOf(pod).map((name) => `claim|${pod.metadata.namespace ?? ''}/${name}`);
      },
    }),
    reconcile(key) {
      const rest = key.slice(key.indexOf('|') + 1);
      if (key.startsWith('volume|')) {
        const volume = volumes.get(undefined, rest);
        if (volume === undefined) return undefined;
        const isLeaving = volume.metadata.deletionTimestamp !== undefined;
        if (!isLeaving) protect(volumes, volume, volumeFinalizer);
        else if (volume.status?.phase !== 'Bound') release(volumes, volume, volumeFinalizer);
        return undefined;
      }
      const { namespace, name } = splitKey(rest);
      const claim = claims.get(namespace, name);
      if (claim === undefined) return undefined;
      if (claim.metadata.deletionTimestamp === undefined) protect(claims, claim, claimFinalizer);
      else if (!isUsed(claim)) release(claims, claim, claimFinalizer);
      return undefined;
    },
  };
}

function protect<T extends PersistentVolume | PersistentVolumeClaim>(
  kind: KindClient<T>,
  object: T,
  name: string,
): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(name)) return;
  kind.update({ ...object, metadata: { ...object.metadata, finalizers: [...finalizers, name] } });
}

function release<T extends PersistentVolume | PersistentVolumeClaim>(
  kind: KindClient<T>,
  object: T,
  name: string,
): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(name)) return;
  const rest = finalizers.filter((finalizer) => finalizer !== name);
  kind.update({ ...object, metadata: { ...object.metadata, finalizers: rest } });
}
