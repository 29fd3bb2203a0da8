import { createHash, randomUUID } from 'node:crypto';
import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { OperationSpec, OperationTarget, TargetTenants } from '../../../audit/operation-records.ts';
import {
  AnswerError,
  PreconditionError,
  UpstreamError,
  ValidationError,
  type ValidationIssue,
} from '../../../kernel/answer-error.ts';
import { parseGlobalId } from '../../global-id.ts';
import type { RequestContext } from '../../request-context.ts';
import { batchOperations } from './batch-keys.ts';
import { checkConfirmation, expectedConfirmation } from './check-confirmation.ts';
import { type CommonInput, checkCommonInput } from './common-input.ts';
import { expectedOfBatch } from './expected-of-batch.ts';
import { forEachBounded } from './for-each-bounded.ts';
import { hashInput } from './hash-input.ts';
import type { BatchSpec, MutationSpec, MutationSuccess, MutationTarget } from './mutation-spec.ts';
import { finishMutation } from './perform-mutation.ts';
import { placeOf, thingOf } from './place-of-target.ts';
import { type PreparedMutation, prepareMutation } from './prepare-mutation.ts';

/** Most things of one call; a client with more calls again. */
export const maxBatchSize = 100;

/** What became of one thing: either side, never both. */
export interface BatchResult<Value> {
  readonly id: string;
  readonly success?: MutationSuccess<Value>;
  readonly error?: AnswerError;
}

export interface BatchOutcome<Value> {
  readonly successOf: string;
  readonly results: readonly BatchResult<Value>[];
  readonly operationId: string | undefined;
}

export type BatchInput = CommonInput & { readonly ids: readonly (string | number)[] };

interface Item<Target, Value> {
  readonly id: string;
  readonly input: CommonInput;
  readonly prepared?: PreparedMutation<Target>;
  readonly failed?: BatchResult<Value>;
}

/**
 * One mutation for several things (CORE-26). First each is loaded and checked by itself, then what was typed is compared, for all of
 * them at once; then each is done by itself, with its own record and its own key, and what fails leaves the others as they are. The
 * batch has a record too: it succeeds where everything did, otherwise its key is free again, and a repetition does only
 * what is left to do. Throws answer errors that concern the batch as a whole; nothing has changed then.
 */
export async function performBatch<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  batch: BatchSpec,
  input: BatchInput,
  context: RequestContext,
): Promise<BatchOutcome<Value>> {
  const issues = [...checkCommonInput(input), ...checkIds(input.ids)];
  if (issues.length > 0) throw new ValidationError(issues);
  const ids = input.ids.map(String);
  const key = input.idempotencyKey ?? undefined;
  const attempt: Pick<OperationSpec, 'action' | 'principal' | 'idempotency'> = {
    action: batch.name,
    principal: context.principal,
    ...(key === undefined || input.dryRun
      ? {}
      : { idempotency: { key, inputHash: hashInput(input, context.services.inputHashKey) } }),
  };
  const batchId = randomUUID();
  const prepareAll = () =>
    forEachBounded(ids, clusterOf, (id) =>
      prepareItem(spec, { ...batch, id: batchId }, inputOfItem(id, input, attempt), id, context),
    );
  const finishAll = (items: readonly Item<Target, Value>[]) =>
    forEachBounded(
      items,
      ({ id }) => clusterOf(id),
      (item) => finishItem(spec, item, context),
    );

  const done = attempt.idempotency && (await context.operations.findDone(attempt));
  if (done) return toOutcome(batch, await finishAll((await prepareAll()).map(onlyReplay)), done.id);

  const items = await prepareAll();
  confirmAll(spec, input, items, context);
  const isHopeless = items.every(({ failed }) => failed !== undefined);
  if (input.dryRun || isHopeless) return toOutcome(batch, await finishAll(items), undefined);
  let operationId: string | undefined;
  try {
    const ran = await context.operations.run(
      {
        ...attempt,
        batchId,
        requestId: context.requestId,
        target: targetOf({ ...batch, id: batchId }, items, context),
        tenants: sharedTenants(items),
      },
      async (ticket) => {
        operationId = ticket.id;
        const results = await finishAll(items);
        if (results.some(({ error }) => error)) throw new IncompleteBatch(results);
        return { value: results, result: { type: batch.name, id: ticket.id ?? '' } };
      },
    );
    const results = ran.isReplay ? await finishAll((await prepareAll()).map(onlyReplay)) : ran.value;
    return toOutcome(batch, results, ran.record.id);
  } catch (error) {
    if (!(error instanceof IncompleteBatch)) throw error;
    return toOutcome(batch, error.results as readonly BatchResult<Value>[], operationId);
  }
}

function checkIds(ids: BatchInput['ids']): readonly ValidationIssue[] {
  const refuse = (code: string, message: string) => [{ path: ['ids'], code, message }];
  if (ids.length === 0) return refuse('too_small', `ids must have 1 to ${maxBatchSize} entries, got 0`);
  if (ids.length > maxBatchSize)
    return refuse('too_big', `ids must have 1 to ${maxBatchSize} entries, got ${ids.length}`);
  return new Set(ids.map(String)).size < ids.length ? refuse('duplicate', 'ids must not name one thing twice') : [];
}

/** An item's key is its own, and the same in a repetition of the batch. */
function inputOfItem(
  id: string,
  { ids: _ids, ...rest }: BatchInput,
  { idempotency }: Pick<OperationSpec, 'idempotency'>,
) {
  const idempotencyKey =
    idempotency && `batch:${createHash('sha256').update(`${idempotency.key}\n${id}`).digest('hex')}`;
  return { ...rest, id, idempotencyKey };
}

