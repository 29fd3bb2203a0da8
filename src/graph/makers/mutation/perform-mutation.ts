import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { dryRunTicket } from '../../../audit/operation-handle.ts';
import type { OperationRecord } from '../../../audit/operation-records.ts';
import { ForbiddenError, ValidationError } from '../../../kernel/answer-error.ts';
import { diffFields } from '../../changes/diff-fields.ts';
import { recordedChanges } from '../../changes/recorded-changes.ts';
import { resolveNode } from '../../nodes/resolve-nodes.ts';
import type { RequestContext } from '../../request-context.ts';
import { checkConfirmation } from './check-confirmation.ts';
import { type CommonInput, checkCommonInput } from './common-input.ts';
import { hashInput } from './hash-input.ts';
import type { MutationOutcome, MutationSpec, MutationSuccess } from './mutation-spec.ts';

/** Everything between the rights on the root field and its payload, in the order that `registerMutation` promises. */
export async function performMutation<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields> & CommonInput,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const issues = [...checkCommonInput(input), ...(spec.validate?.(input) ?? [])];
  if (issues.length > 0) throw new ValidationError(issues);
  const key = input.idempotencyKey ?? undefined;
  const idempotency = key === undefined || input.dryRun ? undefined : { key, inputHash: hashInput(input) };
  // Before anything is loaded: what this deleted the first time is not there any more.
  const done = idempotency && (await context.operations.findDone({ ...who(spec, context), idempotency }));
  if (done) return replay(spec, done, context);

  const target = await spec.load(input, context);
  const operation = { ...who(spec, context), requestId: context.requestId, target: target.record };
  try {
    context.access.requireAllowed(spec.allow.action, target.instance);
  } catch (error) {
    // An attempt that was refused is part of the record, except where saying so would say that the thing exists.
    if (error instanceof ForbiddenError && !input.dryRun) await context.operations.recordRefusal(operation, error);
    throw error;
  }
  const misfits = spec.check?.(input, target.value, context) ?? [];
  if (misfits.length > 0) throw new ValidationError(misfits);
  if (spec.mustConfirm) checkConfirmation(input.confirm, target.confirmWith);
  if (input.dryRun) return toSuccess(spec.name, await spec.run(input, target.value, dryRunTicket, context), undefined);

  const ran = await context.operations.run(
    { ...operation, ...(idempotency ? { idempotency } : {}) },
    async (ticket) => {
      const outcome = await spec.run(input, target.value, ticket, context);
      const { before, after, recorded = hasObject(outcome) ? [{ before, after }] : [] } = outcome;
      const changes = recordedChanges(recorded);
      return { value: outcome, result: { type: spec.name, id: outcome.resultId }, changes };
    },
  );
  return ran.isReplay ? replay(spec, ran.record, context) : toSuccess(spec.name, ran.value, ran.record.id);
}

const who = (spec: { readonly name: string }, context: RequestContext) => ({
  action: spec.name,
  principal: context.principal,
});

/** Answers again what was done before: the result is looked up as this caller may see it now. */
async function replay<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  record: OperationRecord,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const value = await spec.replay(record.result ? await resolveNode(record.result.id, context) : null, context);
  if (value === null) {
    throw new ValidationError([
      {
        path: ['idempotencyKey'],
        code: 'result_gone',
        message: 'This was done before with the same key, but its result is no longer there',
      },
    ]);
  }
  return { successOf: spec.name, value, changes: [], warnings: [], operationId: record.id };
}

function toSuccess<Value>(
  name: string,
  outcome: MutationOutcome<Value>,
  operationId: string | undefined,
): MutationSuccess<Value> {
  return {
    successOf: name,
    value: outcome.value,
    changes: hasObject(outcome) ? diffFields(outcome.before, outcome.after) : [],
    warnings: outcome.warnings ?? [],
    operationId,
  };
}

const hasObject = (outcome: object): boolean => 'before' in outcome || 'after' in outcome;
