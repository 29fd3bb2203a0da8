import { ConflictError, type DatabaseHandle, drizzle, NotFoundError, ValidationError } from 'longshore/sdk';
import type { departments, projects, workspaces } from '../../tables.ts';

const { and, eq, isNull, sql } = drizzle;

type TenantTable = typeof workspaces | typeof projects | typeof departments;

/** The row, unless it is deleted; throws `NotFoundError`. */
export async function needRow<Table extends TenantTable>(
  tx: DatabaseHandle,
  table: Table,
  uuid: string,
): Promise<Table['$inferSelect']> {
  const [row] = await tx
    .select()
    .from(table as TenantTable)
    .where(and(eq(table.id, uuid), isNull(table.deletedAt)));
  if (!row) throw new NotFoundError('It is not there any more.');
  return row as Table['$inferSelect'];
}

/** Throws `ConflictError` where somebody was faster. */
export function requireVersion(row: { readonly version: number; readonly identifier: string }, version: number): void {
  if (row.version === version) return;
  throw new ConflictError(`'${row.identifier}' has version ${row.version} by now, not ${version}: read it again`);
}

/** Throws `ValidationError` where a living row has the identifier; `within` narrows where it must be unique. */
export async function requireFreeIdentifier(
  tx: DatabaseHandle,
  table: TenantTable,
  identifier: string,
  within?: drizzle.SQL,
): Promise<void> {
  const [taken] = await tx
    .select({ id: table.id })
    .from(table)
    .where(and(eq(table.identifier, identifier), isNull(table.deletedAt), within))
    .limit(1);
  if (!taken) return;
  throw new ValidationError([
    { path: ['identifier'], code: 'identifier_in_use', message: `The identifier '${identifier}' is in use already` },
  ]);
}

/** Only what was given, with the next version. */
export function edited<Fields extends object>(fields: Fields, version: number): Fields & { readonly version: number } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(given) as Fields), version: version + 1 };
}

/** The row is gone for everybody, and kept for what names it. */
export async function softDelete(tx: DatabaseHandle, table: TenantTable, uuid: string, now: Date): Promise<void> {
  await tx
    .update(table as typeof workspaces)
    .set({ deletedAt: now, version: sql`${table.version} + 1` })
    .where(eq(table.id, uuid));
}
