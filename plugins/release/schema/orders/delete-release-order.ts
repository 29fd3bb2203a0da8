import {
  type Deleted,
  type FieldBuilder,
  idOfOperation,
  type LongshoreBuilder,
  type MutationSuccess,
  registerMutation,
  replayDeletion,
} from 'longshore/sdk';
import { releaseOrderSubject } from '../../api.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { recordedOrder } from '../../services/orders/order-nodes.ts';
import { loadChosen } from './change-order.ts';

type DeletedOrder = Pick<Deleted, 'id'>;

/** Deleting release orders that have ended. */
export function registerDeleteReleaseOrder(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteReleaseOrder',
    description:
      'Deletes a release order that has ended, with its timeline; nothing in a cluster is touched. Not before it has ended (RELEASE_STATE), and not where it has released an app service that is still there (IN_USE): by it the platform knows what runs, and where a rollback leads.',
    allow: { action: 'DELETE', subject: releaseOrderSubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    load: ({ id }, context) => loadChosen(id, undefined, context),
    run: async (_input, { order }, ticket, context) => {
      await context.service(orderDeskRef).remove(order.uuid, ticket);
      const recorded = [{ before: recordedOrder(order), after: undefined }];
      return { value: { id: order.id }, resultId: idOfOperation(ticket), recorded };
    },
    replay: (node, context): Promise<DeletedOrder | null> => replayDeletion(node, context),
    success: {
      description: 'The release order is deleted.',
      fields: (t: FieldBuilder<MutationSuccess<DeletedOrder>>) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
      }),
    },
  });
}
