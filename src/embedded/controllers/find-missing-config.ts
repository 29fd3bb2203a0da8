import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { createKindClient } from './kind-client.ts';
import type { Container, PersistentVolumeClaim, Pod } from './kubernetes-shapes.ts';

export interface ConfigFinder {
  /** The first ConfigMap, Secret or key the container's environment refers to that is not there, in the kubelet's words. */
  missingConfig(namespace: string, container: Container): string | undefined;
  /** The same for volumes. */
  missingVolume(pod: Pod): string | undefined;
}

interface Reference {
  readonly kind: 'configmap' | 'secret';
  readonly name: string;
  readonly key?: string;
}

export function createConfigFinder(store: ClusterStore): ConfigFinder {
  const kinds = {
    configmap: createKindClient<ClusterObject>(store, 'kubelet', '', 'configmaps'),
    secret: createKindClient<ClusterObject>(store, 'kubelet', '', 'secrets'),
  };
  const claims = createKindClient<PersistentVolumeClaim>(store, 'kubelet', '', 'persistentvolumeclaims');

  function problem(namespace: string, reference: Reference): string | undefined {
    const object = kinds[reference.kind].get(namespace, reference.name);
    if (object === undefined) return `${reference.kind} "${reference.name}" not found`;
    if (reference.key === undefined) return undefined;
    const data = { ...(object.data as object | undefined), ...(object.binaryData as object | undefined) };
    if (Object.hasOwn(data, reference.key)) return undefined;
    const kind = reference.kind === 'secret' ? 'Secret' : 'ConfigMap';
    return `couldn't find key ${reference.key} in ${kind} ${namespace}/${reference.name}`;
  }

  return {
    missingConfig(namespace, container) {
      for (const reference of environmentReferences(container)) {
        const message = problem(namespace, reference);
        if (message !== undefined) return message;
      }
      return undefined;
    },
    missingVolume(pod) {
      const namespace = pod.metadata.namespace ?? '';
      for (const volume of pod.spec.volumes ?? []) {
        const reference = volumeReference(volume);
        const missing = reference === undefined ? undefined : problem(namespace, reference);
        if (missing !== undefined) {
          return `MountVolume.SetUp failed for volume "${volume.name}" : ${missing}`;
        }
        const claim = volume.persistentVolumeClaim?.claimName;
        if (claim !== undefined && claims.get(namespace, claim)?.status?.phase !== 'Bound') {
          return `persistentvolumeclaim "${claim}" not found or not bound`;
        }
      }
      return undefined;
    },
  };
}

function environmentReferences(container: Container): Reference[] {
  const references: Reference[] = [];
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef?.name !== undefined && configMapRef.optional !== true) {
      references.push({ kind: 'configmap', name: configMapRef.name });
    }
    if (secretRef?.name !== undefined && secretRef.optional !== true) {
      references.push({ kind: 'secret', name: secretRef.name });
    }
  }
  for (const { valueFrom } of container.env ?? []) {
    const configMap = valueFrom?.configMapKeyRef;
    const secret = valueFrom?.secretKeyRef;
    if (configMap?.name !== undefined && configMap.optional !== true) {
      references.push({ kind: 'configmap', name: configMap.name, key: configMap.key });
    }
    if (secret?.name !== undefined && secret.optional !== true) {
      references.push({ kind: 'secret', name: secret.name, key: secret.key });
    }
  }
  return references;
}

function volumeReference(volume: NonNullable<Pod['spec']['volumes']>[number]): Reference | undefined {
  if (volume.configMap?.name !== undefined && volume.configMap.optional !== true) {
    return { kind: 'configmap', name: volume.configMap.name };
  }
  if (volume.secret?.secretName !== undefined && volume.secret.optional !== true) {
    return { kind: 'secret', name: volume.secret.secretName };
  }
  return undefined;
}
