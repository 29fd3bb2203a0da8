import { and, eq, gt, lte } from 'drizzle-orm';
import type { DatabaseHandle } from '../data/database.ts';
import { idempotencyKeys } from '../data/tables.ts';
import { ConflictError } from '../kernel/answer-error.ts';
import type { OperationSpec, ResultReference } from './operation-records.ts';

/** How long a key means what it meant, in ms. */
const keyLifetimeMs = 24 * 60 * 60 * 1000;

export type KeyClaim =
  | { readonly kind: 'mine' }
  /** Its owner failed at this moment: ask again. */
  | { readonly kind: 'freed' }
  | { readonly kind: 'done'; readonly operationId: string; readonly result: ResultReference | undefined }
  | { readonly kind: 'under-way'; readonly operationId: string };

/**
 * Takes the key for this operation, or says who has it. Two at once: the insert of the second waits for the commit of the
 * first. Throws `ConflictError` where the key stands for other input.
 */
export async function claimIdempotencyKey(
  tx: DatabaseHandle,
  spec: OperationSpec,
  idempotency: NonNullable<OperationSpec['idempotency']>,
  operationId: string,
  now: Date,
): Promise<KeyClaim> {
  const owner = { principalId: spec.principal.id, mutation: spec.action, key: idempotency.key };
  const isKey = and(
    eq(idempotencyKeys.principalId, owner.principalId),
    eq(idempotencyKeys.mutation, owner.mutation),
    eq(idempotencyKeys.key, owner.key),
  );
  await tx.delete(idempotencyKeys).where(and(isKey, lte(idempotencyKeys.expiresAt, now)));
  const inserted = await tx
    .insert(idempotencyKeys)
    .values({
      ...owner,
      inputHash: idempotency.inputHash,
      operationId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + keyLifetimeMs),
    })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (inserted.length > 0) return { kind: 'mine' };
  const [held] = await tx.select().from(idempotencyKeys).where(isKey);
  if (!held) return { kind: 'freed' };
  assertSameInput(held, idempotency);
  if (held.finishedAt === null) return { kind: 'under-way', operationId: held.operationId };
  const { resultType: type, resultId: id } = held;
  return {
    kind: 'done',
    operationId: held.operationId,
    result: type === null || id === null ? undefined : { type, id },
  };
}

/** Who has the key and whether it is finished; undefined where nobody has it. Throws `ConflictError` where it stands for other input. */
export async function findKey(
  db: DatabaseHandle,
  spec: Pick<OperationSpec, 'principal' | 'action'>,
  idempotency: NonNullable<OperationSpec['idempotency']>,
  now: Date,
): Promise<{ readonly operationId: string; readonly isFinished: boolean } | undefined> {
  const [held] = await db
    .select()
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.principalId, spec.principal.id),
        eq(idempotencyKeys.mutation, spec.action),
        eq(idempotencyKeys.key, idempotency.key),
        gt(idempotencyKeys.expiresAt, now),
      ),
    );
  if (held) assertSameInput(held, idempotency);
  return held && { operationId: held.operationId, isFinished: held.finishedAt !== null };
}

function assertSameInput(held: { readonly inputHash: string }, { key, inputHash }: { key: string; inputHash: string }) {
  if (held.inputHash === inputHash) return;
  throw new ConflictError(`idempotencyKey '${key}' was used before with other input`);
}

export async function finishIdempotencyKey(
  tx: DatabaseHandle,
  operationId: string,
  result: ResultReference | undefined,
  now: Date,
): Promise<void> {
  await tx
    .update(idempotencyKeys)
    .set({ finishedAt: now, resultType: result?.type ?? null, resultId: result?.id ?? null })
    .where(eq(idempotencyKeys.operationId, operationId));
}

/** A failed attempt has no result to answer again: the next one runs. */
export async function freeIdempotencyKey(tx: DatabaseHandle, operationId: string): Promise<void> {
  await tx.delete(idempotencyKeys).where(eq(idempotencyKeys.operationId, operationId));
}

export async function forgetExpiredKeys(tx: DatabaseHandle, now: Date): Promise<void> {
  await tx.delete(idempotencyKeys).where(lte(idempotencyKeys.expiresAt, now));
}
