import {
  type Database,
  type EgressClient,
  type KeyRing,
  type PluginEnvironment,
  type StandingSubscriptions,
  serviceRef,
  type Users,
} from 'longshore/sdk';
import type { EventWebhooksService } from './event-webhooks-service.ts';
import type { EventWebhookMeters } from './webhook-meters.ts';

/** What the loop that tells webhooks needs. A manifest is data, so `setup` hands it over as a service of the plugin's own. */
export interface WebhookDesk {
  readonly webhooks: EventWebhooksService;
  readonly database: Pick<Database, 'onSignal' | 'onSignalGap'>;
  readonly users: Pick<Users, 'actingAs'>;
  readonly contextFor: PluginEnvironment['contextFor'];
  readonly subscriptions: StandingSubscriptions;
  readonly egress: Pick<EgressClient, 'request' | 'objectionTo'>;
  readonly keys: KeyRing;
  readonly meters: EventWebhookMeters;
  readonly policy: WebhookPolicy;
}

/** How patient the loop is. */
export interface WebhookPolicy {
  /** How often an event that the receiver refuses is tried. */
  readonly maxAttempts: number;
  /** How long a receiver may take nothing before the webhook is stopped. */
  readonly stopAfterMs: number;
  /** How long the secret before a rotation still signs. */
  readonly overlapMs: number;
}

export const webhookDeskRef = serviceRef<WebhookDesk>('core.eventWebhookDesk');
