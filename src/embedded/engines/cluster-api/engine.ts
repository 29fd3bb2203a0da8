import type { EmbeddedEngine } from '../engine.ts';
import { baseClassObjects } from './base-class.ts';
import { clusterClassDefinition } from './definitions/cluster-class-definition.ts';
import { clusterDefinition } from './definitions/cluster-definition.ts';
import { machineDefinitions } from './definitions/machine-definitions.ts';
import { providerDefinitions } from './definitions/provider-definitions.ts';
import { clusterClassWebhook } from './webhooks/cluster-class-webhook.ts';
import { clusterWebhook } from './webhooks/cluster-webhook.ts';
import { controlPlaneWebhook } from './webhooks/control-plane-webhook.ts';
import { machineDeploymentWebhook, machineSetWebhook, machineWebhook } from './webhooks/machine-webhooks.ts';

/**
 * Cluster API 1.14 with the kubeadm providers and an infrastructure in memory: clusters, their control planes and machines,
 * and one class to make them of.
 */
export const clusterApiEngine: EmbeddedEngine = {
  name: 'cluster-api',
  objects: [
    clusterDefinition,
    clusterClassDefinition,
    ...machineDefinitions,
    ...providerDefinitions,
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
};
