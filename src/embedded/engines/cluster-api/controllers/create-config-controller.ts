import { stringify } from 'yaml';
import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { controllerReference } from '../../../controllers/owner-reference.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { type DecidedCondition, mergeConditions } from '../../merge-conditions.ts';
import { condition } from '../conditions.ts';
import { bootstrapGroup, coreGroup } from '../groups.ts';
import { type Cluster, capiKinds, type KubeadmConfig } from '../kinds.ts';
import { clusterNameOf, isControlPlaneMachine, isDeleting, labels } from '../metadata.ts';
import { isClusterNews } from './keys-of-cluster.ts';

/** Writes what machines are made nodes with into Secrets: the first control plane machine's, then all others'. */
export function createConfigController(context: EngineContext): Controller {
  const { clusters, configs, secrets } = capiKinds(context, 'capi-kubeadm-bootstrap');

  /** Why there is nothing to be told yet; undefined when there is. */
  function waitingFor(cluster: Cluster, config: KubeadmConfig): string | undefined {
    if (cluster.status?.initialization?.infrastructureProvisioned !== true) {
      return 'Waiting for Cluster status.infrastructureReady to be true';
    }
    if (cluster.status.initialization.controlPlaneInitialized === true) return undefined;
    // Only one machine makes the cluster, the others join it; the control plane makes no second one before.
    return isControlPlaneMachine(config) ? undefined : 'Waiting for Cluster control plane to be initialized';
  }

  function writeData(config: KubeadmConfig): void {
    const { name, namespace } = config.metadata;
    if (secrets.get(namespace, name) !== undefined) return;
    const data = `## template: jinja\n#cloud-config\n\n${stringify({ users: config.spec?.users ?? [] })}`;
    secrets.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace,
        labels: { [labels.cluster]: clusterNameOf(config) },
        ownerReferences: [controllerReference(config)],
      },
      type: `${coreGroup}/secret`,
      data: {
        value: Buffer.from(data).toString('base64'),
        format: Buffer.from('cloud-config').toString('base64'),
      },
    });
  }

  return {
    name: 'capi-kubeadm-config',
    keysOf: keysByResource({
      [`kubeadmconfigs.${bootstrapGroup}`]: ownKey,
      [`clusters.${coreGroup}`]: (object, change) =>
        isClusterNews(object, change)
          ? configs
              .list(object.metadata.namespace)
              .filter((each) => clusterNameOf(each) === object.metadata.name)
              .flatMap(ownKey)
          : [],
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const config = configs.get(namespace, name);
      const cluster = config === undefined ? undefined : clusters.get(namespace, clusterNameOf(config));
      if (config === undefined || cluster === undefined || isDeleting(config)) return undefined;
      if (config.status?.initialization?.dataSecretCreated === true) return undefined;
      const why = waitingFor(cluster, config);
      if (why === undefined) writeData(config);
      const decided: DecidedCondition[] = ['Ready', 'DataSecretAvailable'].map((type) =>
        why === undefined
          ? condition(type, true, type === 'Ready' ? 'Ready' : 'Available')
          : condition(type, false, type === 'Ready' ? 'NotReady' : 'NotAvailable', why),
      );
      const stamp = { generation: config.metadata.generation ?? 1, now: timestamp(context.clock.now()) };
      configs.updateStatus(config, {
        conditions: mergeConditions(config.status?.conditions, decided, stamp),
        observedGeneration: stamp.generation,
        ...(why === undefined ? { dataSecretName: name, initialization: { dataSecretCreated: true } } : {}),
      });
      return undefined;
    },
  };
}
