import { encodeGlobalId, type SubjectDescriptor } from 'longshore/sdk';
import { type AppService, appServiceSubject, type ReleaseOrder, releaseOrderSubject } from '../api.ts';

type Place = {
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly workspaceUuid: string | null;
};

/** What rights look at, also of what is yet to be made: its namespace, and its workspace. */
export function factsOfPlace(name: string, { cluster, namespace, workspaceUuid }: Place) {
  return {
    name,
    cluster: cluster ?? undefined,
    namespace: namespace ?? undefined,
    ...(workspaceUuid === null ? {} : { tenants: [`workspace/${workspaceUuid}`] }),
  };
}

export const appServiceDescriptor: SubjectDescriptor<AppService> = {
  subject: appServiceSubject,
  facts: (service) => factsOfPlace(service.name, service),
};

export const releaseOrderDescriptor: SubjectDescriptor<ReleaseOrder> = {
  subject: releaseOrderSubject,
  facts: (order) => factsOfPlace(order.title, order),
};

const idOf = (type: string) => (uuid: string) => encodeGlobalId({ of: 'row', plugin: 'release', type, key: uuid });

export const idOfAppService = idOf('AppService');
export const idOfVersion = idOf('AppServiceVersion');
export const idOfOrder = idOf('ReleaseOrder');
