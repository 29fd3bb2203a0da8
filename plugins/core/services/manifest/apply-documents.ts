import {
  AnswerError,
  type ClusterWriter,
  ConflictError,
  diffFields,
  dryRunTicket,
  type FieldChange,
  type FieldOwner,
  type KubeObject,
  type OperationHandle,
  subjectOf,
  UpstreamError,
  ValidationError,
  type ValidationIssue,
  type WriteResult,
} from 'longshore/sdk';
import { nameDocumentError } from './name-document-error.ts';
import { apiVersionOfPlan, type PlannedDocument } from './plan-apply.ts';

export type ApplyAction = 'CREATED' | 'CONFIGURED' | 'UNCHANGED';

export interface AppliedDocument {
  readonly index: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Undefined where it was not applied. */
  readonly action: ApplyAction | undefined;
  readonly changes: readonly FieldChange[];
  readonly warnings: readonly string[];
  /** What was rewritten before it was applied. */
  readonly conversions: readonly ValidationIssue[];
  /** Fields of others that it would take over, or with `force` has taken over. */
  readonly conflicts: readonly FieldOwner[];
  readonly object: KubeObject | undefined;
  readonly error: AnswerError | undefined;
}

export interface ApplyDocumentsRequest {
  readonly plans: readonly PlannedDocument[];
  readonly writer: Pick<ClusterWriter, 'apply'>;
  readonly ticket: OperationHandle;
  readonly force: boolean;
  /**
   * What a document would take away of an object: throws where that is still used and must stay, else answers what its author
   * should know. Asked once it is known what would come of the document.
   */
  readonly checkLoss?: (existing: KubeObject, left: object) => Promise<readonly string[]>;
}

/** Dry runs under way at once. */
const concurrency = 8;

/**
 * Applies documents in their order. First all of them are checked, by the writer's guard and the cluster's own dry
 * run; where any check fails, that is thrown and nothing is written. Once writing has begun a failure stands with its
 * document and the others go on, except after the cluster has stopped answering.
 */
export async function applyDocuments(request: ApplyDocumentsRequest): Promise<readonly AppliedDocument[]> {
  const { plans, ticket } = request;
  const checked = await checkAll(request);
  if (ticket.isDryRun) {
    return plans.map((plan, index) => toApplied(plan, checked[index]?.result, checked[index], true));
  }
  const applied: AppliedDocument[] = [];
  let unanswered: UpstreamError | undefined;
  for (const [index, plan] of plans.entries()) {
    if (unanswered) {
      applied.push(failed(plan, notAttempted(unanswered)));
      continue;
    }
    try {
      applied.push(toApplied(plan, await write(request, plan), checked[index], false));
    } catch (error) {
      const named = nameDocumentError(error, plan);
      if (!(named instanceof AnswerError)) throw named;
      if (named instanceof UpstreamError) unanswered = named;
      applied.push(failed(plan, named));
    }
  }
  // Where nothing at all was written, the whole operation has failed and its record says so.
  const first = firstError(applied);
  if (first && applied.every((document) => document.action === undefined)) throw first;
  return applied;
}

/** The cluster's own dry run of every document that it can judge now. */
async function checkAll(request: ApplyDocumentsRequest): Promise<readonly (Checked | undefined)[]> {
  const { plans } = request;
  const tooEarly = withoutNamespaceYet(plans);
  const results: (Checked | undefined)[] = [];
  const errors: AnswerError[] = [];
  for (let from = 0; from < plans.length; from += concurrency) {
    const batch = plans.slice(from, from + concurrency).map(async (plan) => {
      try {
        if (!tooEarly.has(plan)) return await checkOne(request, plan);
        // Only the schema can judge it now, and it is a whole new object.
        if (plan.doubts.length > 0) errors.push(new ValidationError(plan.doubts));
        return undefined;
      } catch (error) {
        const named = nameDocumentError(error, plan);
        if (!(named instanceof AnswerError)) throw named;
        errors.push(named instanceof ValidationError ? withDoubts(named, plan) : named);
        return undefined;
      }
    });
    results.push(...(await Promise.all(batch)));
  }
  const [first] = errors;
  if (first) throw first instanceof ValidationError ? joined(errors) : first;
  return results;
}

