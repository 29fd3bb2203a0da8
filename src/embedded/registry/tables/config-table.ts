import { formatAge } from '../../machinery/format-age.ts';
import { asObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const configMapTable: TableLayout = {
  columns: [nameColumn, textColumn('Data', 'Number of entries.'), ageColumn],
  cells: (map, nowMs) => [map.metadata.name, countEntries(map), formatAge(map.metadata.creationTimestamp, nowMs)],
};

export const secretTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Type', 'What the secret is for.'),
    textColumn('Data', 'Number of entries.'),
    ageColumn,
  ],
  cells: (secret, nowMs) => [
    secret.metadata.name,
    secret.type,
    countEntries(secret),
    formatAge(secret.metadata.creationTimestamp, nowMs),
  ],
};

function countEntries(object: ClusterObject): number {
  return Object.keys(asObject(object.data) ?? {}).length + Object.keys(asObject(object.binaryData) ?? {}).length;
}
