import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { OperationRecord } from '../../../audit/operation-records.ts';
import { ValidationError } from '../../../kernel/answer-error.ts';
import { resolveNode } from '../../nodes/resolve-nodes.ts';
import type { RequestContext } from '../../request-context.ts';
import type { MutationSpec, MutationSuccess } from './mutation-spec.ts';

/** Answers again what was done before: the result is looked up as this caller may see it now. */
export async function replayMutation<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields>,
  record: OperationRecord,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const value = await spec.replay(record.result ? await resolveNode(record.result.id, context) : null, context, input);
  if (value === null) {
    throw new ValidationError([
      {
        path: ['idempotencyKey'],
        code: 'result_gone',
        message: 'This was done before with the same key, but its result is no longer there',
      },
    ]);
  }
  // What the answer told then, but for secrets: those are masked in the record.
  const changes = record.changes.filter(({ object }) => object === undefined);
  return { successOf: spec.name, value, changes, warnings: [], raised: [], conflicts: [], operationId: record.id };
}
