import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { OperationRecord, OperationSpec, TargetTenants } from '../../../audit/operation-records.ts';
import { ForbiddenError, type RaisedWarning, ValidationError } from '../../../kernel/answer-error.ts';
import type { RequestContext } from '../../request-context.ts';
import { type CommonInput, checkCommonInput } from './common-input.ts';
import { hashInput } from './hash-input.ts';
import type { MutationSpec, MutationTarget } from './mutation-spec.ts';
import { assertDeclared } from './warnings.ts';

/** A call that may go on, or one that was done before with the same key. */
export type PreparedMutation<Target> =
  | { readonly isReplay: true; readonly record: OperationRecord }
  | {
      readonly isReplay: false;
      readonly target: MutationTarget<Target>;
      readonly raised: readonly RaisedWarning[];
      readonly operation: OperationSpec;
    };

type Attempt = Pick<OperationSpec, 'action' | 'principal' | 'idempotency' | 'batchId'>;

/** Everything that comes before confirmation, in the order that `registerMutation` promises. Throws answer errors. */
export async function prepareMutation<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields> & CommonInput,
  context: RequestContext,
  batchId?: string,
): Promise<PreparedMutation<Target>> {
  const issues = [...checkCommonInput(input), ...(spec.validate?.(input) ?? [])];
  if (issues.length > 0) throw new ValidationError(issues);
  const key = input.idempotencyKey ?? undefined;
  const attempt: Attempt = {
    batchId,
    action: spec.name,
    principal: context.principal,
    ...(key === undefined || input.dryRun
      ? {}
      : { idempotency: { key, inputHash: hashInput(input, context.services.inputHashKey) } }),
  };
  // Before anything is loaded: what this deleted the first time is not there any more.
  const done = attempt.idempotency && (await context.operations.findDone(attempt));
  if (done) return { isReplay: true, record: done };
  try {
    return await load(spec, input, attempt, context);
  } catch (error) {
    // What another call with this key is changing at this moment may look as if it could not be done.
    const doneMeanwhile =
      attempt.idempotency && (await context.operations.findDone(attempt, { waitsForAttempt: true }));
    if (doneMeanwhile) return { isReplay: true, record: doneMeanwhile };
    throw error;
  }
}

async function load<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields> & CommonInput,
  attempt: Attempt,
  context: RequestContext,
): Promise<PreparedMutation<Target>> {
  const target = await spec.load(input, context);
  const tenants = tenantsOfTarget(context.access.tenantsOf(target.instance));
  const operation: OperationSpec = { ...attempt, requestId: context.requestId, target: target.record, tenants };
  try {
    context.access.requireAllowed(spec.allow.action, target.instance);
  } catch (error) {
    // An attempt that was refused is part of the record, except where saying so would say that the thing exists.
    if (error instanceof ForbiddenError && !input.dryRun) await context.operations.recordRefusal(operation, error);
    throw error;
  }
  const misfits = (await spec.check?.(input, target.value, context)) ?? [];
  if (misfits.length > 0) throw new ValidationError(misfits);
  const raised = (await spec.warn?.find(input, target.value, context)) ?? [];
  assertDeclared(spec.name, raised, spec.warn?.codes ?? []);
  return { isReplay: false, target, raised, operation };
}

/** A row of a tenant lies there although it is in no namespace: its members see the record (CORE-20). */
function tenantsOfTarget(tenants: readonly string[]): TargetTenants {
  const uuidOf = (kind: string) => tenants.find((each) => each.startsWith(`${kind}/`))?.slice(kind.length + 1);
  return { workspaceId: uuidOf('workspace'), projectId: uuidOf('project') };
}
