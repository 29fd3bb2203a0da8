import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asString } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const leaseTable: TableLayout = {
  columns: [nameColumn, textColumn('Holder', 'Who holds the lease.'), ageColumn],
  cells: ({ metadata, spec }, nowMs) => [
    metadata.name,
    asString(asObject(spec)?.holderIdentity) ?? '',
    formatAge(metadata.creationTimestamp, nowMs),
  ],
};
