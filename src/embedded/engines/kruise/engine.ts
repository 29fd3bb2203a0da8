import type { EmbeddedEngine } from '../engine.ts';
import { cloneSetWebhook } from './clone-set/clone-set-webhook.ts';
import { createCloneSetController } from './clone-set/create-clone-set-controller.ts';
import { cloneSetDefinition } from './clone-set/definition.ts';

/** OpenKruise 1.9 with its default feature gates, as far as CloneSets go: updated in place or replaced, group by group. */
export const kruiseEngine: EmbeddedEngine = {
  name: 'kruise',
  objects: [cloneSetDefinition],
  webhooks: [cloneSetWebhook],
  createControllers: (context) => [createCloneSetController(context)],
};
