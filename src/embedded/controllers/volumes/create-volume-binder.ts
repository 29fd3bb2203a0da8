import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keyOf, keysByResource, splitKey } from '../controller.ts';
import { createObjectIndex } from '../create-object-index.ts';
import { createKindClient } from '../kind-client.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../kubernetes-shapes.ts';
import { claimsOf } from '../pod-claims.ts';
import { timestamp } from '../timestamp.ts';
import { bindCompleted, boundByController, decideVolume, isVolumeOf, volumeProblem } from './decide-volume.ts';
import { reclaimProblem } from './reclaim-problem.ts';
import { defaultClassOf } from './storage-class.ts';

const component = 'persistentvolume-controller';
const selectedNode = 'volume.kubernetes.io/selected-node';
const provisionerAnnotations = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
];
/** Claims that wait say so again this often. */
const resyncMs = 15_000;

/**
 * Binds volume claims to volumes: to the one they name, to one that fits, or it asks the provisioner of their class for
 * one (concepts/storage/persistent-volumes). Volumes whose claim has gone are released and reclaimed by their policy.
 */
export function createVolumeBinder(context: ClusterContext): Controller {
  const { store, clock, events } = context;
  const manager = 'kube-controller-manager';
  const claims = createKindClient<PersistentVolumeClaim>(store, manager, '', 'persistentvolumeclaims');
  const volumes = createKindClient<PersistentVolume>(store, manager, '', 'persistentvolumes');
  const classes = createKindClient<StorageClass>(store, manager, 'storage.k8s.io', 'storageclasses');
  const nodes = createKindClient<Node>(store, manager, '', 'nodes');
  const volumeIndex = createObjectIndex<PersistentVolume>(store, volumes.resource, ({ spec }) => [
    `class|${spec.storageClassName ?? ''}`,
    ...(spec.claimRef === undefined ? [] : [`claim|${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`]),
  ]);
  const waiting = createObjectIndex<PersistentVolumeClaim>(store, claims.resource, ({ spec, status }) =>
    status?.phase === 'Bound' ? [] : [`class|${spec.storageClassName ?? ''}`, 'all'],
  );

  function tell(
    about: PersistentVolume | PersistentVolumeClaim,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    events.record(about, { type, reason, message, component });
  }

  function setPhase(volume: PersistentVolume, phase: string, message?: string): PersistentVolume {
    const { status } = volume;
    const lastPhaseTransitionTime = status?.phase === phase ? status.lastPhaseTransitionTime : timestamp(clock.now());
    return volumes.updateStatus(volume, {
      phase,
      ...(message === undefined ? {} : { message }),
      ...(lastPhaseTransitionTime === undefined ? {} : { lastPhaseTransitionTime }),
    });
  }

  function setPending(claim: PersistentVolumeClaim): number {
    claims.updateStatus(claim, { ...claim.status, phase: 'Pending' });
    return resyncMs;
  }

  function bind(claim: PersistentVolumeClaim, volume: PersistentVolume): void {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    let bound = volume;
    if (volume.spec.claimRef?.uid !== uid) {
      const isOurs = volume.spec.claimRef === undefined;
      const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion };
      const annotations = { ...volume.metadata.annotations, ...(isOurs ? { [boundByController]: 'yes' } : {}) };
      bound = volumes.update({
        ...volume,
        metadata: { ...volume.metadata, annotations },
        spec: { ...volume.spec, claimRef },
      });
    }
    bound = setPhase(bound, 'Bound');
    const isChosen = (claim.spec.volumeName ?? '') === '';
    const annotations = {
      ...claim.metadata.annotations,
      ...(isChosen ? { [boundByController]: 'yes' } : {}),
      [bindCompleted]: 'yes',
    };
    const spec = { ...claim.spec, volumeName: volume.metadata.name };
    const updated = claims.update({ ...claim, metadata: { ...claim.metadata, annotations }, spec });
    claims.updateStatus(updated, {
      ...updated.status,
      phase: 'Bound',
      accessModes: bound.spec.accessModes ?? [],
      // What there is may lag behind what the volume already has: the file system grows on the node.
      capacity: updated.status?.capacity ?? bound.spec.capacity ?? {},
    });
  }

  function syncClaim(claim: PersistentVolumeClaim): number | undefined {
    if (claim.metadata.deletionTimestamp !== undefined && claim.metadata.annotations?.[bindCompleted] === undefined) {
      return undefined;
    }
    if (claim.metadata.annotations?.[bindCompleted] !== undefined) return syncBoundClaim(claim);
    return (claim.spec.volumeName ?? '') === '' ? findVolume(claim) : bindNamed(claim, claim.spec.volumeName ?? '');
  }

  function syncBoundClaim(claim: PersistentVolumeClaim): undefined {
    const { volumeName = '' } = claim.spec;
    const volume = volumeName === '' ? undefined : volumes.get(undefined, volumeName);
    if (volume === undefined) {
      const lost = volumeName === '' ? 'reference to PersistentVolume' : 'its PersistentVolume';
      lose(claim, 'ClaimLost', `Bound claim has lost ${lost}. Data on the volume is lost!`);
    } else if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid) {
      bind(claim, volume);
    } else {
      lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
    }
  }

  function lose(claim: PersistentVolumeClaim, reason: string, message: string): void {
    if (claim.status?.phase === 'Lost') return;
    claims.updateStatus(claim, { phase: 'Lost' });
    tell(claim, 'Warning', reason, message);
  }

  function findVolume(claim: PersistentVolumeClaim): number | undefined {
    const storageClass = classes.get(undefined, claim.spec.storageClassName ?? '');
    const isDelayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
    const node = nodes.get(undefined, claim.metadata.annotations?.[selectedNode] ?? '');
    const candidates = [
      ...volumeIndex.get(`claim|${keyOf(claim)}`),
      ...volumeIndex.get(`class|${claim.spec.storageClassName ?? ''}`),
    ];
    const volume = decideVolume(claim, candidates, { isDelayed, node: isDelayed ? node : undefined });
    if (volume !== undefined) {
      bind(claim, volume);
      return undefined;
    }
    if (claim.spec.storageClassName === undefined) {
      const preferred = defaultClassOf(classes.list());
      if (preferred !== undefined) {
        claims.update({ ...claim, spec: { ...claim.spec, storageClassName: preferred.metadata.name } });
        return undefined;
      }
    }
    if (isDelayed && claim.metadata.annotations?.[selectedNode] === undefined) tellUnconsumed(claim);
    else if ((claim.spec.storageClassName ?? '') !== '') return askProvisioner(claim, storageClass);
    else {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      tell(claim, 'Normal', 'FailedBinding', message);
    }
    return setPending(claim);
  }

  function tellUnconsumed(claim: PersistentVolumeClaim): void {
    const names = context.podIndex
      .claiming(claim.metadata.namespace, claim.metadata.name)
      .filter((pod) => (pod.spec.nodeName ?? '') === '' && pod.metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name)
      .sort();
    const [first] = names;
    if (first === undefined) {
      tell(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
      return;
    }
    const who = names.length > 1 ? `pods ${names.join(',')}` : `pod ${first}`;
    tell(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${who} to be scheduled`);
  }

  function askProvisioner(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): number {
    if (storageClass === undefined) {
      const message = `storageclass.storage.k8s.io "${claim.spec.storageClassName ?? ''}" not found`;
      tell(claim, 'Warning', 'ProvisioningFailed', message);
      return setPending(claim);
    }
    const { provisioner } = storageClass;
    if (provisioner.startsWith('kubernetes.io/')) {
      tell(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
      return setPending(claim);
    }
    const isAsked = provisionerAnnotations.every((name) => claim.metadata.annotations?.[name] === provisioner);
    const asked = Object.fromEntries(provisionerAnnotations.map((name) => [name, provisioner]));
    const annotations = { ...claim.metadata.annotations, ...asked };
    const current = isAsked ? claim : claims.update({ ...claim, metadata: { ...claim.metadata, annotations } });
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    tell(current, 'Normal', 'ExternalProvisioning', message);
    return setPending(current);
  }

  function bindNamed(claim: PersistentVolumeClaim, name: string): number | undefined {
    const volume = volumes.get(undefined, name);
    if (volume === undefined) return setPending(claim);
    if (volume.spec.claimRef === undefined) {
      const problem = volumeProblem(volume, claim);
      if (problem === undefined) {
        bind(claim, volume);
        return undefined;
      }
      tell(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${problem}`);
      return setPending(claim);
    }
    if (isVolumeOf(volume, claim)) {
      bind(claim, volume);
      return undefined;
    }
    tell(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`);
    return setPending(claim);
  }

  function syncVolume(volume: PersistentVolume): void {
    const { claimRef } = volume.spec;
    if ((claimRef?.uid ?? '') === '') {
      setPhase(volume, 'Available');
      return;
    }
    const claim = claims.get(claimRef?.namespace, claimRef?.name ?? '');
    if (claim === undefined || claim.metadata.uid !== claimRef?.uid) reclaim(volume);
    else if ((claim.spec.volumeName ?? '') === '') tellOtherMode(volume, claim);
    else if (claim.spec.volumeName === volume.metadata.name) setPhase(volume, 'Bound');
    else if (volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== undefined) reclaim(volume);
    else unbind(volume);
  }

  function tellOtherMode(volume: PersistentVolume, claim: PersistentVolumeClaim): void {
    if ((volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem')) return;
    const why = 'due to incompatible volumeMode.';
    const asked = `requested PersistentVolumeClaim "${claim.metadata.name}"`;
    tell(volume, 'Warning', 'VolumeMismatch', `Cannot bind PersistentVolume to ${asked} ${why}`);
    const own = `PersistentVolume "${volume.metadata.name}"`;
    tell(claim, 'Warning', 'VolumeMismatch', `Cannot bind ${own} to requested PersistentVolumeClaim ${why}`);
  }

  /** The claim has gone, or took another volume: what was bound for it is free again. */
  function unbind(volume: PersistentVolume): void {
    const { claimRef, ...rest } = volume.spec;
    const { [boundByController]: isOurs, ...annotations } = volume.metadata.annotations ?? {};
    const { uid: _, ...reserved } = claimRef ?? {};
    const spec = isOurs === undefined ? { ...rest, claimRef: reserved } : rest;
    setPhase(volumes.update({ ...volume, metadata: { ...volume.metadata, annotations }, spec }), 'Available');
  }

  function reclaim(volume: PersistentVolume): void {
    const phase = volume.status?.phase;
    const released = phase === 'Released' || phase === 'Failed' ? volume : setPhase(volume, 'Released');
    const problem = reclaimProblem(released);
    if (problem === undefined) return;
    if (phase !== 'Failed' || volume.status?.message !== problem.message) setPhase(released, 'Failed', problem.message);
    if (phase !== 'Failed') tell(released, 'Warning', problem.reason, problem.message);
  }

  function claimKey(claim: { readonly namespace?: string; readonly name?: string } | undefined): string[] {
    return claim === undefined ? [] : [`claim|${claim.namespace ?? ''}/${claim.name ?? ''}`];
  }

  return {
    name: 'persistentvolume-binder',
    keysOf: keysByResource({
      persistentvolumeclaims: (object, change) => {
        const bound = (object as PersistentVolumeClaim).spec.volumeName ?? '';
        const reserved = volumeIndex.get(`claim|${keyOf(object)}`).map(({ metadata }) => `volume|${metadata.name}`);
        const own = change.type === 'DELETED' ? [] : [`claim|${keyOf(object)}`];
        return [...own, ...reserved, ...(bound === '' ? [] : [`volume|${bound}`])];
      },
      persistentvolumes: (object, change) => {
        const volume = object as PersistentVolume;
        const waits = waiting
          .get(`class|${volume.spec.storageClassName ?? ''}`)
          .map((claim) => `claim|${keyOf(claim)}`);
        const before = (change.previous as PersistentVolume | undefined)?.spec.claimRef;
        const own = change.type === 'DELETED' ? [] : [`volume|${volume.metadata.name}`];
        return [...own, ...claimKey(volume.spec.claimRef), ...claimKey(before), ...waits];
      },
      'storageclasses.storage.k8s.io': (object) =>
        [...waiting.get(`class|${object.metadata.name}`), ...waiting.get('class|')].map(
          (claim) => `claim|${keyOf(claim)}`,
        ),
      pods: (object, change) =>
        change.type === 'ADDED' || change.type === 'DELETED'
          ? claimsOf(object as Pod)
              .map((name) => claims.get(object.metadata.namespace, name))
              .filter((claim) => claim !== undefined && claim.status?.phase !== 'Bound')
              .map((claim) => `claim|${object.metadata.namespace ?? ''}/${claim?.metadata.name ?? ''}`)
          : [],
    }),
    reconcile(key) {
      const bar = key.indexOf('|');
      const rest = key.slice(bar + 1);
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
