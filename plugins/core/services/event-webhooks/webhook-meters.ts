import type { Meters } from 'longshore/sdk';

/** What operators see of webhooks: each by its UUID, for as long as this replica tells it. */
export interface EventWebhookMeters {
  told(webhook: string): void;
  failed(webhook: string): void;
  dead(webhook: string): void;
  /** How long the oldest event waits that is not told yet, in seconds. */
  lag(webhook: string, seconds: number): void;
  /** Another replica tells it from now on, or nobody. */
  leave(webhook: string): void;
}

export function createEventWebhookMeters(meters: Meters): EventWebhookMeters {
  const labels = ['webhook'] as const;
  const told = meters.counter('longshore_event_webhook_delivered_total', 'Events that event webhooks took.', labels);
  const failed = meters.counter(
    'longshore_event_webhook_failed_total',
    'Attempts to tell an event webhook that failed.',
    labels,
  );
  const dead = meters.counter(
    'longshore_event_webhook_dead_letters_total',
    'Events that were given up for an event webhook.',
    labels,
  );
  const lag = meters.gauge(
    'longshore_event_webhook_lag_seconds',
    'How long the oldest event waits that an event webhook was not told of.',
    labels,
  );
  return {
    told: (webhook) => told.inc({ webhook }),
    failed: (webhook) => failed.inc({ webhook }),
    dead: (webhook) => dead.inc({ webhook }),
    lag: (webhook, seconds) => lag.set({ webhook }, seconds),
    leave: (webhook) => lag.remove({ webhook }),
  };
}
