import type { PluginEnvironment } from 'longshore/sdk';
import { createEventWebhooksService } from './event-webhooks-service.ts';
import type { WebhookDesk } from './webhook-desk.ts';
import { createEventWebhookMeters } from './webhook-meters.ts';

export interface EventWebhookSettings {
  readonly maxAttempts: number;
  readonly stopAfterHours: number;
  readonly deadLetterDays: number;
  readonly secretOverlapHours: number;
}

const hourMs = 3_600_000;

export function createWebhookDesk(
  env: Pick<
    PluginEnvironment,
    'database' | 'clock' | 'users' | 'contextFor' | 'standingSubscriptions' | 'egress' | 'keys' | 'meters'
  >,
  settings: EventWebhookSettings,
): WebhookDesk {
  const { database, clock, users, contextFor, egress, keys } = env;
  const { maxAttempts, stopAfterHours, deadLetterDays, secretOverlapHours } = settings;
  return {
    webhooks: createEventWebhooksService({ database, clock, deadLetterDays }),
    subscriptions: env.standingSubscriptions,
    meters: createEventWebhookMeters(env.meters),
    policy: { maxAttempts, stopAfterMs: stopAfterHours * hourMs, overlapMs: secretOverlapHours * hourMs },
    ...{ database, users, contextFor, egress, keys },
  };
}
