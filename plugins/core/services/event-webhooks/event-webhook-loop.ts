import { type Job, type LeasedLoop, type LeasedLoopContext, sleep } from 'longshore/sdk';
import { eventWebhookLoopName } from './event-webhooks-service.ts';
import { type RunEnd, tellWebhook } from './tell-webhook.ts';
import { type WebhookDesk, webhookDeskRef } from './webhook-desk.ts';

/** How long it waits where there is nothing to do, in ms. */
const idleMs = 5_000;
/** A run that lasted so long went well for a while, in ms: what ends it is no repetition. */
const goodMs = 60_000;
/** Where a webhook cannot be told at present it waits from one second on, doubling up to this, in ms. */
const longestWaitMs = 30_000;

/** Tells event webhooks, each from one replica at a time. */
export const eventWebhookLoop: LeasedLoop = {
  name: eventWebhookLoopName,
  description:
    'Follows the subscriptions of event webhooks and tells their receivers; without it they hear of nothing.',
  keys: ({ service }) => service(webhookDeskRef).webhooks.activeUuids(),
  async whileHeld(uuid, context) {
    const desk = context.service(webhookDeskRef);
    const attempts = new Map<string, number>();
    const { clock, signal } = context;
    let inVain = 0;
    while (!signal.aborted) {
      const beganMs = clock.now();
      const how = await runOnce(uuid, desk, context, attempts);
      if (clock.now() - beganMs >= goodMs) inVain = 0;
      if (how === 'wait') await untilSaid(uuid, desk, context);
      else if (how.kind === 'later') {
        await sleep(clock, Math.min(longestWaitMs, 1_000 * 2 ** Math.min(inVain, 10)), signal);
        inVain += 1;
      }
    }
  },
};

async function runOnce(
  uuid: string,
  desk: WebhookDesk,
  context: LeasedLoopContext,
  attempts: Map<string, number>,
): Promise<RunEnd | 'wait'> {
  try {
    const [webhook] = await desk.webhooks.webhooksById([uuid]);
    if (!webhook || webhook.isPaused || webhook.stoppedReason !== null) return 'wait';
    return await tellWebhook(webhook, desk, context, attempts);
  } catch (error) {
    if (!context.signal.aborted) context.logger.warn({ err: error }, 'an event webhook cannot be told at present');
    return { kind: 'later' };
  }
}

/** Nobody wants it to be told: soon the lease is given up. */
async function untilSaid(uuid: string, desk: WebhookDesk, { clock, signal }: LeasedLoopContext): Promise<void> {
  const said = new AbortController();
  const stop = desk.database.onSignal(eventWebhookLoopName, (id) => {
    if (id === uuid) said.abort();
  });
  await sleep(clock, idleMs, AbortSignal.any([signal, said.signal]));
  stop();
}

/** Without it dead letters are kept for ever. */
export const forgetDeadLettersJob: Job = {
  name: 'core.forgetDeadLetters',
  description:
    'Drops dead letters of event webhooks that are older than the settings keep them; without it they grow for ever.',
  cron: '47 * * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await context.service(webhookDeskRef).webhooks.forgetDeadLetters();
    if (forgotten > 0) context.logger.info({ forgotten }, 'old dead letters were dropped');
  },
};
