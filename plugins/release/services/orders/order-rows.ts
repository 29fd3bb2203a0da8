import type { ReleaseOrder } from '../../api.ts';
import { idOfOrder } from '../subjects.ts';
import type { OrderRow } from './model.ts';

/** A row as the node that resolvers, rights and streams see. */
export function toOrder(row: OrderRow): ReleaseOrder {
  const { id: uuid, workspaceId: workspaceUuid, ...rest } = row;
  return { ...rest, uuid, workspaceUuid, nodeTypeName: 'ReleaseOrder', id: idOfOrder(uuid) };
}
