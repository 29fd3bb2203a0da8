import type { ClusterObject, ClusterStore } from '../../store/types.ts';
import { createKindClient } from '../kind-client.ts';
import type { NodeSelectorTerm, PersistentVolumeClaim, Pod } from '../kubernetes-shapes.ts';
import { controllerOf } from '../owner-reference.ts';
import type { NodeInfo } from './node-info.ts';
import { matchesNodeTerm } from './node-selection.ts';
import type { VolumeView } from './scheduling-rules.ts';

/** Names the node that a claim's volume is to be made for; set by the scheduler, read by whoever provisions. */
export const selectedNodeAnnotation = 'volume.kubernetes.io/selected-node';

interface Volume extends ClusterObject {
  readonly spec?: {
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] } };
  };
}

interface StorageClass extends ClusterObject {
  readonly volumeBindingMode?: string;
  readonly provisioner?: string;
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
  }[];
}

export interface SchedulerVolumes extends VolumeView {
  /** Claims of the pod that wait for its node. */
  delayedClaims(pod: Pod): readonly PersistentVolumeClaim[];
}

const zoneLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** Reads claims, volumes and classes as the plugins VolumeBinding and VolumeZone do. */
export function createVolumeView(store: ClusterStore): SchedulerVolumes {
  const claims = createKindClient<PersistentVolumeClaim>(store, '', '', 'persistentvolumeclaims');
  const volumes = createKindClient<Volume>(store, '', '', 'persistentvolumes');
  const classes = createKindClient<StorageClass>(store, '', 'storage.k8s.io', 'storageclasses');

  function claimOf(pod: Pod, name: string): PersistentVolumeClaim | undefined {
    return claims.get(pod.metadata.namespace, name);
  }

  function isDelayed(claim: PersistentVolumeClaim): boolean {
    if ((claim.spec.volumeName ?? '') !== '') return false;
    return classes.get(undefined, claim.spec.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';
  }

  function isBound(claim: PersistentVolumeClaim): boolean {
    return (claim.spec.volumeName ?? '') !== '' && claim.status?.phase === 'Bound';
  }

  function boundProblem(claim: PersistentVolumeClaim, node: NodeInfo): string | undefined {
    const volume = volumes.get(undefined, claim.spec.volumeName ?? '');
    if (volume === undefined) return 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
    const terms = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms;
    if (terms !== undefined && !terms.some((term) => matchesNodeTerm(term, node.node))) {
      return "node(s) didn't match PersistentVolume's node affinity";
    }
    const labels = volume.metadata.labels ?? {};
    const isElsewhere = zoneLabels.some((label) => {
      const wanted = labels[label];
      return wanted !== undefined && !wanted.split('__').includes(node.labels[label] ?? '');
    });
    return isElsewhere ? 'node(s) had no available volume zone' : undefined;
  }

  function delayedProblem(claim: PersistentVolumeClaim, node: NodeInfo): string | undefined {
    const unavailable = "node(s) didn't find available persistent volumes to bind";
    const selected = claim.metadata.annotations?.[selectedNodeAnnotation];
    if (selected !== undefined && selected !== node.name) return unavailable;
    const topologies = classes.get(undefined, claim.spec.storageClassName ?? '')?.allowedTopologies ?? [];
    const isAllowed =
      topologies.length === 0 ||
      topologies.some(({ matchLabelExpressions }) =>
        (matchLabelExpressions ?? []).every(({ key, values }) => values.includes(node.labels[key] ?? '\0')),
      );
    return isAllowed ? undefined : unavailable;
  }

  return {
    problem(pod) {
      for (const volume of pod.spec.volumes ?? []) {
        const name = claimNameOf(pod, volume);
        if (name === undefined) continue;
        const claim = claimOf(pod, name);
        if (claim === undefined) {
          return volume.ephemeral === undefined
            ? `persistentvolumeclaim "${name}" not found`
            : `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`;
        }
        if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
        if (volume.ephemeral !== undefined && controllerOf(claim)?.uid !== pod.metadata.uid) {
          return `PVC ${claim.metadata.namespace ?? ''}/${name} was not created for pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} (pod is not owner)`;
        }
      }
      const isWaiting = claimNames(pod).some((name) => {
        const claim = claimOf(pod, name);
        return claim !== undefined && !isBound(claim) && !isDelayed(claim);
      });
      return isWaiting ? 'pod has unbound immediate PersistentVolumeClaims' : undefined;
    },
    nodeProblem(pod, node) {
      for (const name of claimNames(pod)) {
        const claim = claimOf(pod, name);
        if (claim === undefined) continue;
        const problem = isBound(claim) ? boundProblem(claim, node) : delayedProblem(claim, node);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    exclusiveClaims: (pod) =>
      claimNames(pod).filter((name) => claimOf(pod, name)?.spec.accessModes?.includes('ReadWriteOncePod')),
    delayedClaims: (pod) =>
      claimNames(pod).flatMap((name) => {
        const claim = claimOf(pod, name);
        return claim !== undefined && isDelayed(claim) && !isBound(claim) ? [claim] : [];
      }),
  };
}

function claimNames(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => claimNameOf(pod, volume) ?? []);
}

function claimNameOf(pod: Pod, volume: NonNullable<Pod['spec']['volumes']>[number]): string | undefined {
  return volume.ephemeral === undefined
    ? volume.persistentVolumeClaim?.claimName
    : `${pod.metadata.name}-${volume.name}`;
}
