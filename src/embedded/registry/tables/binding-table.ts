import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

/** RoleBindings and ClusterRoleBindings: who has which role. */
export const bindingTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Role', 'The role that is given.'),
    ageColumn,
    textColumn('Users', 'The users it is given to.', 1),
    textColumn('Groups', 'The groups it is given to.', 1),
    textColumn('ServiceAccounts', 'The service accounts it is given to.', 1),
  ],
  cells(binding, nowMs) {
    const { kind, name } = asObject(binding.roleRef) ?? {};
    const subjects = asObjectList(binding.subjects);
    const named = (wanted: string): string =>
      subjects
        .filter((subject) => subject.kind === wanted)
        .map((subject) =>
          wanted === 'ServiceAccount' ? `${String(subject.namespace ?? '')}/${String(subject.name)}` : subject.name,
        )
        .join(', ');
    return [
      binding.metadata.name,
      `${String(kind)}/${String(name)}`,
      formatAge(binding.metadata.creationTimestamp, nowMs),
      named('User'),
      named('Group'),
      named('ServiceAccount'),
    ];
  },
};
