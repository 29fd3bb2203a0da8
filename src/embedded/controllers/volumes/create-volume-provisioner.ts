import { compareQuantities } from '../../machinery/quantity.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keyOf, keysByResource, splitKey } from '../controller.ts';
import { createKindClient } from '../kind-client.ts';
import type {
  Condition,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from '../kubernetes-shapes.ts';
import { claimsOf } from '../pod-claims.ts';
import { timestamp } from '../timestamp.ts';
import { checkCloneSource } from './check-clone-source.ts';
import { decideTopology, type Topology } from './decide-topology.ts';
import { requestOf } from './decide-volume.ts';
import { simulatedProvisioner } from './storage-class.ts';

const provisionerAnnotation = 'volume.kubernetes.io/storage-provisioner';
const selectedNode = 'volume.kubernetes.io/selected-node';
const provisionedBy = 'pv.kubernetes.io/provisioned-by';
const finalizer = 'external-provisioner.volume.kubernetes.io/finalizer';
/** On a claim, or in the parameters of its class: why no volume can be made, or grown, for it. */
const failProvisioning = 'embedded.longshore.dev/fail-provisioning';
const failExpansion = 'embedded.longshore.dev/fail-expansion';
/** What a disk is formatted with, as external-provisioner reads it. */
const fsTypeParameter = 'csi.storage.k8s.io/fstype';
const retryMs = 15_000;
/** Its snapshots are asked for even where no engine serves them. */
const snapshotGroup = 'snapshot.storage.k8s.io';

type DataSource = NonNullable<PersistentVolumeClaim['spec']['dataSource']>;

/** The simulated storage system with its sidecars: makes volumes, grows them, and deletes released ones. */
export function createVolumeProvisioner(context: ClusterContext): Controller {
  const { store, clock, events } = context;
  const claims = createKindClient<PersistentVolumeClaim>(store, simulatedProvisioner, '', 'persistentvolumeclaims');
  const volumes = createKindClient<PersistentVolume>(store, simulatedProvisioner, '', 'persistentvolumes');
  const classes = createKindClient<StorageClass>(store, simulatedProvisioner, 'storage.k8s.io', 'storageclasses');
  const nodes = createKindClient<Node>(store, simulatedProvisioner, '', 'nodes');

  context.volumeSources.register('', 'PersistentVolumeClaim', checkCloneSource(claims, volumes));

  function tell(
    about: PersistentVolume | PersistentVolumeClaim,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    component = simulatedProvisioner,
  ): void {
    events.record(about, { type, reason, message, component });
  }

  function steeredFailure(claim: PersistentVolumeClaim, storageClass: StorageClass, name: string): string | undefined {
    return claim.metadata.annotations?.[name] ?? storageClass.parameters?.[name];
  }

  function provision(claim: PersistentVolumeClaim, storageClass: StorageClass): number | undefined {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const volumeName = `pvc-${uid ?? name}`;
    if (volumes.get(undefined, volumeName) !== undefined) return undefined;
    const subject = `"${namespace ?? ''}/${name}"`;
    tell(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim ${subject}`);
    const { dataSource } = claim.spec;
    // Somebody else's controller makes volumes from other kinds.
    if (dataSource !== undefined && !knowsSource(dataSource)) return undefined;
    const place = decideTopology(storageClass, nodes.list(), chosenNode(claim));
    const failure =
      steeredFailure(claim, storageClass, failProvisioning) ??
      ('problem' in place ? place.problem : problemOfSource(claim, storageClass, dataSource));
    if (failure !== undefined) {
      const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${failure}`;
      tell(claim, 'Warning', 'ProvisioningFailed', message);
      return retryMs;
    }
    const reclaimPolicy = storageClass.reclaimPolicy ?? 'Delete';
    const topology = 'topology' in place ? place.topology : undefined;
    volumes.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: {
        name: volumeName,
        annotations: { [provisionedBy]: storageClass.provisioner },
        ...(reclaimPolicy === 'Delete' ? { finalizers: [finalizer] } : {}),
      },
      spec: {
        accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
        capacity: { storage: requestOf(claim) },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion },
        csi: {
          driver: storageClass.provisioner,
          volumeHandle: volumeName,
          fsType: storageClass.parameters?.[fsTypeParameter] ?? 'ext4',
        },
        ...(storageClass.mountOptions === undefined ? {} : { mountOptions: storageClass.mountOptions }),
        ...(topology === undefined ? {} : { nodeAffinity: affinityTo(topology) }),
        persistentVolumeReclaimPolicy: reclaimPolicy,
        storageClassName: storageClass.metadata.name,
        volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      },
    });
    tell(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`);
    return undefined;
  }

  function problemOfSource(
    claim: PersistentVolumeClaim,
    storageClass: StorageClass,
    source: DataSource | undefined,
  ): string | undefined {
    if (source === undefined) return undefined;
    const { kind, name } = source;
    const check = context.volumeSources.find(source.apiGroup ?? '', kind);
    const problem =
      check === undefined
        ? `error getting snapshot ${name} from api server: the server could not find the requested resource (get volumesnapshots.${snapshotGroup} ${name})`
        : check({ claim, storageClass, name });
    return problem && `error getting handle for DataSource Type ${kind} by Name ${name}: ${problem}`;
  }

  function knowsSource({ apiGroup, kind }: DataSource): boolean {
    return context.volumeSources.find(apiGroup ?? '', kind) !== undefined || apiGroup === snapshotGroup;
  }

  /** Of the pod that is the first to use it. */
  function chosenNode({ metadata }: PersistentVolumeClaim): Node | undefined {
    return nodes.get(undefined, metadata.annotations?.[selectedNode] ?? '');
  }

  function syncClaim(claim: PersistentVolumeClaim): number | undefined {
    const storageClass = classes.get(undefined, claim.spec.storageClassName ?? '');
    if (storageClass?.provisioner !== simulatedProvisioner) return undefined;
    const isLeaving = claim.metadata.deletionTimestamp !== undefined;
    if (claim.status?.phase === 'Bound') return isLeaving ? undefined : grow(claim, storageClass);
    const isAsked = claim.metadata.annotations?.[provisionerAnnotation] === simulatedProvisioner;
    return isLeaving || !isAsked || (claim.spec.volumeName ?? '') !== '' ? undefined : provision(claim, storageClass);
  }

  /** Grows the volume, then, on the node of a pod that uses it, its file system. */
  function grow(claim: PersistentVolumeClaim, storageClass: StorageClass): number | undefined {
    const volume = volumes.get(undefined, claim.spec.volumeName ?? '');
    const wanted = requestOf(claim);
    if (volume === undefined || compareQuantities(wanted, claim.status?.capacity?.storage) <= 0) return undefined;
    if (storageClass.allowVolumeExpansion !== true) return undefined;
    const failure = steeredFailure(claim, storageClass, failExpansion);
    const resizer = `external-resizer ${simulatedProvisioner}`;
    if (compareQuantities(volume.spec.capacity?.storage, wanted) < 0) {
      const waiting = 'waiting for an external controller to expand this PVC';
      tell(claim, 'Normal', 'ExternalExpanding', waiting, 'volume_expand');
      tell(claim, 'Normal', 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`, resizer);
      if (failure !== undefined) {
        setGrowth(
          claim,
          wanted,
          failure === 'infeasible' ? 'ControllerResizeInfeasible' : 'ControllerResizeInProgress',
          [condition('Resizing', ''), condition('ControllerResizeError', failure)],
        );
        const message = `resize volume "${volume.metadata.name}" by resizer "${simulatedProvisioner}" failed: ${failure}`;
        tell(claim, 'Warning', 'VolumeResizeFailed', message, resizer);
        return retryMs;
      }
      const capacity = { ...volume.spec.capacity, storage: wanted };
      volumes.update({ ...volume, spec: { ...volume.spec, capacity } });
    }
    if (claim.spec.volumeMode !== 'Block' && !isMounted(claim)) {
      const text = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';
      if (claim.status?.allocatedResourceStatuses?.storage !== 'NodeResizePending') {
        const message = 'Require file system resize of volume on node';
        tell(claim, 'Normal', 'FileSystemResizeRequired', message, resizer);
      }
      setGrowth(claim, wanted, 'NodeResizePending', [condition('FileSystemResizePending', text)]);
      return undefined;
    }
    finishGrowth(claim, volume, wanted);
    return undefined;
  }

  function isMounted(claim: PersistentVolumeClaim): boolean {
    return context.podIndex
      .claiming(claim.metadata.namespace, claim.metadata.name)
      .some(({ spec, status }) => (spec.nodeName ?? '') !== '' && status?.phase === 'Running');
  }

  function finishGrowth(claim: PersistentVolumeClaim, volume: PersistentVolume, wanted: string): void {
    const { allocatedResourceStatuses: _, conditions: __, ...rest } = claim.status ?? {};
    claims.updateStatus(claim, {
      ...rest,
      capacity: { ...claim.status?.capacity, storage: wanted },
      allocatedResources: { storage: wanted },
    });
    if (claim.spec.volumeMode === 'Block') {
      tell(
        claim,
        'Normal',
        'VolumeResizeSuccessful',
        'Resize volume succeeded',
        `external-resizer ${simulatedProvisioner}`,
      );
      return;
    }
    const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}"`;
    tell(claim, 'Normal', 'FileSystemResizeSuccessful', message, 'kubelet');
  }

  function setGrowth(
    claim: PersistentVolumeClaim,
    wanted: string,
    state: string,
    conditions: readonly Condition[],
  ): void {
    const known = claim.status?.conditions ?? [];
    const kept = conditions.map(
      (next) => known.find(({ type, message }) => type === next.type && message === next.message) ?? next,
    );
    claims.updateStatus(claim, {
      ...claim.status,
      allocatedResources: { storage: wanted },
      allocatedResourceStatuses: { storage: state },
      conditions: kept,
    });
  }

  function condition(type: string, message: string): Condition {
    const lastTransitionTime = timestamp(clock.now());
    return { type, status: 'True', lastProbeTime: null, lastTransitionTime, ...(message === '' ? {} : { message }) };
  }

  /** A released volume that is to be deleted goes with its disk; one that is deleted in use waits for its release. */
  function syncVolume(volume: PersistentVolume): void {
    const { csi, persistentVolumeReclaimPolicy } = volume.spec;
    const isOurs = csi?.driver === simulatedProvisioner;
    const isHostPath = volume.spec.hostPath?.path.startsWith('/tmp/') === true;
    const isReleased = volume.status?.phase === 'Released';
    if (!isOurs && !isHostPath) return;
    if (isReleased && persistentVolumeReclaimPolicy === 'Delete' && volume.metadata.deletionTimestamp === undefined) {
      volumes.delete(volume);
    }
    const current = volumes.get(undefined, volume.metadata.name);
    if (current?.metadata.deletionTimestamp === undefined || current.status?.phase === 'Bound') return;
    const finalizers = (current.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    if (finalizers.length === (current.metadata.finalizers ?? []).length) return;
    volumes.update({ ...current, metadata: { ...current.metadata, finalizers } });
  }

  return {
    name: 'volume-provisioner',
    keysOf: keysByResource({
      persistentvolumeclaims: (object) => [`claim|${keyOf(object)}`],
      persistentvolumes: (object) => [`volume|${object.metadata.name}`],
      pods: (object, change) => {
        const pod = object as Pod;
        const hasStarted = (change.previous as Pod | undefined)?.status?.phase !== pod.status?.phase;
        return hasStarted && pod.status?.phase === 'Running'
          ? claimsOf(pod).map((name) => `claim|${pod.metadata.namespace ?? ''}/${name}`)
          : [];
      },
    }),
    reconcile(key) {
      const rest = key.slice(key.indexOf('|') + 1);
      if (key.startsWith('volume|')) {
        const volume = volumes.get(undefined, rest);
        if (volume !== undefined) syncVolume(volume);
        return undefined;
      }
      const { namespace, name } = splitKey(rest);
      const claim = claims.get(namespace, name);
      return claim === undefined ? undefined : syncClaim(claim);
    },
  };
}

function affinityTo(topology: Topology): object {
  const matchExpressions = Object.entries(topology).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
}
