import {
  type Principal,
  parseGlobalId,
  type RequestContext,
  RequestError,
  resolveNode,
  subjectOf,
} from 'longshore/sdk';
import type { EventWebhook } from './event-webhooks.ts';
import type { WebhookDesk } from './webhook-desk.ts';

/** In whose name a webhook is told, with the rights of this moment; `gone` where they may not be here, `unknown` where nobody can tell at present. */
export function ownerOf(
  { ownerId: id, impersonatedBy }: Pick<EventWebhook, 'ownerId' | 'impersonatedBy'>,
  { users }: Pick<WebhookDesk, 'users'>,
): Principal | 'gone' | 'unknown' {
  try {
    return users.actingAs({ id, impersonatedBy: impersonatedBy === null ? null : { id: impersonatedBy } }) ?? 'gone';
  } catch (error) {
    if (error instanceof RequestError && error.code === 'UPSTREAM_UNAVAILABLE') return 'unknown';
    throw error;
  }
}

/** The owner's request, as it were: for opening a stream, or for a look at what they may do. */
export function contextOfOwner(
  webhook: Pick<EventWebhook, 'uuid'>,
  owner: Principal,
  desk: Pick<WebhookDesk, 'contextFor'>,
  signal: AbortSignal,
): RequestContext {
  return desk.contextFor(owner, `event-webhook:${webhook.uuid}`, signal);
}

/**
 * What was seen a while ago may be hidden by now in a cluster that decides by itself: no right of ours tells. Everything else stands
 * as long as the owner's rights do.
 */
export async function mayStillSee(subject: string, context: RequestContext): Promise<boolean> {
  const named = parseGlobalId(subject);
  if (named?.of !== 'kubernetes') return true;
  const cluster = context.clusters.get(named.cluster);
  if (cluster?.identity !== 'impersonate') return true;
  const kind = context.services.registry.kinds.get(subjectOf(named))?.kind;
  if (kind) return await cluster.canRead(context.principal, kind, named.namespace);
  return (await resolveNode(subject, context)) !== null;
}
