import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from '../controller.ts';
import { createKindClient } from '../kind-client.ts';
import type { PersistentVolumeClaim, Pod } from '../kubernetes-shapes.ts';
import { controllerReference, isControlledBy } from '../owner-reference.ts';
import { ephemeralClaimName } from '../pod-claims.ts';

const component = 'ephemeral_volume';

/** Makes the claims of generic ephemeral volumes; they belong to their pod and go with it (KEP-1698). */
export function createEphemeralVolumes(context: ClusterContext): Controller {
  const manager = 'kube-controller-manager';
  const pods = createKindClient<Pod>(context.store, manager, '', 'pods');
  const claims = createKindClient<PersistentVolumeClaim>(context.store, manager, '', 'persistentvolumeclaims');

  return {
    name: 'ephemeral-volume',
    keysOf: keysByResource({
      pods: (object, change) =>
        change.type === 'ADDED' && (object as Pod).spec.volumes?.some(({ ephemeral }) => ephemeral !== undefined)
          ? ownKey(object)
          : [],
      persistentvolumeclaims: (object, change) =>
        change.type === 'DELETED'
          ? context.podIndex
              .claiming(object.metadata.namespace, object.metadata.name)
              .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
          : [],
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
      for (const volume of pod.spec.volumes ?? []) {
        const template = volume.ephemeral?.volumeClaimTemplate;
        if (template === undefined) continue;
        const claimName = ephemeralClaimName(pod, volume.name);
        const known = claims.get(namespace, claimName);
        if (known === undefined) {
          const { labels, annotations } = template.metadata ?? {};
          claims.create({
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: {
              name: claimName,
              namespace,
              ...(labels === undefined ? {} : { labels }),
              ...(annotations === undefined ? {} : { annotations }),
              ownerReferences: [controllerReference(pod)],
            },
            spec: template.spec,
          });
        } else if (!isControlledBy(known, pod)) {
          const why = `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${name} (pod is not owner)`;
          const message = `ephemeral volume ${volume.name}: ${why}`;
          context.events.record(pod, { type: 'Warning', reason: 'FailedBinding', message, component });
        }
      }
      return undefined;
    },
  };
}
