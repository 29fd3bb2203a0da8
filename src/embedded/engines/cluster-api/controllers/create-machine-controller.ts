import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { controllerOf } from '../../../controllers/owner-reference.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import { isEqualJson } from '../../../machinery/json.ts';
import type { EngineContext } from '../../engine.ts';
import { mergeConditions } from '../../merge-conditions.ts';
import { syncedLabels } from '../build-workload-node.ts';
import type { WorkloadClusters } from '../create-workload-clusters.ts';
import {
  type DeletionStep,
  decideMachineConditions,
  decideMachinePhase,
  untilAvailable,
} from '../decide-machine-status.ts';
import { bootstrapGroup, controlPlaneGroup, coreGroup, infrastructureGroup } from '../groups.ts';
import { type Cluster, capiKinds, type Machine, type WorkloadNode } from '../kinds.ts';
import { isMachineUpToDate } from '../machine-templates.ts';
import { annotations, clusterNameOf, finalizers, isDeleting, withFinalizer } from '../metadata.ts';
import { isClusterNews } from './keys-of-cluster.ts';

const hookPrefixes = [
  ['pre-drain.delete.hook.machine.cluster.x-k8s.io', 'WaitingForPreDrainHook'],
  ['pre-terminate.delete.hook.machine.cluster.x-k8s.io', 'WaitingForPreTerminateHook'],
] as const;

