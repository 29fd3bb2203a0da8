import { type LongshoreBuilder, NotFoundError, type RequestContext, registryOf, resolveNode } from 'longshore/sdk';
import {
  type EventWebhook,
  eventWebhookSubject,
  instanceOfEventWebhook,
  isEventWebhook,
} from '../../services/event-webhooks/event-webhooks.ts';
import { webhookDeskRef } from '../../services/event-webhooks/webhook-desk.ts';
import { isUuid } from '../../services/tenancy/tenants.ts';

const isVisible = (row: EventWebhook, context: RequestContext): boolean =>
  context.access.allowed('READ', instanceOfEventWebhook(row));

/** Webhooks that this caller may see: their own, or all. */
export async function visibleEventWebhooks(context: RequestContext): Promise<readonly EventWebhook[]> {
  const { webhooks } = context.service(webhookDeskRef);
  const isForAll = context.access.conditionsFor('READ', eventWebhookSubject) === 'all';
  const rows = await webhooks.webhooks(isForAll ? undefined : context.principal.id);
  return rows.filter((row) => isVisible(row, context));
}

/** Behind `node(id:)`: what the caller may not read is not there. */
export function registerEventWebhookLoader(builder: LongshoreBuilder): void {
  registryOf(builder).rowLoaders.set('core|EventWebhook', async (keys, context) => {
    const rows = await context.service(webhookDeskRef).webhooks.webhooksById(keys.filter(isUuid));
    const found = new Map(rows.filter((row) => isVisible(row, context)).map((row) => [row.uuid, row]));
    return keys.map((key) => found.get(key) ?? null);
  });
}

export async function findEventWebhook(id: string, context: RequestContext): Promise<EventWebhook> {
  const node = await resolveNode(id, context);
  if (!isEventWebhook(node)) throw new NotFoundError('There is no event webhook with this id.');
  return node;
}
