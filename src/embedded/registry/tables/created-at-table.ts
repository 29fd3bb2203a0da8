import type { TableLayout } from '../resource-strategy.ts';
import { nameColumn } from './columns.ts';

/** Kinds for which the real server has no columns of its own: name and time, which clients print as they are. */
export const createdAtTable: TableLayout = {
  columns: [nameColumn, { name: 'Created At', type: 'date', description: 'When the object was created.' }],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};