/** Documents whose namespace a document before them makes: until then the cluster can only say that it is missing. */
function withoutNamespaceYet(plans: readonly PlannedDocument[]): ReadonlySet<PlannedDocument> {
  const made = new Set<string>();
  const found = new Set<PlannedDocument>();
  for (const plan of plans) {
    if (plan.namespace !== undefined && made.has(plan.namespace)) found.add(plan);
    if (!plan.existing && subjectOf(plan.kind) === 'core/Namespace') made.add(plan.name);
  }
  return found;
}

/** The cluster often tells the first mistake alone, and knows no lines; the schema's words stand in for its own. */
function withDoubts(error: ValidationError, { doubts }: PlannedDocument): ValidationError {
  const told = new Set(doubts.map(({ path }) => path.join('\n')));
  const others = error.issues.filter(({ path }) => !told.has(path.join('\n')));
  return new ValidationError([...doubts, ...others], { cause: error });
}

/** All that is wrong, not only the first. */
function joined(errors: readonly AnswerError[]): ValidationError {
  const issues: ValidationIssue[] = errors.flatMap((error) => (error instanceof ValidationError ? error.issues : []));
  return new ValidationError(issues, { cause: errors[0] });
}

interface Tried {
  readonly result: WriteResult<unknown>;
  readonly conflicts: readonly FieldOwner[];
}

interface Checked extends Tried {
  readonly losses: readonly string[];
}

async function checkOne(request: ApplyDocumentsRequest, plan: PlannedDocument): Promise<Checked> {
  const tried = await check(request, plan);
  const losses = plan.existing ? ((await request.checkLoss?.(plan.existing, tried.result.object)) ?? []) : [];
  return { ...tried, losses };
}

/** What would come of a document. A preview shows what `force` would take over, and `force` itself is told what it takes. */
async function check({ writer, ticket, force }: ApplyDocumentsRequest, plan: PlannedDocument): Promise<Tried> {
  const dryRun = (isForced: boolean) => writer.apply(dryRunTicket, plan.kind, plan.object, { force: isForced });
  const mayConflict = plan.existing !== undefined;
  if (force && !mayConflict) return { result: await dryRun(true), conflicts: [] };
  try {
    const result = await dryRun(false);
    return { result: force ? await dryRun(true) : result, conflicts: [] };
  } catch (error) {
    const isTakeOver = error instanceof ConflictError && error.managers.length > 0;
    if (!isTakeOver || !(force || ticket.isDryRun)) throw error;
    return { result: await dryRun(true), conflicts: error.managers };
  }
}

/** The same object that was checked: the writer knows what it has judged. */
function write({ writer, ticket, force }: ApplyDocumentsRequest, plan: PlannedDocument): Promise<WriteResult<unknown>> {
  return writer.apply(ticket, plan.kind, plan.object, { force });
}

function toApplied(
  plan: PlannedDocument,
  result: WriteResult<unknown> | undefined,
  checked: Checked | undefined,
  isDryRun: boolean,
): AppliedDocument {
  // Without the cluster's answer only the text is known, and a text may carry values of Secrets.
  const changes = result ? diffFields(plan.existing, result.object) : [];
  const hasNewVersion =
    !isDryRun && plan.existing?.metadata.resourceVersion !== result?.object.metadata.resourceVersion;
  const isChanged = changes.length > 0 || hasNewVersion;
  return {
    ...place(plan),
    action: !plan.existing ? 'CREATED' : isChanged ? 'CONFIGURED' : 'UNCHANGED',
    changes,
    warnings: [...(checked?.losses ?? []), ...(result?.warnings ?? [])],
    conflicts: checked?.conflicts ?? [],
    object: result?.object as KubeObject | undefined,
    error: undefined,
  };
}

function failed(plan: PlannedDocument, error: AnswerError): AppliedDocument {
  return { ...place(plan), action: undefined, changes: [], warnings: [], conflicts: [], object: undefined, error };
}

function place(plan: PlannedDocument) {
  const { document, kind, namespace, name } = plan;
  return {
    index: document.index,
    apiVersion: apiVersionOfPlan(plan),
    kind: kind.kind,
    namespace,
    name,
    conversions: plan.conversions,
  };
}

const firstError = (applied: readonly AppliedDocument[]): AnswerError | undefined =>
  applied.find((document) => document.error)?.error;

function notAttempted(error: UpstreamError): UpstreamError {
  return new UpstreamError(error.upstream, `Not attempted after ${error.upstream} failed for an earlier document`, {
    cause: error,
  });
}
