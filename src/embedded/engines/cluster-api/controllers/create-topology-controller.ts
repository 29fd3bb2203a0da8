import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { controllerReference } from '../../../controllers/owner-reference.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { type DecidedCondition, mergeConditions } from '../../merge-conditions.ts';
import { condition } from '../conditions.ts';
import { controlPlaneGroup, coreGroup } from '../groups.ts';
import { type Cluster, type ClusterClass, capiKinds, type MachineDeployment, type Template } from '../kinds.ts';
import { isDeleting, labels } from '../metadata.ts';
import { decideTopology, type FindTemplate, refTo } from '../topology/decide-topology.ts';
import { decideVersions, type VersionPlan } from '../topology/decide-versions.ts';
import { clusterKey, isClusterNews } from './keys-of-cluster.ts';
import { writeWanted } from './write-wanted.ts';

const type = 'TopologyReconciled';

/** Makes of a Cluster's topology the objects that its class says, and leads upgrades from the control plane to the workers. */
export function createTopologyController(context: EngineContext): Controller {
  const { store, clock } = context;
  const { clusters, classes, controlPlanes, deployments } = capiKinds(context, 'capi-topology');

  const templateFinder =
    ({ metadata }: ClusterClass): FindTemplate =>
    (ref) => {
      const resource = store.resourceOfKind(ref.apiVersion.split('/')[0] ?? '', ref.kind);
      const found = resource === undefined ? undefined : store.get(resource, metadata.namespace, ref.name);
      if (found === undefined) throw new Error(`failed to get ${ref.kind} ${ref.name}: not found`);
      return found as Template;
    };

  const deploymentsOf = ({ metadata }: Cluster): MachineDeployment[] =>
    deployments
      .list(metadata.namespace)
      .filter((each) => each.metadata.labels?.[labels.cluster] === metadata.name)
      .filter((each) => each.metadata.labels?.[labels.topologyOwned] !== undefined);

  function planVersions(cluster: Cluster, wanted: string): VersionPlan {
    const { namespace, name } = cluster.metadata;
    const plane = controlPlanes.get(namespace, name);
    const status = plane?.status;
    const desired = plane?.spec.replicas ?? 1;
    const counts = [status?.replicas, status?.upToDateReplicas, status?.readyReplicas];
    const present = new Map(
      deploymentsOf(cluster).map((each) => [each.metadata.labels?.[labels.topologyDeployment] ?? '', each]),
    );
    const names = (cluster.spec.topology?.workers?.machineDeployments ?? []).map((group) => group.name);
    return decideVersions(
      wanted,
      { version: status?.version, isStable: counts.every((count) => count === desired) },
      names.map((topologyName) => {
        const found = present.get(topologyName);
        const version = found?.spec.template.spec.version;
        const { upToDateReplicas = 0, replicas = 0 } = found?.status ?? {};
        const isRollingOut =
          found !== undefined && version === wanted && upToDateReplicas < Math.max(replicas, found.spec.replicas ?? 0);
        return { topologyName, version, isRollingOut };
      }),
    );
  }

  function build(cluster: Cluster, clusterClass: ClusterClass): DecidedCondition {
    const wanted = decideTopology(cluster, clusterClass, templateFinder(clusterClass));
    const version = cluster.spec.topology?.version ?? '';
    const owner = controllerReference(cluster);
    const { infrastructureRef, controlPlaneRef } = cluster.spec;
    writeWanted(context, wanted.infrastructure, owner);
    for (const template of wanted.controlPlaneTemplates) writeWanted(context, template, owner);
    const plan = planVersions(cluster, version);
    writeWanted(context, wanted.controlPlane, owner);
    if (infrastructureRef === undefined || controlPlaneRef === undefined) {
      const refs = { infrastructureRef: refTo(wanted.infrastructure), controlPlaneRef: refTo(wanted.controlPlane) };
      clusters.update({ ...cluster, spec: { ...cluster.spec, ...refs } });
    }
    for (const { topologyName, deployment, templates } of wanted.groups) {
      for (const template of templates) writeWanted(context, template, owner);
      const { template } = deployment.spec as unknown as MachineDeployment['spec'];
      const spec = { ...template.spec, version: plan.versions.get(topologyName) };
      writeWanted(context, { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } }, owner);
    }
    const names = new Set(wanted.groups.map(({ deployment }) => deployment.metadata.name));
    for (const each of deploymentsOf(cluster)) {
      if (!names.has(each.metadata.name) && !isDeleting(each)) deployments.delete(each);
    }
    return describe(cluster, version, plan);
  }

  function describe(cluster: Cluster, version: string, { pending }: VersionPlan): DecidedCondition {
    const plane = controlPlanes.get(cluster.metadata.namespace, cluster.metadata.name)?.status?.version;
    if (plane !== undefined && plane !== version) {
      const message = `Cluster is upgrading to ${version}\n* KubeadmControlPlane ${cluster.metadata.name} upgrading to version ${version}`;
      return condition(type, false, 'ClusterUpgrading', message);
    }
    if (pending.length > 0) {
      const message = `Cluster is upgrading to ${version}\n* MachineDeployments ${pending.join(', ')} pending upgrade to version ${version}`;
      return condition(type, false, 'ClusterUpgrading', message);
    }
    return condition(type, true, 'ReconcileSucceeded');
  }

  function tryBuild(cluster: Cluster): DecidedCondition {
    if (isDeleting(cluster)) return condition(type, false, 'Deleting', 'Cluster is deleting');
    if (cluster.spec.paused === true) return condition(type, 'Unknown', 'Paused', 'Cluster spec.paused is set to true');
    const ref = cluster.spec.topology?.classRef;
    const namespace = ref?.namespace ?? cluster.metadata.namespace;
    const clusterClass = classes.get(namespace, ref?.name ?? '');
    if (clusterClass === undefined) {
      const message = `error reconciling the Cluster topology: failed to get ClusterClass ${namespace}/${ref?.name}: not found`;
      return condition(type, false, 'ReconcileFailed', message);
    }
    try {
      return build(cluster, clusterClass);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      return condition(type, false, 'ReconcileFailed', `error reconciling the Cluster topology: ${why}`);
    }
  }

  return {
    name: 'capi-topology',
    keysOf: keysByResource({
      [`clusters.${coreGroup}`]: (object, change) => {
        const before = change.previous as Cluster | undefined;
        const isChanged = before?.metadata.generation !== object.metadata.generation;
        return isChanged || isClusterNews(object, change) ? ownKey(object) : [];
      },
      [`clusterclasses.${coreGroup}`]: ({ metadata }) =>
        clusters
          .list()
          .filter(({ spec }) => spec.topology?.classRef.name === metadata.name)
          .flatMap(ownKey),
      [`kubeadmcontrolplanes.${controlPlaneGroup}`]: clusterKey,
      [`machinedeployments.${coreGroup}`]: clusterKey,
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const cluster = clusters.get(namespace, name);
      if (cluster?.spec.topology === undefined) return undefined;
      const decided = tryBuild(cluster);
      const now = clusters.get(namespace, name);
      if (now === undefined) return undefined;
      const { conditions = [] } = now.status ?? {};
      const stamp = { generation: now.metadata.generation ?? 1, now: timestamp(clock.now()) };
      const others = conditions.filter((each) => each.type !== type);
      const [merged] = mergeConditions(conditions, [decided], stamp);
      clusters.updateStatus(now, { ...now.status, conditions: [...others, merged] });
      return undefined;
    },
  };
}
