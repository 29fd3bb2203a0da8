import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { createPreviewTicket } from '../../../audit/operation-handle.ts';
import type { RaisedWarning } from '../../../kernel/answer-error.ts';
import { diffFields } from '../../changes/diff-fields.ts';
import { type ChangedThing, recordedChanges } from '../../changes/recorded-changes.ts';
import type { RequestContext } from '../../request-context.ts';
import { checkConfirmation, expectedConfirmation } from './check-confirmation.ts';
import type { CommonInput } from './common-input.ts';
import type { MutationOutcome, MutationSpec, MutationSuccess } from './mutation-spec.ts';
import { type PreparedMutation, prepareMutation } from './prepare-mutation.ts';
import { replayMutation } from './replay-mutation.ts';
import { checkAcknowledged } from './warnings.ts';

/** Everything between the rights on the root field and its payload, in the order that `registerMutation` promises. */
export async function performMutation<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields> & CommonInput,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const prepared = await prepareMutation(spec, input, context);
  if (!prepared.isReplay) checkConfirmation(input, expectedConfirmation(spec.mustConfirm, prepared.target, context));
  return finishMutation(spec, input, prepared, context);
}

/** Everything that comes after confirmation. */
export async function finishMutation<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields> & CommonInput,
  prepared: PreparedMutation<Target>,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  if (prepared.isReplay) return replayMutation(spec, input, prepared.record, context);
  const { target, raised, operation } = prepared;
  if (input.dryRun) {
    const preview = createPreviewTicket();
    const outcome = await spec.run(input, target.value, preview, context);
    const conflicts = [...(outcome.conflicts ?? []), ...preview.conflicts];
    return toSuccess(spec.name, { ...outcome, conflicts }, raised, undefined);
  }
  checkAcknowledged(raised, input.acknowledge ?? []);
  const detail = raised.length > 0 ? `acknowledged ${raised.map(({ code }) => code).join(', ')}` : undefined;
  const ran = await context.operations.run({ ...operation, detail }, async (ticket) => {
    const outcome = await spec.run(input, target.value, ticket, context);
    const changes = recordedChanges(changedBy(outcome));
    return { value: outcome, result: { type: spec.name, id: outcome.resultId }, changes };
  });
  return ran.isReplay
    ? replayMutation(spec, input, ran.record, context)
    : toSuccess(spec.name, ran.value, raised, ran.record.id);
}

function toSuccess<Value>(
  name: string,
  outcome: MutationOutcome<Value>,
  raised: readonly RaisedWarning[],
  operationId: string | undefined,
): MutationSuccess<Value> {
  return {
    successOf: name,
    value: outcome.value,
    changes: changedBy(outcome)
      .filter(({ object }) => object === undefined)
      .flatMap(({ before, after }) => diffFields(before, after)),
    warnings: [...raised.map(({ message }) => message), ...(outcome.warnings ?? [])],
    raised,
    conflicts: outcome.conflicts ?? [],
    operationId,
  };
}

function changedBy(outcome: MutationOutcome<unknown>): readonly ChangedThing[] {
  const { before, after, recorded } = outcome;
  return recorded ?? ('before' in outcome || 'after' in outcome ? [{ before, after }] : []);
}
