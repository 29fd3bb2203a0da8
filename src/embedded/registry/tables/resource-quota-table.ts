import { formatAge } from '../../machinery/format-age.ts';
import { asObject, sortedEntries } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const resourceQuotaTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Request', 'What is asked for, of what may be.'),
    textColumn('Limit', 'What is limited, of what may be.'),
    ageColumn,
  ],
  cells(quota, nowMs) {
    const isLimit = (name: string): boolean => name.startsWith('limits.');
    return [
      quota.metadata.name,
      print(quota, (name) => !isLimit(name)),
      print(quota, isLimit),
      formatAge(quota.metadata.creationTimestamp, nowMs),
    ];
  },
};

function print(quota: ClusterObject, isShown: (name: string) => boolean): string {
  const { hard, used } = asObject(quota.status) ?? {};
  return sortedEntries(asObject(hard))
    .filter(([name]) => isShown(name))
    .map(([name, limit]) => `${name}: ${String(asObject(used)?.[name] ?? '0')}/${String(limit)}`)
    .join(', ');
}
