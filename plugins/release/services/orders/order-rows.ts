import type { AppService, ReleaseOrder } from '../../api.ts';
import { idOfAppService, idOfOrder } from '../subjects.ts';
import type { OrderRow, ServiceRow } from './model.ts';

/** A row as the node that resolvers, rights and streams see. */
export function toOrder(row: OrderRow): ReleaseOrder {
  const { id: uuid, workspaceId: workspaceUuid, ...rest } = row;
  return { ...rest, uuid, workspaceUuid, nodeTypeName: 'ReleaseOrder', id: idOfOrder(uuid) };
}

export function toAppService(row: ServiceRow): AppService {
  const { id: uuid, workspaceId, applicationId, currentVersionId, releaseId, deletedAt: _gone, ...rest } = row;
  return {
    ...rest,
    uuid,
    workspaceUuid: workspaceId,
    applicationUuid: applicationId,
    currentVersionUuid: currentVersionId,
    releaseUuid: releaseId,
    nodeTypeName: 'AppService',
    id: idOfAppService(uuid),
  };
}
