import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { controllerOf, controllerReference, isControlledBy } from '../../../controllers/owner-reference.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { type DecidedCondition, mergeConditions } from '../../merge-conditions.ts';
import { condition, isTrue } from '../conditions.ts';
import type { WorkloadClusters } from '../create-workload-clusters.ts';
import { decideControlPlane } from '../decide-control-plane.ts';
import {
  countReplicas,
  countVersions,
  printedSelector,
  replicaConditions,
  versionsOf,
} from '../decide-replica-status.ts';
import { controlPlaneGroup, coreGroup, infrastructureGroup } from '../groups.ts';
import { type Cluster, type ControlPlane, capiKinds, type Machine } from '../kinds.ts';
import { createMachine, isControlPlaneMachineUpToDate, syncMetadata } from '../machine-templates.ts';
import { annotations, clusterNameOf, finalizers, isDeleting, labels, withFinalizer } from '../metadata.ts';
import { isClusterNews } from './keys-of-cluster.ts';

/** Keeps the machines of a control plane, one step at a time, and hands out the way in once the first one answers. */
export function createControlPlaneController(context: EngineContext, workloads: WorkloadClusters): Controller {
  const kinds = capiKinds(context, 'capi-kubeadm-control-plane');
  const { clusters, controlPlanes, devMachines, machines, secrets } = kinds;

  const machinesOf = (plane: ControlPlane): Machine[] =>
    machines.list(plane.metadata.namespace).filter((machine) => isControlledBy(machine, plane));

  const clusterOf = ({ metadata }: ControlPlane): Cluster | undefined =>
    clusters.list(metadata.namespace).find(({ metadata: own, spec }) => {
      const { name, kind } = spec.controlPlaneRef ?? {};
      return kind === 'KubeadmControlPlane' && name === metadata.name && own.namespace === metadata.namespace;
    });

  function metadataOf(plane: ControlPlane, cluster: Cluster) {
    const { metadata } = plane.spec.machineTemplate;
    return {
      labels: {
        ...metadata?.labels,
        [labels.cluster]: cluster.metadata.name,
        [labels.controlPlane]: '',
        [labels.controlPlaneName]: plane.metadata.name,
      },
      annotations: { ...metadata?.annotations },
    };
  }

  function isInitialized(plane: ControlPlane, present: readonly Machine[]): boolean {
    if (plane.status?.initialization?.controlPlaneInitialized === true) return true;
    return present.some(({ metadata }) =>
      isTrue(devMachines.get(metadata.namespace, metadata.name)?.status, 'APIServerProvisioned'),
    );
  }

  function move(plane: ControlPlane, cluster: Cluster, present: readonly Machine[]): void {
    const { spec } = plane;
    const metadata = metadataOf(plane, cluster);
    for (const machine of present.filter((each) => !isDeleting(each))) syncMetadata(kinds, machine, metadata);
    const zones = (cluster.status?.failureDomains ?? []).filter(({ controlPlane }) => controlPlane === true);
    const step = decideControlPlane({
      desired: spec.replicas ?? 1,
      maxSurge: spec.rollout?.strategy?.rollingUpdate?.maxSurge ?? 1,
      isInitialized: isInitialized(plane, present),
      machines: present,
      isUpToDate: (machine) => isControlPlaneMachineUpToDate(kinds, plane, machine),
      zones: zones.map(({ name }) => name),
    });
    if (step.kind === 'delete') machines.delete(step.machine);
    if (step.kind !== 'create') return;
    const { infrastructureRef, ...more } = spec.machineTemplate.spec;
    createMachine(context, kinds, {
      owner: plane,
      namePrefix: plane.metadata.name,
      metadata,
      spec: {
        ...more,
        clusterName: cluster.metadata.name,
        version: spec.version,
        ...(step.zone === undefined ? {} : { failureDomain: step.zone }),
      },
      infrastructureRef,
      bootstrap: { spec: spec.kubeadmConfigSpec ?? { format: 'cloud-config' } },
    });
  }

  function handOut(plane: ControlPlane, cluster: Cluster): void {
    const { name, namespace } = cluster.metadata;
    const secret = `${name}-kubeconfig`;
    const kubeconfig = workloads.get(cluster.metadata.uid ?? '')?.kubeconfig;
    if (kubeconfig === undefined) return;
    const data = { value: Buffer.from(kubeconfig).toString('base64') };
    const found = secrets.get(namespace, secret);
    if (found !== undefined) {
      secrets.update({ ...found, data });
      return;
    }
    secrets.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secret,
        namespace,
        labels: { [labels.cluster]: name },
        ownerReferences: [controllerReference(plane)],
      },
      type: `${coreGroup}/secret`,
      data,
    });
  }

  function report(plane: ControlPlane, deletion: DecidedCondition | undefined): void {
    const present = machinesOf(plane);
    const initialized = isInitialized(plane, present);
    const desired = plane.spec.replicas ?? 1;
    const counts = countReplicas(present);
    // Etcd answers while more than half of its members do.
    const hasQuorum = initialized && counts.readyReplicas > Math.floor(present.length / 2);
    const generation = plane.metadata.generation ?? 1;
    const [lowest] = countVersions(present);
    const well = (type: string): DecidedCondition =>
      initialized
        ? condition(type, true, 'Healthy')
        : condition(type, 'Unknown', 'InspectionFailed', 'Waiting for Cluster control plane to be initialized');
    const decided = [
      hasQuorum
        ? condition('Available', true, 'Available')
        : condition(
            'Available',
            false,
            'NotAvailable',
            initialized ? '* Etcd members have no quorum' : 'Control plane not yet initialized',
          ),
      initialized ? condition('Initialized', true, 'Initialized') : condition('Initialized', false, 'NotInitialized'),
      condition('CertificatesAvailable', true, 'Available'),
      well('EtcdClusterHealthy'),
      well('ControlPlaneComponentsHealthy'),
      ...replicaConditions(present, desired, deletion !== undefined),
      deletion ?? condition('Deleting', false, 'NotDeleting'),
    ];
    controlPlanes.updateStatus(plane, {
      ...counts,
      ...versionsOf(present),
      ...(initialized && lowest !== undefined ? { version: lowest.version } : {}),
      ...(initialized ? { initialization: { controlPlaneInitialized: true } } : {}),
      selector: printedSelector({ matchLabels: { [labels.cluster]: clusterNameOf(plane), [labels.controlPlane]: '' } }),
      observedGeneration: generation,
      conditions: mergeConditions(plane.status?.conditions, decided, {
        generation,
        now: timestamp(context.clock.now()),
      }),
    });
  }

  /** The control plane goes last of all machines: those of workers may still need it. */
  function remove(plane: ControlPlane): void {
    const workers = machines
      .list(plane.metadata.namespace)
      .filter((machine) => machine.spec.clusterName === clusterNameOf(plane) && !isControlledBy(machine, plane));
    if (workers.length > 0) {
      const names = workers.map(({ metadata }) => metadata.name).join(', ');
      report(plane, condition('Deleting', true, 'WaitingForWorkersDeletion', `* Machines: ${names}`));
      return;
    }
    const left = machinesOf(plane);
    for (const machine of left) if (!isDeleting(machine)) machines.delete(machine);
    if (left.length === 0) {
      controlPlanes.update(withFinalizer(plane, finalizers.controlPlane, false));
      return;
    }
    const message = `Deleting ${left.length} Machines`;
    report(plane, condition('Deleting', true, 'WaitingForMachineDeletion', message));
  }

  return {
    name: 'capi-control-plane',
    keysOf: keysByResource({
      [`kubeadmcontrolplanes.${controlPlaneGroup}`]: ownKey,
      [`machines.${coreGroup}`]: (object, change) => [
        ...controllerKeys('KubeadmControlPlane')(object, change),
        // A control plane that goes waits for the last worker.
        ...(change.type === 'DELETED'
          ? controlPlanes.list(object.metadata.namespace).filter(isDeleting).flatMap(ownKey)
          : []),
      ],
      [`devmachines.${infrastructureGroup}`]: ({ metadata }) => {
        const owner = machines.get(metadata.namespace, metadata.name);
        const plane = owner === undefined ? undefined : controllerOf(owner);
        return plane?.kind === 'KubeadmControlPlane' ? [`${metadata.namespace ?? ''}/${plane.name}`] : [];
      },
      [`clusters.${coreGroup}`]: (object, change) => {
        const ref = (object as Cluster).spec.controlPlaneRef;
        return ref !== undefined && isClusterNews(object, change)
          ? [`${object.metadata.namespace ?? ''}/${ref.name}`]
          : [];
      },
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const plane = controlPlanes.get(namespace, name);
      if (plane === undefined) return undefined;
      if (isDeleting(plane)) {
        remove(plane);
        return undefined;
      }
      const cluster = clusterOf(plane);
      if (cluster === undefined || cluster.spec.paused === true) return undefined;
      if (plane.metadata.annotations?.[annotations.paused] !== undefined) return undefined;
      const held = controlPlanes.update(withFinalizer(plane, finalizers.controlPlane, true));
      const present = machinesOf(held);
      if (cluster.status?.initialization?.infrastructureProvisioned === true && !isDeleting(cluster)) {
        move(held, cluster, present);
        if (isInitialized(held, present)) handOut(held, cluster);
      }
      report(held, undefined);
      return undefined;
    },
  };
}
