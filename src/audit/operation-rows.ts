import type { operations } from '../data/tables.ts';
import type { PrincipalName } from '../kernel/principal.ts';
import type { RecordedWrite } from './operation-handle.ts';
import type {
  LocatedTarget,
  OperationCategory,
  OperationRecord,
  OperationSpec,
  RecordedChange,
  SessionMeasure,
} from './operation-records.ts';
import type { OperationStep } from './operation-steps.ts';

type OperationRow = typeof operations.$inferSelect;
export type NewOperationRow = typeof operations.$inferInsert;

/** Writes that a record lists. */
export const mostWrites = 200;

const longestInputBytes = 8_192;
const longestMessage = 2_000;

export function toRecord(row: OperationRow): OperationRecord {
  return {
    id: row.id,
    category: row.category as OperationCategory,
    action: row.action,
    status: row.status,
    principalId: row.principalId,
    principalName: row.principalName,
    owner: nameOf(row.ownerId, row.ownerName),
    impersonatedBy: nameOf(row.impersonatorId, row.impersonatorName),
    requestId: row.requestId,
    batchId: row.batchId ?? undefined,
    target: {
      plugin: row.targetPlugin,
      type: row.targetType,
      id: row.targetId,
      cluster: row.cluster ?? undefined,
      namespace: row.namespace ?? undefined,
      kind: row.kind ?? undefined,
      name: row.name ?? undefined,
    },
    tenants: { workspaceId: row.workspaceId ?? undefined, projectId: row.projectId ?? undefined },
    detail: row.detail ?? undefined,
    input: row.input,
    idempotencyKey: row.idempotencyKey ?? undefined,
    error: row.errorCode === null ? undefined : { code: row.errorCode, message: row.errorMessage ?? '' },
    result: row.resultType === null || row.resultId === null ? undefined : { type: row.resultType, id: row.resultId },
    writes: row.writes as readonly RecordedWrite[],
    writeCount: row.writeCount,
    changes: row.changes as readonly RecordedChange[],
    areChangesCut: row.areChangesCut,
    steps: row.steps as readonly OperationStep[],
    runner: row.runner === null || row.runnerKey === null ? undefined : { name: row.runner, key: row.runnerKey },
    aliveAt: row.aliveAt ?? undefined,
    session: (row.session as SessionMeasure | null) ?? undefined,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt ?? undefined,
  };
}

export function toNewRow(
  id: string,
  spec: OperationSpec,
  located: LocatedTarget | undefined,
  createdAt: Date,
): NewOperationRow {
  const { target, principal } = spec;
  return {
    id,
    category: spec.category ?? 'WRITE',
    action: spec.action,
    status: 'PENDING',
    principalId: principal.id,
    principalName: storable(principal.name),
    ownerId: principal.owner?.id ?? null,
    ownerName: principal.owner ? storable(principal.owner.name) : null,
    impersonatorId: principal.impersonatedBy?.id ?? null,
    impersonatorName: principal.impersonatedBy ? storable(principal.impersonatedBy.name) : null,
    batchId: spec.batchId ?? null,
    requestId: storable(spec.requestId),
    targetPlugin: target.plugin,
    targetType: target.type,
    targetId: storable(target.id),
    cluster: target.cluster ?? null,
    namespace: target.namespace ?? null,
    kind: target.kind ?? null,
    name: target.name === undefined ? null : storable(target.name),
    workspaceId: located?.workspaceId ?? spec.tenants?.workspaceId ?? null,
    projectId: located?.projectId ?? spec.tenants?.projectId ?? null,
    detail: spec.detail === undefined ? null : storable(spec.detail),
    input: boundedInput(spec.input),
    idempotencyKey: spec.idempotency?.key ?? null,
    createdAt,
  };
}

function nameOf(id: string | null, name: string | null): PrincipalName | undefined {
  return id === null ? undefined : { id, name: name ?? id };
}

/** PostgreSQL takes every character but NUL. */
export function storable(text: string): string {
  const cut = text.length > longestMessage ? `${text.slice(0, longestMessage - 1)}…` : text;
  return cut.replaceAll('\0', '\uFFFD').toWellFormed();
}

function boundedInput(input: unknown): unknown {
  if (input === undefined) return null;
  const json = JSON.stringify(input);
  if (json === undefined) return null;
  if (Buffer.byteLength(json) > longestInputBytes) return { omitted: `${Buffer.byteLength(json)} bytes of input` };
  return JSON.parse(json, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value));
}
