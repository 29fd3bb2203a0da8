import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Access } from '../../access/access.ts';
import type { GrantedCondition } from '../../access/granted-rule.ts';

/** The columns that hold what rules look at, as the subject's descriptor reads them from a row. */
export interface FactColumns {
  readonly cluster?: PgColumn;
  readonly namespace?: PgColumn;
  readonly owner?: PgColumn;
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
  const { namespaces, owner, tenants, facts = {} } = condition;
  // Rows that lie in tenants are few, and lists ask about each of them.
  if (tenants) throw new Error(`A rule of ${subject} looks at 'tenants', which has no column in this list`);
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
    owner === undefined ? undefined : eq(column('owner', columns.owner), owner),
    ...Object.entries(facts).map(([name, values]) => inArray(column(name, columns.facts?.[name]), [...values])),
  );
}
