import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { type DecidedCondition, mergeConditions } from '../../merge-conditions.ts';
import { condition } from '../conditions.ts';
import { mostWorkloadClusters, type WorkloadClusters, type WorkloadState } from '../create-workload-clusters.ts';
import { infrastructureGroup } from '../groups.ts';
import { capiKinds, type DevCluster } from '../kinds.ts';
import { clusterNameOf, finalizers, isDeleting, withFinalizer } from '../metadata.ts';

/** Provides a cluster's simulated infrastructure: the endpoint of its API, which a cluster in this process answers. */
export function createDevClusterController(context: EngineContext, workloads: WorkloadClusters): Controller {
  const { clusters, devClusters } = capiKinds(context, 'capd');

  function report(dev: DevCluster, state: WorkloadState): void {
    const stamp = { generation: dev.metadata.generation ?? 1, now: timestamp(context.clock.now()) };
    const zones = dev.spec.backend.inMemory?.failureDomains ?? [];
    const isRunning = state.phase === 'running';
    devClusters.updateStatus(dev, {
      ...dev.status,
      conditions: mergeConditions(dev.status?.conditions, [readyOf(state)], stamp),
      ...(zones.length === 0 ? {} : { failureDomains: zones.map((name) => ({ name, controlPlane: true })) }),
      ...(isRunning ? { initialization: { provisioned: true } } : {}),
    });
  }

  return {
    name: 'capi-dev-cluster',
    connect(enqueue) {
      workloads.onNews(({ node }) => {
        if (node === undefined) for (const each of devClusters.list()) for (const key of ownKey(each)) enqueue(key);
      });
    },
    keysOf: keysByResource({ [`devclusters.${infrastructureGroup}`]: ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const dev = devClusters.get(namespace, name);
      if (dev === undefined) return undefined;
      const cluster = clusters.get(namespace, clusterNameOf(dev));
      if (isDeleting(dev)) {
        for (const { uid = '' } of dev.metadata.ownerReferences ?? []) workloads.end(uid);
        devClusters.update(withFinalizer(dev, finalizers.devCluster, false));
        return undefined;
      }
      if (cluster === undefined) return undefined;
      const state = workloads.ensure(cluster.metadata.uid ?? '', cluster.metadata.name);
      const held = devClusters.update({
        ...withFinalizer(dev, finalizers.devCluster, true),
        spec: {
          ...dev.spec,
          ...(state.phase === 'running'
            ? { controlPlaneEndpoint: { host: state.cluster.host, port: state.cluster.port } }
            : {}),
        },
      });
      report(held, state);
      return undefined;
    },
  };
}

function readyOf(state: WorkloadState): DecidedCondition {
  if (state.phase === 'running') return condition('Ready', true, 'Ready');
  const [reason, message] =
    state.phase === 'full'
      ? ['TooManyClusters', `${mostWorkloadClusters} simulated clusters run already, which is all there is room for`]
      : state.phase === 'failed'
        ? ['StartFailed', `the simulated cluster did not start: ${state.why}`]
        : ['NotReady', 'the simulated cluster is starting'];
  return condition('Ready', false, reason, message);
}
