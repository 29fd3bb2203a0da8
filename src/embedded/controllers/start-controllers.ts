import type { CertificateAuthority } from '../certificates/create-certificates.ts';
import type { ContainerSessions } from '../containers/container-session.ts';
import { createContainerSessions } from '../containers/create-container-sessions.ts';
import { createUsageSource, type UsageSource } from '../containers/usage/create-usage-source.ts';
import type { ClusterClock, ClusterStore, LogSource } from '../store/types.ts';
import { createAutoscalerController } from './autoscaling/create-autoscaler-controller.ts';
import { buildNode, nodeName } from './build-node.ts';
import type { ClusterContext, ControllerLogger } from './cluster-context.ts';
import { createContainerKills } from './container-kills.ts';
import { createCertificateController } from './create-certificate-controller.ts';
import { createCronJobController } from './create-cron-job-controller.ts';
import { createDaemonSetController } from './create-daemon-set-controller.ts';
import { createDeploymentController } from './create-deployment-controller.ts';
import { createDisruptionController } from './create-disruption-controller.ts';
import { createEventExpiry } from './create-event-expiry.ts';
import { createEventRecorder } from './create-event-recorder.ts';
import { createGarbageCollector } from './create-garbage-collector.ts';
import { createJobController } from './create-job-controller.ts';
import { createKubelet } from './create-kubelet.ts';
import { createLoadBalancerController } from './create-load-balancer-controller.ts';
import { createNamespaceController, ensureSystemNamespaces } from './create-namespace-controller.ts';
import { createNodeController } from './create-node-controller.ts';
import { createNodeLifecycleController } from './create-node-lifecycle-controller.ts';
import { createPodGarbageCollector } from './create-pod-garbage-collector.ts';
import { createPodIndex } from './create-pod-index.ts';
import { createQuotaController } from './create-quota-controller.ts';
import { createReplicaSetController } from './create-replica-set-controller.ts';
import { createResourceCatalog } from './create-resource-catalog.ts';
import { createRoleAggregationController } from './create-role-aggregation-controller.ts';
import { createScheduler } from './create-scheduler.ts';
import { createStatefulSetController } from './create-stateful-set-controller.ts';
import { createTaintEvictionController } from './create-taint-eviction-controller.ts';
import { createTokenController, type SignSecretToken } from './create-token-controller.ts';
import { createEndpointMirroring } from './endpoints/create-endpoint-mirroring.ts';
import { createEndpointSliceController } from './endpoints/create-endpoint-slice-controller.ts';
import { createEndpointsController } from './endpoints/create-endpoints-controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Node } from './kubernetes-shapes.ts';
import { createContainerLogs } from './logs/create-container-logs.ts';
import { createPodNetwork } from './pod-network.ts';
import { runControllers } from './run-controllers.ts';
import { createEphemeralVolumes } from './volumes/create-ephemeral-volumes.ts';
import { createVolumeAttacher } from './volumes/create-volume-attacher.ts';
import { createVolumeBinder } from './volumes/create-volume-binder.ts';
import { createVolumeProtection } from './volumes/create-volume-protection.ts';
import { createVolumeProvisioner } from './volumes/create-volume-provisioner.ts';
import { ensureStorageClass } from './volumes/storage-class.ts';
import { createVolumeSources } from './volumes/volume-sources.ts';

export interface ControllersOptions {
  readonly store: ClusterStore;
  readonly clock: ClusterClock;
  /** How many simulated nodes the cluster starts with. */
  readonly nodes: number;
  /**
   * Divides simulated delays (image pull, start, back-off, run times) and the gaps between log lines: 1 is lively but
   * human, tests take 20 or more. What specs declare in seconds for controllers keeps its length.
   */
  readonly speed: number;
  readonly logger: ControllerLogger;
  /** PEM of the authority that signed the API server's certificate, for the ConfigMap kube-root-ca.crt. */
  readonly rootCertificate?: string;
  /** Signs certificates for approved requests; without it they wait. */
  readonly authority?: CertificateAuthority;
  /** Signs tokens for Secrets of service accounts; without it such Secrets stay empty. */
  readonly signSecretToken?: SignSecretToken;
  /** Source of chance in [0, 1); Math.random unless a test wants the same run twice. */
  readonly random?: () => number;
}

export interface RunningControllers {
  /** Nothing is written after this resolves. */
  stop(): Promise<void>;
  readonly logs: LogSource;
  /** Processes in the simulated containers. */
  readonly sessions: ContainerSessions;
  readonly usage: UsageSource;
  /** What further controllers of the same cluster are built from. */
  readonly context: ClusterContext;
}

/** Makes a cluster's objects come alive: nodes, scheduler, kubelets and the controllers of the built-in kinds. */
export function startControllers(options: ControllersOptions): RunningControllers {
  const { store, clock, logger, speed } = options;
  const random = options.random ?? Math.random;
  const events = createEventRecorder(store, clock, (cause) => {
    logger.warn({ err: cause }, 'an event could not be recorded');
  });
  const context: ClusterContext = {
    store,
    clock,
    logger,
    speed,
    events,
    random,
    podIndex: createPodIndex(store),
    containerKills: createContainerKills(),
    podNetwork: createPodNetwork(),
    volumeSources: createVolumeSources(),
  };
  const logs = createContainerLogs(clock, speed, random);
  const catalog = createResourceCatalog(store);
  ensureSystemNamespaces(context);
  ensureStorageClass(context);
  registerNodes(context, options.nodes);
  const usage = createUsageSource(store, clock);
  const stop = runControllers({
    store,
    clock,
    logger,
    resources: catalog.all(),
    controllers: [
      createNamespaceController(context, catalog, options.rootCertificate ?? ''),
      createNodeController(context),
      // Before the scheduler too, so that the first pods find nodes whose taints are off.
      createNodeLifecycleController(context),
      createTaintEvictionController(context),
      createPodGarbageCollector(context),
      // Before the scheduler, so that a claim made together with its pod is bound when the pod's turn comes.
      createEphemeralVolumes(context),
      createVolumeBinder(context),
      createVolumeProvisioner(context),
      createVolumeProtection(context),
      createVolumeAttacher(context),
      createScheduler(context),
      createKubelet(context, logs),
      createDeploymentController(context),
      createReplicaSetController(context),
      createStatefulSetController(context),
      createDaemonSetController(context),
      createJobController(context),
      createCronJobController(context),
      createEndpointsController(context),
      createEndpointSliceController(context),
      createEndpointMirroring(context),
      createLoadBalancerController(context),
      createGarbageCollector(context, catalog),
      createDisruptionController(context, catalog),
      createQuotaController(context, catalog),
      createAutoscalerController(context, usage),
      createEventExpiry(context),
      createRoleAggregationController(context),
      ...(options.authority === undefined ? [] : [createCertificateController(context, options.authority)]),
      ...(options.signSecretToken === undefined
        ? []
        : [createTokenController(context, options.rootCertificate ?? '', options.signSecretToken)]),
    ],
  });
  const sessions = createContainerSessions({ store, clock, logs: logs.source });
  return {
    stop() {
      stop();
      sessions.stop();
      return Promise.resolve();
    },
    logs: logs.source,
    sessions,
    usage,
    context,
  };
}

function registerNodes(context: ClusterContext, count: number): void {
  const nodes = createKindClient<Node>(context.store, 'kubelet', '', 'nodes');
  for (let index = 0; index < count; index += 1) {
    if (nodes.get(undefined, nodeName(index)) === undefined) nodes.create(buildNode(index));
  }
}
