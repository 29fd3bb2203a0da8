import type { EmbeddedEngine } from '../engine.ts';
import { cloneSetWebhook } from './clone-set/clone-set-webhook.ts';
import { createCloneSetController } from './clone-set/create-clone-set-controller.ts';
import { cloneSetDefinition } from './clone-set/definition.ts';
import { createRecreateController } from './recreate/create-recreate-controller.ts';
import { recreateRequestDefinition } from './recreate/definition.ts';
import { recreateWebhook } from './recreate/recreate-webhook.ts';
import { advancedStatefulSetWebhook } from './stateful-set/advanced-stateful-set-webhook.ts';
import { createAdvancedStatefulSetController } from './stateful-set/create-advanced-stateful-set-controller.ts';
import { advancedStatefulSetDefinition } from './stateful-set/definition.ts';

/**
 * OpenKruise 1.9 with its default feature gates: CloneSets and Advanced StatefulSets, updated in place or replaced,
 * and restarts of single containers.
 */
export const kruiseEngine: EmbeddedEngine = {
  name: 'kruise',
  objects: [cloneSetDefinition, advancedStatefulSetDefinition, recreateRequestDefinition],
  webhooks: [cloneSetWebhook, advancedStatefulSetWebhook, recreateWebhook],
  createControllers: (context) => [
    createCloneSetController(context),
    createAdvancedStatefulSetController(context),
    createRecreateController(context),
  ],
};
