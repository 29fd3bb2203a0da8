import {
  type Deleted,
  type FieldBuilder,
  InUseError,
  idOfOperation,
  type LongshoreBuilder,
  type MutationSuccess,
  type OperationHandle,
  type RequestContext,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { listenerObjection } from '../../services/balancers/balancer-deletion-checks.ts';
import { patchOfListeners, withoutListener } from '../../services/balancers/change-listeners.ts';
import { type GatewayObject, gatewayKind, type ListenerEntry } from '../../services/balancers/gateway-kinds.ts';
import { type Listener, toListener } from '../../services/balancers/listeners.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import { loadBalancerRef } from './balancer-types.ts';
import { loadListener, placeholderOf } from './load-listener.ts';

/** Deleting listeners (NET-18). */
export function registerDeleteListener(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteListener',
    description:
      'Deletes a listener. While a backend group is bound to it that is an `InUseError` that names the group: unbind or delete it first (NET-18).',
    allow: { action: 'UPDATE', subject: subjectOf(gatewayKind) },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: "The listener's global id." }) }),
    success: {
      description: 'The listener is deleted.',
      fields: (t: FieldBuilder<MutationSuccess<DeletedListener>>) => ({
        id: t.id({ description: "The listener's global id.", resolve: ({ value }) => value.id }),
        loadBalancer: t.field({
          type: loadBalancerRef,
          nullable: true,
          description: 'The load balancer that it was of; null where that is gone, too.',
          resolve: ({ value }) => value.gateway ?? null,
        }),
      }),
    },
    load: ({ id }, context) => loadListener(String(id), context),
    check: async (_input, listener, context) => {
      await requireUnbound(listener, context);
      return [];
    },
    run: async (_input, listener, ticket, context) => {
      const { gateway, entry, id } = listener;
      const written = await removeListener(gateway, entry, ticket, context);
      const value: DeletedListener = { id, gateway: written.value };
      return { ...written, value, resultId: idOfOperation(ticket) };
    },
    replay: async (node, context, { id }): Promise<DeletedListener | null> => {
      const deleted = await replayDeletion<GatewayObject>(node, context);
      return deleted && { id: String(id), gateway: deleted.object };
    },
  });
}

interface DeletedListener extends Pick<Deleted, 'id'> {
  readonly gateway: GatewayObject | undefined;
}

function removeListener(
  gateway: GatewayObject,
  entry: ListenerEntry,
  ticket: OperationHandle,
  context: RequestContext,
) {
  return patchBalancer(
    gateway,
    async (current) => {
      await requireUnbound(toListener(current, entry), context);
      return patchOfListeners(withoutListener(current, entry.name), placeholderOf(gateway, context));
    },
    ticket,
    context,
  );
}

/** Throws `InUseError` that names the groups. */
async function requireUnbound(listener: Listener, context: RequestContext): Promise<void> {
  const objection = await listenerObjection([listener], context);
  if (objection) throw new InUseError(objection.message, objection.references);
}
