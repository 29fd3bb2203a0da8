import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { mergeConditions } from '../../merge-conditions.ts';
import type { WorkloadClusters } from '../create-workload-clusters.ts';
import {
  type ClusterView,
  decideClusterConditions,
  decideClusterCounts,
  decideClusterPhase,
} from '../decide-cluster-status.ts';
import { controlPlaneGroup, coreGroup, infrastructureGroup } from '../groups.ts';
import { type Cluster, capiKinds } from '../kinds.ts';
import { clusterNameOf, finalizers, isDeleting, withFinalizer } from '../metadata.ts';
import { clusterKey } from './keys-of-cluster.ts';

/** Says of a cluster how far it is, and takes it away from the workers to the infrastructure. */
export function createClusterController(context: EngineContext, workloads: WorkloadClusters): Controller {
  const { clusters, controlPlanes, deployments, devClusters, machines, sets } = capiKinds(context, 'capi-cluster');

  function viewOf(cluster: Cluster, deletion: ClusterView['deletion']): ClusterView {
    const { name, namespace } = cluster.metadata;
    const { infrastructureRef, controlPlaneRef } = cluster.spec;
    const infrastructure = devClusters.get(namespace, infrastructureRef?.name ?? '');
    return {
      cluster,
      infrastructure,
      controlPlane: controlPlanes.get(namespace, controlPlaneRef?.name ?? ''),
      deployments: deployments.list(namespace).filter(({ spec }) => spec.clusterName === name),
      machines: machines.list(namespace).filter(({ spec }) => spec.clusterName === name),
      isReachable:
        cluster.status?.initialization?.controlPlaneInitialized === true &&
        workloads.get(cluster.metadata.uid ?? '') !== undefined,
      deletion,
    };
  }

  /** Takes what the infrastructure and the control plane have to say into the cluster. */
  function takeOver(cluster: Cluster): Cluster {
    const { infrastructure, controlPlane } = viewOf(cluster, undefined);
    const isProvisioned = infrastructure?.status?.initialization?.provisioned === true;
    const endpoint = isProvisioned ? infrastructure.spec.controlPlaneEndpoint : undefined;
    const held = clusters.update({
      ...withFinalizer(cluster, finalizers.cluster, true),
      spec: { ...cluster.spec, ...(endpoint === undefined ? {} : { controlPlaneEndpoint: endpoint }) },
    });
    const isInitialized = controlPlane?.status?.initialization?.controlPlaneInitialized === true;
    const initialization = {
      ...held.status?.initialization,
      ...(isProvisioned ? { infrastructureProvisioned: true } : {}),
      ...(isInitialized ? { controlPlaneInitialized: true } : {}),
    };
    const zones = infrastructure?.status?.failureDomains;
    return {
      ...held,
      status: {
        ...held.status,
        ...(Object.keys(initialization).length === 0 ? {} : { initialization }),
        ...(zones === undefined ? {} : { failureDomains: zones }),
      },
    };
  }

  function write(cluster: Cluster, deletion: ClusterView['deletion']): void {
    const view = viewOf(cluster, deletion);
    const generation = cluster.metadata.generation ?? 1;
    const stamp = { generation, now: timestamp(context.clock.now()) };
    const { conditions = [] } = cluster.status ?? {};
    const merged = mergeConditions(conditions, decideClusterConditions(view), stamp);
    clusters.updateStatus(cluster, {
      ...cluster.status,
      ...decideClusterCounts(view),
      conditions: [...merged, ...conditions.filter(({ type }) => type === 'TopologyReconciled')],
      observedGeneration: generation,
      phase: decideClusterPhase(view),
    });
  }

  /** The next step of a deletion; undefined when nothing is left to wait for. */
  function takeAway(cluster: Cluster): ClusterView['deletion'] {
    const { name, namespace } = cluster.metadata;
    const { controlPlane, infrastructure, deployments: groups } = viewOf(cluster, undefined);
    for (const group of groups) if (!isDeleting(group)) deployments.delete(group);
    // Sets and machines that nobody keeps go with the cluster that they name.
    const free = [
      ...sets.list(namespace).map((object) => ({ object, client: sets })),
      ...machines.list(namespace).map((object) => ({ object, client: machines })),
    ].filter(({ object }) => object.spec.clusterName === name);
    for (const { object, client } of free) {
      const isKept = object.metadata.ownerReferences?.some(({ controller }) => controller === true) === true;
      if (!isKept && !isDeleting(object)) client.delete(object);
    }
    const workers = machines
      .list(namespace)
      .filter(
        (machine) =>
          machine.spec.clusterName === name && machine.metadata.labels?.[`${coreGroup}/control-plane`] === undefined,
      );
    if (groups.length > 0 || workers.length > 0) {
      const told = [
        ...(groups.length > 0
          ? [`* MachineDeployments: ${groups.map(({ metadata }) => metadata.name).join(', ')}`]
          : []),
        ...(workers.length > 0
          ? [`* Worker Machines: ${workers.map(({ metadata }) => metadata.name).join(', ')}`]
          : []),
      ];
      return { reason: 'WaitingForWorkersDeletion', message: told.join('\n') };
    }
    if (controlPlane !== undefined) {
      if (!isDeleting(controlPlane)) controlPlanes.delete(controlPlane);
      return { reason: 'WaitingForControlPlaneDeletion', message: 'Waiting for KubeadmControlPlane to be deleted' };
    }
    if (infrastructure !== undefined) {
      if (!isDeleting(infrastructure)) devClusters.delete(infrastructure);
      return { reason: 'WaitingForInfrastructureDeletion', message: 'Waiting for DevCluster to be deleted' };
    }
    return undefined;
  }

  return {
    name: 'capi-cluster',
    connect(enqueue) {
      workloads.onNews(({ node }) => {
        if (node === undefined) for (const each of clusters.list()) for (const key of ownKey(each)) enqueue(key);
      });
    },
    keysOf: keysByResource({
      [`clusters.${coreGroup}`]: (object, { type }) => {
        if (type === 'DELETED') workloads.end(object.metadata.uid ?? '');
        return ownKey(object);
      },
      [`devclusters.${infrastructureGroup}`]: clusterKey,
      [`kubeadmcontrolplanes.${controlPlaneGroup}`]: clusterKey,
      [`machinedeployments.${coreGroup}`]: clusterKey,
      [`machinesets.${coreGroup}`]: (object, { type }) => (type === 'DELETED' ? clusterKey(object) : []),
      [`machines.${coreGroup}`]: (object) => [`${object.metadata.namespace ?? ''}/${clusterNameOf(object)}`],
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const cluster = clusters.get(namespace, name);
      if (cluster === undefined) return undefined;
      if (isDeleting(cluster)) {
        const step = takeAway(cluster);
        const now = clusters.get(namespace, name);
        if (now === undefined) return undefined;
        if (step === undefined) clusters.update(withFinalizer(now, finalizers.cluster, false));
        else write(now, step);
        return undefined;
      }
      write(cluster.spec.paused === true ? cluster : takeOver(cluster), undefined);
      return undefined;
    },
  };
}
