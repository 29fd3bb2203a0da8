import { encodeGlobalId, type Instance, type OperationTarget, parseGlobalId, type RowNode } from 'longshore/sdk';
import { type ReleaseOrder, releaseOrderSubject } from '../../api.ts';
import type { OrderRow, ReleaseRow } from './model.ts';

/** A release without what it writes to the cluster, which may be large. */
export type ReleaseSummary = Omit<ReleaseRow, 'target' | 'previous'>;

/** The release of one app service as a node: rights to it are those to its order. */
export interface ServiceRelease extends RowNode {
  readonly nodeTypeName: 'ServiceRelease';
  readonly uuid: string;
  readonly order: ReleaseOrder;
  readonly row: ReleaseSummary;
}

const idOf = (type: string, key: string): string => encodeGlobalId({ of: 'row', plugin: 'release', type, key });

export const idOfRelease = (uuid: string): string => idOf('ServiceRelease', uuid);
export const idOfGroup = (uuid: string): string => idOf('ReleaseGroup', uuid);
export const idOfTask = (uuid: string): string => idOf('ReleaseTask', uuid);

export function toServiceRelease(row: ReleaseSummary, order: ReleaseOrder): ServiceRelease {
  return { nodeTypeName: 'ServiceRelease', id: idOfRelease(row.id), uuid: row.id, order, row };
}

/** The key behind a global id of one type of rows; undefined for every other text. */
export function uuidOf(id: string | number, type: string, plugin = 'release'): string | undefined {
  const parsed = parseGlobalId(String(id));
  return parsed?.of === 'row' && parsed.plugin === plugin && parsed.type === type && isUuid(parsed.key)
    ? parsed.key
    : undefined;
}

/** What comes from callers and is no UUID would be an error of the database. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const isNode = (node: unknown, type: string): boolean =>
  typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === type;

export const isOrder = (node: unknown): node is ReleaseOrder => isNode(node, 'ReleaseOrder');

export const instanceOfOrder = (row: ReleaseOrder): Instance => ({ subject: releaseOrderSubject, row });

type Named = Pick<ReleaseOrder, 'title' | 'cluster' | 'namespace'>;

/** An order as operation records name it; one that is yet to be made has no id. */
export function recordTargetOfOrder({ title, cluster, namespace }: Named, id: string): OperationTarget {
  return {
    plugin: 'release',
    type: 'ReleaseOrder',
    id,
    kind: 'ReleaseOrder',
    name: title,
    ...(cluster === null ? {} : { cluster }),
    ...(namespace === null ? {} : { namespace }),
  };
}

/** What a mutation tells as changed of an order. */
export function recordedOrder({ title, state, reason, units, betaGroup }: Pick<OrderRow, RecordedField>): object {
  return { title, state, reason, units, betaGroup };
}
type RecordedField = 'title' | 'state' | 'reason' | 'units' | 'betaGroup';
