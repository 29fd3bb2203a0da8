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
import { appServicesServiceRef, requireIdle } from '../../services/app-services/app-services-service.ts';
import { deleteObjectsOf } from '../../services/app-services/delete-objects.ts';
import { findAppService } from './load-app-services.ts';

type DeletedService = Pick<Deleted, 'id'>;

/** Deleting app services with all that runs of them (REL-14). */
export function registerDeleteAppService(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteAppService',
    description:
      'Deletes an app service with its workloads, pods, Services and copies of its configuration; refused while it is being released (RELEASE_ACTIVE). Its orders go on naming it (REL-14).',
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
      requireIdle(service);
      const deleted = await deleteObjectsOf(service, { isWithVolumes: deleteVolumes === true }, ticket, context);
      // Last, so that a deletion that broke off can be asked for again.
      await context.service(appServicesServiceRef).remove(service.uuid, ticket);
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
