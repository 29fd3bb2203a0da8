import { formatAge } from '../../machinery/format-age.ts';
import { asObject } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const namespaceTable: TableLayout = {
  columns: [nameColumn, textColumn('Status', 'The status of the namespace.'), ageColumn],
  cells: (namespace, nowMs) => [
    namespace.metadata.name,
    asObject(namespace.status)?.phase ?? '',
    formatAge(namespace.metadata.creationTimestamp, nowMs),
  ],
};
