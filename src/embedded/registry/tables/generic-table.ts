import { formatAge } from '../../machinery/format-age.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn } from './columns.ts';

/** What is shown of a resource that has no layout of its own. */
export const genericTable: TableLayout = {
  columns: [nameColumn, ageColumn],
  cells: ({ metadata }, nowMs) => [metadata.name, formatAge(metadata.creationTimestamp, nowMs)],
};
