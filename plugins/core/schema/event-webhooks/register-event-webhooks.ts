import type { LongshoreBuilder } from 'longshore/sdk';
import { registerEventWebhookMutations } from './event-webhook-mutations.ts';
import { registerEventWebhookType } from './event-webhook-type.ts';
import { registerEventWebhookLoader } from './load-event-webhooks.ts';

/** Outgoing webhooks: what subscriptions tell, for those who cannot hold a socket. Incoming ones are routes of plugins (`webhooks`). */
export function registerEventWebhooks(builder: LongshoreBuilder): void {
  registerEventWebhookType(builder);
  registerEventWebhookLoader(builder);
  registerEventWebhookMutations(builder);
}