/** Joins a machine's host, its bootstrap data and its node, and takes them away in order with it. */
export function createMachineController(context: EngineContext, workloads: WorkloadClusters): Controller {
  const { clock } = context;
  const kinds = capiKinds(context, 'capi-machine');
  const { clusters, configs, devMachines, machines } = kinds;

  /** Takes what the host and the bootstrap data have to say into the machine. */
  function takeOver(machine: Machine): Machine {
    const { namespace, name } = machine.metadata;
    const config = configs.get(namespace, name);
    const host = devMachines.get(namespace, name);
    const dataSecretName = machine.spec.bootstrap.dataSecretName ?? config?.status?.dataSecretName;
    const isProvisioned = host?.status?.initialization?.provisioned === true;
    const spec = {
      ...machine.spec,
      bootstrap: { ...machine.spec.bootstrap, ...(dataSecretName === undefined ? {} : { dataSecretName }) },
      ...(isProvisioned ? { providerID: host.spec.providerID } : {}),
    };
    const held = machines.update({ ...withFinalizer(machine, finalizers.machine, true), spec });
    const failure = host?.status?.failureReason;
    const initialization = {
      ...held.status?.initialization,
      ...(dataSecretName === undefined ? {} : { bootstrapDataSecretCreated: true }),
      ...(isProvisioned ? { infrastructureProvisioned: true } : {}),
    };
    return {
      ...held,
      status: {
        ...held.status,
        ...(Object.keys(initialization).length === 0 ? {} : { initialization }),
        ...(isProvisioned ? { addresses: host.status?.addresses } : {}),
        ...(machine.spec.failureDomain === undefined ? {} : { failureDomain: machine.spec.failureDomain }),
        ...(failure === undefined
          ? {}
          : { deprecated: { v1beta1: { failureReason: failure, failureMessage: host?.status?.failureMessage } } }),
      },
    };
  }

  function findNode(cluster: Cluster, machine: Machine): WorkloadNode | undefined {
    if (cluster.status?.initialization?.controlPlaneInitialized !== true) return undefined;
    const { providerID } = machine.spec;
    const node = workloads.get(cluster.metadata.uid ?? '')?.nodes.get(undefined, machine.metadata.name);
    return providerID !== undefined && node?.spec.providerID === providerID ? node : undefined;
  }

  function syncNode(cluster: Cluster, machine: Machine, node: WorkloadNode): void {
    const labels = { ...node.metadata.labels, ...syncedLabels(machine) };
    if (isEqualJson(labels, node.metadata.labels) || isDeleting(node)) return;
    workloads.get(cluster.metadata.uid ?? '')?.nodes.update({ ...node, metadata: { ...node.metadata, labels } });
  }

  function write(machine: Machine, cluster: Cluster, deletion: DeletionStep | undefined): number | undefined {
    const { namespace, name } = machine.metadata;
    const node = findNode(cluster, machine);
    if (node !== undefined) syncNode(cluster, machine, node);
    const known = machine.status?.nodeRef ?? (node === undefined ? undefined : { name: node.metadata.name });
    const nodeInfo = node?.status?.nodeInfo ?? machine.status?.nodeInfo;
    const seen: Machine = {
      ...machine,
      status: {
        ...machine.status,
        ...(known === undefined ? {} : { nodeRef: known }),
        ...(nodeInfo === undefined ? {} : { nodeInfo }),
      },
    };
    const nowMs = clock.now();
    const decided = decideMachineConditions({
      machine: seen,
      cluster,
      config: configs.get(namespace, name),
      host: devMachines.get(namespace, name),
      node,
      deletion,
      isUpToDate: isMachineUpToDate(kinds, machine),
      nowMs,
    });
    const phase = decideMachinePhase(seen);
    const stamp = { generation: machine.metadata.generation ?? 1, now: timestamp(nowMs) };
    const written = machines.updateStatus(machine, {
      ...seen.status,
      conditions: mergeConditions(machine.status?.conditions, decided, stamp),
      observedGeneration: stamp.generation,
      phase,
      lastUpdated: phase === machine.status?.phase ? machine.status.lastUpdated : stamp.now,
    });
    return untilAvailable(written, nowMs);
  }

  /** The next step of a deletion; undefined when nothing is left to wait for. */
  function takeAway(machine: Machine, cluster: Cluster | undefined): DeletionStep | undefined {
    const { namespace, name } = machine.metadata;
    const [preDrain, preTerminate] = hookPrefixes.map(([prefix, reason]) => {
      const hooks = Object.keys(machine.metadata.annotations ?? {}).filter((key) => key.startsWith(`${prefix}/`));
      return hooks.length === 0 ? undefined : { reason, message: `Waiting for hooks: ${hooks.join(', ')}` };
    });
    if (preDrain !== undefined) return preDrain;
    const workload = workloads.get(cluster?.metadata.uid ?? '');
    const node = workload?.nodes.get(undefined, machine.status?.nodeRef?.name ?? name);
    // A cluster that goes needs no room for the pods of its nodes.
    if (workload !== undefined && node !== undefined && cluster !== undefined && !isDeleting(cluster)) {
      if (node.spec.unschedulable !== true)
        workload.nodes.update({ ...node, spec: { ...node.spec, unschedulable: true } });
      const pods = workload.pods.list().filter(({ spec }) => (spec as { nodeName?: string }).nodeName === name);
      const leaving = pods.filter((pod) => controllerOf(pod)?.kind !== 'DaemonSet');
      for (const pod of leaving.filter((each) => !isDeleting(each))) workload.pods.delete(pod);
      if (leaving.length > 0) {
        return { reason: 'DrainingNode', message: `Drain not completed yet: ${leaving.length} Pods are leaving` };
      }
    }
    if (preTerminate !== undefined) return preTerminate;
    const host = devMachines.get(namespace, name);
    if (host !== undefined) {
      if (!isDeleting(host)) devMachines.delete(host);
      const told = host.status?.conditions?.find(({ reason }) => reason === 'DeletionFailed')?.message;
      return {
        reason: 'WaitingForInfrastructureDeletion',
        message: told === undefined ? 'Waiting for DevMachine to be deleted' : `* DevMachine: ${told}`,
      };
    }
    const config = configs.get(namespace, name);
    if (config !== undefined && !isDeleting(config)) configs.delete(config);
    if (node !== undefined) workload?.nodes.delete(node);
    return undefined;
  }

  return {
    name: 'capi-machine',
    connect(enqueue) {
      workloads.onNews(({ node }) => {
        if (node === undefined) return;
        for (const each of machines.list().filter(({ metadata }) => metadata.name === node)) {
          for (const key of ownKey(each)) enqueue(key);
        }
      });
    },
    keysOf: keysByResource({
      [`machines.${coreGroup}`]: ownKey,
      [`kubeadmconfigs.${bootstrapGroup}`]: ownKey,
      [`devmachines.${infrastructureGroup}`]: ownKey,
      ...Object.fromEntries(
        [
          `machinedeployments.${coreGroup}`,
          `machinesets.${coreGroup}`,
          `kubeadmcontrolplanes.${controlPlaneGroup}`,
        ].map(
          (resource) =>
            [
              resource,
              (object, change) =>
                change.previous?.metadata.generation === object.metadata.generation
                  ? []
                  : keysOfCluster(object.metadata.namespace, clusterNameOf(object)),
            ] satisfies [string, Parameters<typeof keysByResource>[0][string]],
        ),
      ),
      [`clusters.${coreGroup}`]: (object, change) =>
        isClusterNews(object, change) ? keysOfCluster(object.metadata.namespace, object.metadata.name) : [],
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const machine = machines.get(namespace, name);
      if (machine === undefined) return undefined;
      const cluster = clusters.get(namespace, machine.spec.clusterName);
      if (isDeleting(machine)) {
        const step = takeAway(machine, cluster);
        if (step === undefined) {
          machines.update(withFinalizer(machine, finalizers.machine, false));
          return undefined;
        }
        if (cluster !== undefined) write(machine, cluster, step);
        return 1_000 / context.speed;
      }
      if (cluster === undefined || isPaused(cluster, machine)) return undefined;
      return write(takeOver(machine), cluster, undefined);
    },
  };

  function keysOfCluster(namespace: string | undefined, cluster: string): string[] {
    return machines
      .list(namespace)
      .filter(({ spec }) => spec.clusterName === cluster)
      .flatMap(ownKey);
  }
}

function isPaused(cluster: Cluster, { metadata }: Machine): boolean {
  return cluster.spec.paused === true || metadata.annotations?.[annotations.paused] !== undefined;
}
