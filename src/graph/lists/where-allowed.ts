import { and, arrayOverlaps, eq, inArray, is, or, type SQL, sql } from 'drizzle-orm';
import { PgArray, type PgColumn } from 'drizzle-orm/pg-core';
import type { Access } from '../../access/access.ts';
import type { GrantedCondition } from '../../access/granted-rule.ts';

/** The columns that hold what rules look at, as the subject's descriptor reads them from a row. */
export interface FactColumns {
  readonly cluster?: PgColumn;
  readonly namespace?: PgColumn;
  readonly owner?: PgColumn;
  /** The column with the uuid of a tenant, by its kind: `{ project: table.projectId }`. Without any, rows lie in none. */
  readonly tenants?: Readonly<Record<string, PgColumn>>;
  /** The column with a name or an array of names, by list of people. */
  readonly people?: Readonly<Record<string, PgColumn>>;
  /** By name of the fact. */
  readonly facts?: Readonly<Record<string, PgColumn>>;
}

/**
 * The caller's rights as a condition on rows, so that a list never reads what it may not show: undefined where
 * everything is allowed. Throws where a rule looks at something that has no column, rather than letting rows through.
 */
export function whereAllowed(access: Access, action: string, subject: string, columns: FactColumns): SQL | undefined {
  const conditions = access.conditionsFor(action, subject);
  if (conditions === 'all') return undefined;
  return or(sql`false`, ...conditions.map((condition) => toSql(condition, subject, columns)));
}

function toSql(condition: GrantedCondition, subject: string, columns: FactColumns): SQL | undefined {
  const { namespaces, owner, tenants, people, facts = {}, profile } = condition;
  if (profile) throw new Error(`A rule of ${subject} looks at a profile, which no list can be filtered by`);
  const column = (name: string, found: PgColumn | undefined): PgColumn => {
    if (found) return found;
    throw new Error(`A rule of ${subject} looks at '${name}', which has no column in this list`);
  };
  return and(
    sql`true`,
    namespaces &&
      or(
        sql`false`,
        ...namespaces.map((scope) =>
          and(
            scope.cluster === '*' ? sql`true` : eq(column('cluster', columns.cluster), scope.cluster),
            eq(column('namespace', columns.namespace), scope.namespace),
          ),
        ),
      ),
    tenants && liesInTenants(tenants, columns.tenants ?? {}),
    people &&
      or(sql`false`, ...people.lists.map((list) => isAmong(column(list, columns.people?.[list]), people.names))),
    owner === undefined ? undefined : eq(column('owner', columns.owner), owner),
    ...Object.entries(facts).map(([name, values]) => inArray(column(name, columns.facts?.[name]), [...values])),
  );
}

/** Rows without a column for a kind of tenant lie in none of that kind. */
function liesInTenants(tenants: readonly string[], columns: Readonly<Record<string, PgColumn>>): SQL | undefined {
  const byKind = Object.entries(columns).map(([kind, column]) => {
    const uuids = tenants.filter((tenant) => tenant.startsWith(`${kind}/`)).map((each) => each.slice(kind.length + 1));
    return uuids.length === 0 ? sql`false` : inArray(column, uuids);
  });
  return or(sql`false`, ...byKind);
}

function isAmong(column: PgColumn, names: readonly string[]): SQL {
  return is(column, PgArray) ? arrayOverlaps(column, [...names]) : inArray(column, [...names]);
}
