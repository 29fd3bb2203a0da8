import type { PermissionTable, SourcedRule } from './create-permission-table.ts';
import { describeCondition } from './describe-rule.ts';
import { rolesOfRanks } from './roles.ts';

/** A root field and who may call it. */
export interface GuardedOperation {
  /** `Mutation.scaleWorkload` */
  readonly name: string;
  /** An action on subjects, or the reason why it is open to everybody who signed in. */
  readonly guard: { readonly action: string; readonly subjects: readonly string[] } | { readonly public: string };
}

/** The permission table as a page of Markdown: roles, rules, switches of profiles, and what each operation asks for. */
export function renderPermissions(table: PermissionTable, operations: readonly GuardedOperation[]): string {
  return [
    '# Who may do what\n',
    'Generated from the rules of the built-in plugins by `npm run generate`; the query `roles` tells the same of a running gateway,',
    'with its own plugins and settings. Rules add and none takes away: what no rule grants is refused.\n',
    '## Roles\n',
    ...rowsOf(
      ['Role', 'What it is', 'Has the rights of', 'For members'],
      table.roles.all.map(({ name, description, extends: others, isForMembers }) => [
        name,
        description,
        others.join(', '),
        isForMembers ? 'yes' : 'no',
      ]),
    ),
    '\n## What a membership gives\n',
    'A role that comes with a membership holds in the tenant and its namespaces, and nowhere else. Rules for GUEST are of what all',
    'members share. Rules may ask for a rank besides: `as ADMIN or more` means administrators of that very tenant.\n',
    ...rowsOf(
      ['Member as', 'Role inside'],
      [...Object.entries(rolesOfRanks).map(([rank, role]) => [rank, role]), ['a role for members', 'that role']],
    ),
    '\n## Rules\n',
    ...rowsOf(['Subject', 'Role', 'Actions', 'Condition', 'Said by'], ruleRows(table.rules)),
    '\n## What a profile switches off\n',
    'For everybody, whatever their role, where the profile in force has the key set to `false`.\n',
    ...rowsOf(
      ['Subject', 'Actions', 'Key', 'Said by'],
      table.switches.flatMap(({ source, profileSwitch: { subjects, actions, key } }) =>
        subjects.map((subject) => [subject, actions === 'CHANGES' ? 'every change' : actions.join(', '), key, source]),
      ),
    ),
    '\n## What each operation asks for\n',
    ...rowsOf(
      ['Operation', 'Action', 'Subjects'],
      operations
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
        .map(({ name, guard }) =>
          'public' in guard
            ? [name, '', `everybody: ${guard.public}`]
            : [name, guard.action, guard.subjects.join(', ')],
        ),
    ),
    '',
  ].join('\n');
}

/** One row for each subject and rule, so that a reader finds a subject in one place. */
function ruleRows(rules: readonly SourcedRule[]): string[][] {
  return rules
    .flatMap(({ source, rule }) => {
      const fields = rule.fields ? ` (only ${rule.fields.join(', ')})` : '';
      const actions = rule.actions === 'ALL' ? 'everything' : [...rule.actions].sort().join(', ');
      const subjects = rule.subjects === 'ALL' ? ['everything'] : rule.subjects;
      return subjects.map((subject) => [
        subject,
        rule.roles.join(', '),
        `${actions}${fields}`,
        describeCondition(rule),
        source,
      ]);
    })
    .sort((one, other) => (one.join('|') < other.join('|') ? -1 : 1));
}

function rowsOf(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [header, header.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`,
  );
}
