import { formatAge } from '../../machinery/format-age.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, numberColumn, textColumn } from './columns.ts';

export const priorityClassTable: TableLayout = {
  columns: [
    nameColumn,
    numberColumn('Value', 'The integer value of this priority class.'),
    { name: 'Global-Default', type: 'boolean', description: 'Whether pods without a class get this one.' },
    ageColumn,
    textColumn('PreemptionPolicy', 'Whether pods of this class push others away.'),
  ],
  cells: (entry, nowMs) => [
    entry.metadata.name,
    entry.value,
    entry.globalDefault === true,
    formatAge(entry.metadata.creationTimestamp, nowMs),
    entry.preemptionPolicy,
  ],
};
