import type { EmbeddedEngine } from '../engine.ts';
import { baseClassObjects } from './base-class.ts';
import { createClassController } from './controllers/create-class-controller.ts';
import { createClusterController } from './controllers/create-cluster-controller.ts';
import { createConfigController } from './controllers/create-config-controller.ts';
import { createControlPlaneController } from './controllers/create-control-plane-controller.ts';
import { createDevClusterController } from './controllers/create-dev-cluster-controller.ts';
import { createDevMachineController } from './controllers/create-dev-machine-controller.ts';
import { createHostController } from './controllers/create-host-controller.ts';
import { createMachineController } from './controllers/create-machine-controller.ts';
import { createMachineDeploymentController } from './controllers/create-machine-deployment-controller.ts';
import { createMachineSetController } from './controllers/create-machine-set-controller.ts';
import { createTopologyController } from './controllers/create-topology-controller.ts';
import { createWorkloadClusters } from './create-workload-clusters.ts';
import { clusterClassDefinition } from './definitions/cluster-class-definition.ts';
import { clusterDefinition } from './definitions/cluster-definition.ts';
import { hostDefinition } from './definitions/host-definition.ts';
import { machineDefinitions } from './definitions/machine-definitions.ts';
import { providerDefinitions } from './definitions/provider-definitions.ts';
import { clusterClassWebhook } from './webhooks/cluster-class-webhook.ts';
import { clusterWebhook } from './webhooks/cluster-webhook.ts';
import { controlPlaneWebhook } from './webhooks/control-plane-webhook.ts';
import { machineDeploymentWebhook, machineSetWebhook, machineWebhook } from './webhooks/machine-webhooks.ts';

/**
 * Cluster API 1.14 with the kubeadm providers and an infrastructure in memory: clusters, their control planes and machines,
 * hosts of Metal³ that machines may be, and one class to make clusters of. The clusters are embedded ones too, in this process.
 */
export const clusterApiEngine: EmbeddedEngine = {
  name: 'cluster-api',
  objects: [
    clusterDefinition,
    clusterClassDefinition,
    ...machineDefinitions,
    ...providerDefinitions,
    hostDefinition,
    ...baseClassObjects,
  ],
  webhooks: [
    clusterClassWebhook,
    clusterWebhook,
    controlPlaneWebhook,
    machineDeploymentWebhook,
    machineSetWebhook,
    machineWebhook,
  ],
  createControllers(context) {
    const workloads = createWorkloadClusters(context);
    return [
      createClassController(context),
      createTopologyController(context),
      createClusterController(context, workloads),
      createDevClusterController(context, workloads),
      createControlPlaneController(context, workloads),
      createMachineDeploymentController(context),
      createMachineSetController(context),
      createConfigController(context),
      createDevMachineController(context, workloads),
      createHostController(context),
      createMachineController(context, workloads),
    ];
  },
};