async function prepareItem<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  batch: BatchSpec & { readonly id: string },
  input: CommonInput,
  id: string,
  context: RequestContext,
): Promise<Item<Target, Value>> {
  try {
    const prepared = await prepareMutation(
      spec,
      input as InputShapeFromFields<Fields> & CommonInput,
      context,
      batch.id,
    );
    if (!prepared.isReplay) requireOffered(spec, batch, prepared.target, context);
    return { id, input, prepared };
  } catch (error) {
    return { id, input, failed: { id, error: toAnswer(error, context) } };
  }
}

/** Throws `PreconditionError` (BATCH_NOT_OFFERED) where the profile of the thing's place wants it done one by one (CORE-26, CON-28). */
function requireOffered(
  spec: Pick<MutationSpec<never, never, never>, 'allow'>,
  { verb }: BatchSpec,
  target: MutationTarget<unknown>,
  context: RequestContext,
): void {
  const profile = context.services.profiles.at(placeOf(target));
  const offered = profile.get(batchOperations);
  const word = `${thingOf(target, context)}_${verb ?? spec.allow.action}`;
  if (offered === null || offered.includes(word)) return;
  const message = `The profile '${profile.name}' does not offer ${word} for several things at once: do it one by one`;
  throw new PreconditionError('BATCH_NOT_OFFERED', message);
}

/** One text for all of them; where it is wrong nothing is done to any. */
function confirmAll<Target, Value>(
  spec: Pick<MutationSpec<never, never, never>, 'mustConfirm'>,
  input: BatchInput,
  items: readonly Item<Target, Value>[],
  context: RequestContext,
): void {
  const ofThings = items.flatMap(({ prepared }) => {
    if (!prepared || prepared.isReplay) return [];
    return expectedConfirmation(spec.mustConfirm, prepared.target, context) ?? [];
  });
  const expected = expectedOfBatch(ofThings, items.length);
  if (expected === 'SPLIT') {
    const message = 'The things ask for different phrases: do it in parts';
    throw new ValidationError([{ path: ['ids'], code: 'different_phrases', message }]);
  }
  checkConfirmation(input, expected);
}

async function finishItem<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  { id, input, prepared, failed }: Item<Target, Value>,
  context: RequestContext,
): Promise<BatchResult<Value>> {
  if (!prepared) return failed ?? { id };
  try {
    return {
      id,
      success: await finishMutation(spec, input as InputShapeFromFields<Fields> & CommonInput, prepared, context),
    };
  } catch (error) {
    return { id, error: toAnswer(error, context) };
  }
}

/** When the batch itself is only repeated, nothing may be done anew. */
function onlyReplay<Target, Value>(item: Item<Target, Value>): Item<Target, Value> {
  if (item.prepared?.isReplay) return item;
  const message = 'This was done before with the same key, but its result is no longer there';
  const error = new ValidationError([{ path: ['idempotencyKey'], code: 'result_gone', message }]);
  return { id: item.id, input: item.input, failed: { id: item.id, error } };
}

/** One thing's fault of ours is not the others': it is logged here, as nobody above will see it. */
function toAnswer(error: unknown, { logger, requestId }: RequestContext): AnswerError {
  if (error instanceof AnswerError) return error;
  logger.error({ err: error, requestId }, 'one thing of a batch failed for a reason of our own');
  return new UpstreamError('longshore', `Internal error; the log has it under request ${requestId}`, { cause: error });
}

/** What the batch's own record says: as much of the place as all things share. */
function targetOf<Target, Value>(
  batch: BatchSpec & { readonly id: string },
  items: readonly Item<Target, Value>[],
  { services }: RequestContext,
): OperationTarget {
  const records = items.flatMap(({ prepared }) => (prepared && !prepared.isReplay ? [prepared.target.record] : []));
  const shared = (name: 'cluster' | 'namespace' | 'kind') => {
    const values = new Set(records.map((record) => record[name]));
    return values.size === 1 ? [...values][0] : undefined;
  };
  return {
    plugin: services.registry.rootFields.get(`Mutation.${batch.name}`)?.plugin ?? '',
    type: 'Batch',
    id: batch.id,
    cluster: shared('cluster'),
    namespace: shared('cluster') === undefined ? undefined : shared('namespace'),
    kind: shared('kind'),
  };
}

/** Who may see what was done to each of the things may see that it was done to all of them. */
function sharedTenants<Target, Value>(items: readonly Item<Target, Value>[]): TargetTenants {
  const all = items.flatMap(({ prepared }) => (prepared && !prepared.isReplay ? [prepared.operation.tenants] : []));
  const shared = (name: 'workspaceId' | 'projectId') => {
    const values = new Set(all.map((tenants) => tenants?.[name]));
    return values.size === 1 ? [...values][0] : undefined;
  };
  return { workspaceId: shared('workspaceId'), projectId: shared('projectId') };
}

/** Things of one cluster wait for each other, and for no other cluster. */
function clusterOf(id: string): string {
  const parsed = parseGlobalId(id);
  return parsed?.of === 'kubernetes' ? parsed.cluster : '';
}

function toOutcome<Value>(
  { name }: BatchSpec,
  results: readonly BatchResult<Value>[],
  operationId: string | undefined,
): BatchOutcome<Value> {
  return { successOf: name, results, operationId };
}

/** Closes the batch's record as failed and frees its key; never leaves this file. */
class IncompleteBatch extends PreconditionError {
  readonly results: readonly BatchResult<unknown>[];
  constructor(results: readonly BatchResult<unknown>[]) {
    const failed = results.flatMap(({ error }) => error ?? []);
    super('BATCH_INCOMPLETE', `${failed.length} of ${results.length} failed, the first: ${failed[0]?.message ?? ''}`);
    this.results = results;
  }
}
