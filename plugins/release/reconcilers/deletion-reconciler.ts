import {
  ForbiddenError,
  type OperationRecords,
  type Reconciler,
  type ServiceRef,
  serviceRef,
  settled,
  type Users,
} from 'longshore/sdk';
import { recordTargetOf } from '../services/app-services/app-services.ts';
import { appServicesServiceRef } from '../services/app-services/app-services-service.ts';
import { serviceRemovalRef } from '../services/app-services/remove-service.ts';
import { deletionLoop } from '../services/app-services/service-deletion.ts';

/** What the loop needs of the gateway: a manifest is data. */
export interface DeletionLoop {
  readonly users: Pick<Users, 'actingAs'>;
  readonly operations: Pick<OperationRecords, 'run'>;
}

export const deletionLoopRef: ServiceRef<DeletionLoop> = serviceRef<DeletionLoop>('release.deletionLoop');

/** Ends deletions of app services whose process died half-way (REL-14); all of it may be done again. */
export const deletionReconciler: Reconciler = {
  name: deletionLoop,
  description:
    'Ends deletions of app services that broke off half-way; without it these stay DELETING until somebody asks again.',
  timeoutMs: 120_000,
  async reconcile(uuid, context) {
    const services = context.service(appServicesServiceRef);
    const asked = await services.deletionOf(uuid);
    if (!asked) return settled;
    const { service, deletion } = asked;
    const { users, operations } = context.service(deletionLoopRef);
    const principal = users.actingAs(deletion.actor);
    if (!principal) {
      throw new ForbiddenError(`'${deletion.actor.name}', in whose name this is done, may not be here any more.`);
    }
    const detail = 'ends a deletion that broke off';
    const record = { action: deletionLoop, principal, requestId: uuid, target: recordTargetOf(service), detail };
    await operations.run(record, async (ticket) => {
      const removal = context.service(serviceRemovalRef);
      await context.failpoints.reach(`${deletionLoop}.before-objects`);
      await removal.remove({ service, deletesVolumes: deletion.deletesVolumes }, { principal, ticket });
      await context.failpoints.reach(`${deletionLoop}.after-objects`);
      await services.remove(uuid, ticket);
      await context.failpoints.reach(`${deletionLoop}.after-row`);
      return { value: undefined };
    });
    return settled;
  },
};
