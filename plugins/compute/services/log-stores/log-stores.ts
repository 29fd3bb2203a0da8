import { encodeGlobalId, type OperationTarget, type RowNode, type SubjectDescriptor } from 'longshore/sdk';
import { type LogStore, logStoreSubject } from '../../api.ts';
import type { logStores } from '../../tables.ts';

/** A row as the node that resolvers and rights see. */
export function toLogStore(row: typeof logStores.$inferSelect): LogStore {
  const { id: uuid, deletedAt: _gone, projectId: projectUuid, workspaceId: workspaceUuid, ...rest } = row;
  const id = encodeGlobalId({ of: 'row', plugin: 'compute', type: 'LogStore', key: uuid });
  return { ...rest, uuid, projectUuid, workspaceUuid, nodeTypeName: 'LogStore', id };
}

export function isLogStore(node: unknown): node is LogStore {
  return typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === 'LogStore';
}

export type LogStorePlace = Pick<LogStore, 'projectUuid' | 'workspaceUuid'>;

/** What rights look at, also of one that is yet to be made: it lies in its project and that one's workspace. */
export function factsOfLogStore(name: string, { projectUuid, workspaceUuid }: LogStorePlace) {
  return {
    name,
    tenants: [`project/${projectUuid}`, ...(workspaceUuid === null ? [] : [`workspace/${workspaceUuid}`])],
  };
}

export const logStoreDescriptor: SubjectDescriptor<LogStore> = {
  subject: logStoreSubject,
  facts: (store) => factsOfLogStore(store.name, store),
};

export const instanceOfLogStore = (row: LogStore) => ({ subject: logStoreSubject, row });

export const recordTargetOfLogStore = ({ id, name }: Pick<LogStore, 'id' | 'name'>): OperationTarget => ({
  plugin: 'compute',
  type: 'LogStore',
  id,
  kind: 'LogStore',
  name,
});

/** The fields that a mutation tells as changed. */
export const recordedLogStore = ({ name, description, retentionDays, shards }: LogStore): object => ({
  name,
  description,
  retentionDays,
  shards,
});
