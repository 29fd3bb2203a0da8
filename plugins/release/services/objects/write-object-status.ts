import { createHash } from 'node:crypto';
import { eventKind } from 'longshore/plugins/core';
import {
  type Cluster,
  ConflictError,
  ForbiddenError,
  idOfObject,
  type KubeObject,
  type ReconcileContext,
  systemPrincipal,
} from 'longshore/sdk';
import type { ObjectLoop } from './object-loop.ts';
import { newsOf, statusPatch } from './object-status.ts';
import { type ObjectStatus, type OrderObject, orderObjectKind } from './order-object.ts';
import { orderObjectLoop } from './order-objects-store.ts';

/** The one reason for which the platform writes to these objects by itself. */
export const writeReason = { reason: 'a ReleaseOrder tells how its release order stands' };

/** What the object's records are found by: it is the cause of all that is done for it. */
export const causeOf = ({ metadata }: KubeObject): string =>
  `ReleaseOrder/${metadata.namespace}/${metadata.name}/${metadata.uid}`;

/**
 * Writes a status, and before it an Event where people are to be told of the change: killed in between, the Event of this name is there
 * already. Throws `ConflictError` where another object has the name by now.
 */
export async function writeObjectStatus(
  object: KubeObject<OrderObject>,
  status: ObjectStatus,
  { operations }: Pick<ObjectLoop, 'operations'>,
  cluster: Cluster,
  { logger, failpoints }: Pick<ReconcileContext, 'logger' | 'failpoints'>,
): Promise<void> {
  const { namespace = '', name, uid } = object.metadata;
  await operations.run(
    {
      action: orderObjectLoop,
      principal: systemPrincipal,
      requestId: causeOf(object),
      target: {
        ...{ plugin: 'release', type: 'ReleaseOrder', id: idOfObject(object), kind: 'ReleaseOrder' },
        ...{ name, cluster: cluster.name, namespace },
      },
      detail: `status ${status.phase}`,
    },
    async (ticket) => {
      const writer = cluster.writer(systemPrincipal, writeReason);
      const event = eventOf(object, status);
      if (event) {
        await writer.create(ticket, eventKind, event).catch((error: unknown) => {
          if (error instanceof ConflictError) return;
          // The conditions say the same; a cluster may keep Events to itself.
          if (!(error instanceof ForbiddenError)) throw error;
          logger.warn({ err: error }, 'a ReleaseOrder has no Event');
        });
      }
      await failpoints.reach(`${orderObjectLoop}.before-status`);
      const patch = statusPatch(object.status, status);
      await writer.patch(ticket, orderObjectKind, namespace, name, patch, { uid, subresource: 'status' });
      return { value: undefined };
    },
  );
}

function eventOf({ metadata, status: before }: KubeObject<OrderObject>, status: ObjectStatus): object | undefined {
  const news = newsOf(before, status);
  if (!news) return undefined;
  const { namespace, name, uid } = metadata;
  const { updatedAt } = status;
  // The same change has the same name, from whatever status it was told last.
  const digest = createHash('sha256')
    .update(JSON.stringify([uid, news, status.observedGeneration, before?.updatedAt ?? '']))
    .digest('hex');
  return {
    metadata: { namespace, name: `${name.slice(0, 200)}.${digest.slice(0, 16)}` },
    involvedObject: { apiVersion: 'release.longshore.dev/v1alpha1', kind: 'ReleaseOrder', namespace, name, uid },
    ...{ ...news, message: news.message.slice(0, 1_000) },
    ...{ source: { component: 'longshore' }, reportingComponent: 'longshore', reportingInstance: 'longshore' },
    ...{ firstTimestamp: updatedAt, lastTimestamp: updatedAt, count: 1 },
  };
}
