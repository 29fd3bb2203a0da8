import {
  type Deleted,
  type FieldBuilder,
  idOfOperation,
  type LongshoreBuilder,
  type MutationSuccess,
  registerMutation,
  replayDeletion,
} from 'longshore/sdk';
import { appServiceSubject } from '../../api.ts';
import { instanceOfAppService, recordedService, recordTargetOf } from '../../services/app-services/app-services.ts';
import { appServicesServiceRef } from '../../services/app-services/app-services-service.ts';
import { serviceRemovalRef } from '../../services/app-services/remove-service.ts';
import { actorOf } from '../orders/change-order.ts';
import { findAppService } from './load-app-services.ts';

type DeletedService = Pick<Deleted, 'id'>;

/** Deleting app services with all that runs of them (REL-14). */
export function registerDeleteAppService(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteAppService',
    description:
      'Deletes an app service with its workloads, pods, Services and copies of its configuration; routes lead to what they led to before a release shifted them. Refused while it is being released (RELEASE_ACTIVE). What breaks off half-way is DELETING, and is ended by the platform. Its orders go on naming it (REL-14).',
    allow: { action: 'DELETE', subject: appServiceSubject },
    mustConfirm: true,
    consequence: 'What runs of it is stopped and deleted, and cannot be restored.',
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      deleteVolumes: t.boolean({
        description:
          'Whether the volumes that pods of a stateful one have of their own go too, with all data; off where not given.',
      }),
    }),
    load: async ({ id }, context) => {
      const service = await findAppService(String(id), context);
      return { value: service, instance: instanceOfAppService(service), record: recordTargetOf(service) };
    },
    run: async ({ deleteVolumes }, service, ticket, context) => {
      const services = context.service(appServicesServiceRef);
      const removal = context.service(serviceRemovalRef);
      const asked = { actor: actorOf(context), deletesVolumes: deleteVolumes === true };
      // What cannot be done at all is not begun.
      await removal.requireWhole({ service, ...asked });
      // No release takes it from here on, and whatever becomes of this process, it is done to the end.
      const { deletesVolumes } = await services.markDeleting(service.uuid, asked, ticket);
      const deleted = await removal.remove({ service, deletesVolumes }, { principal: context.principal, ticket });
      await services.remove(service.uuid, ticket);
      const recorded = [
        { before: recordedService(service), after: undefined },
        ...deleted.map((object) => ({ before: object, after: undefined })),
      ];
      return { value: { id: service.id }, resultId: idOfOperation(ticket), recorded };
    },
    replay: (node, context): Promise<DeletedService | null> => replayDeletion(node, context),
    success: {
      description: 'The app service is deleted; its pods end within their time.',
      fields: (t: FieldBuilder<MutationSuccess<DeletedService>>) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
      }),
    },
  });
}
