import {
  type AnswerError,
  CapabilityMissingError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  PreconditionError,
  QuotaExceededError,
  UpstreamError,
  ValidationError,
  type ValidationIssue,
} from '../../kernel/answer-error.ts';
import { apiVersionOf, type KindRef, subjectOf } from '../kind-ref.ts';
import type { KubeStatusError, StatusCause } from './kube-status-error.ts';

/** What a request was about, for the words of its errors. */
export interface RequestSubject {
  readonly cluster: string;
  readonly kind?: KindRef | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Members this room adds to the enum PreconditionReason, with their descriptions. */
export const kubePreconditionReasons = {
  CONTAINER_NOT_STARTED: 'The container has not started, or has no earlier run to ask about.',
  DISRUPTION_BUDGET: 'A PodDisruptionBudget does not allow another pod to go now.',
  DISRUPTION_BUDGETS: 'More than one PodDisruptionBudget covers the pod, which lets it never be evicted.',
  NAMESPACE_TERMINATING: 'The namespace is being deleted: nothing new can be made in it.',
} as const;

type Translate = (error: KubeStatusError, subject: RequestSubject) => AnswerError;

/** Answers by HTTP status; what is not in the table is the upstream's failure. */
const byStatus: Readonly<Record<number, Translate>> = {
  400: invalid,
  403: forbidden,
  404: notFound,
  405: notServed,
  409: conflict,
  413: invalid,
  422: invalid,
  429: tooMany,
};

/** The one place where refusals of an API server become answers. The refusal stays as `cause`. */
export function translateStatus(error: KubeStatusError, subject: RequestSubject): AnswerError {
  // Server-side apply answers 500 for what does not fit the schema.
  if (error.status === 500 && isMisfit(error.message)) return invalid(error, subject);
  // What no repetition cures: somebody has to take one of them away.
  if (error.status === 500 && /more than one PodDisruptionBudget/.test(error.message)) {
    return new PreconditionError('DISRUPTION_BUDGETS', error.message, { cause: error });
  }
  return (byStatus[error.status] ?? upstream)(error, subject);
}

/** `cluster 'shop'`: how clusters are called in messages. */
export function upstreamName(cluster: string): string {
  return `cluster '${cluster}'`;
}

/** `Deployment 'shop/web'`, or the kind's name where it is about all of them. */
export function describeSubject(subject: RequestSubject): string {
  if (subject.kind === undefined) return 'the API';
  if (subject.name === undefined) return subject.kind.plural;
  const name = subject.namespace === undefined ? subject.name : `${subject.namespace}/${subject.name}`;
  return `${subject.kind.kind} '${name}'`;
}

function upstream(error: KubeStatusError, subject: RequestSubject): AnswerError {
  const name = upstreamName(subject.cluster);
  return new UpstreamError(name, `${name} answered ${error.status} for ${describeSubject(subject)}: ${error.message}`, {
    cause: error,
  });
}

function forbidden(error: KubeStatusError, subject: RequestSubject): AnswerError {
  if (/(exceeded|failed) quota/i.test(error.message)) return new QuotaExceededError(error.message, { cause: error });
  if (hasCause(error, 'NamespaceTerminating')) {
    return new PreconditionError('NAMESPACE_TERMINATING', `Namespace '${subject.namespace ?? ''}' is being deleted.`, {
      cause: error,
    });
  }
  return new ForbiddenError(error.message, { cause: error });
}

function notFound(error: KubeStatusError, subject: RequestSubject): AnswerError {
  if (error.objectName === undefined && subject.kind !== undefined) return notServed(error, subject);
  const isAboutAnother =
    error.objectName !== undefined && subject.name !== undefined && error.objectName !== subject.name;
  return new NotFoundError(isAboutAnother ? error.message : `${describeSubject(subject)} was not found.`, {
    cause: error,
  });
}

function notServed(error: KubeStatusError, subject: RequestSubject): AnswerError {
  if (subject.kind === undefined) return upstream(error, subject);
  return kindMissing(subject.cluster, subject.kind, { cause: error });
}

/** The error of a kind that a cluster does not serve. */
export function kindMissing(cluster: string, kind: KindRef, options?: ErrorOptions): CapabilityMissingError {
  const message = `Cluster '${cluster}' does not serve ${kind.plural} of ${apiVersionOf(kind)}.`;
  return new CapabilityMissingError(subjectOf(kind), message, {
    ...options,
    hint: `Install what provides ${apiVersionOf(kind)} in the cluster.`,
  });
}

function conflict(error: KubeStatusError): AnswerError {
  const managers = error.causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({ ...readOwner(cause.message), field: cause.field ?? '' }));
  return new ConflictError(error.message, { cause: error, managers });
}

/** `conflict with "kubectl" with subresource "scale" using apps/v1 at …`: only who applies is named without a version. */
function readOwner(message: string) {
  const [, manager = '', subresource, using] =
    /conflict with "([^"]+)"(?: with subresource "([^"]+)")?( using )?/.exec(message) ?? [];
  const operation = using === undefined ? ('APPLY' as const) : ('UPDATE' as const);
  return { manager, operation, ...(subresource === undefined ? {} : { subresource }) };
}

function tooMany(error: KubeStatusError, subject: RequestSubject): AnswerError {
  if (!hasCause(error, 'DisruptionBudget')) return upstream(error, subject);
  // Which budget, and how many healthy pods it wants, stands in the cause alone.
  const causes = error.causes.flatMap(({ reason, message }) =>
    reason === 'DisruptionBudget' && message ? [message] : [],
  );
  return new PreconditionError('DISRUPTION_BUDGET', [error.message, ...causes].join(' '), { cause: error });
}

function invalid(error: KubeStatusError, subject: RequestSubject): AnswerError {
  if (/is waiting to start|ContainerCreating|previous terminated container/.test(error.message)) {
    return new PreconditionError('CONTAINER_NOT_STARTED', error.message, { cause: error });
  }
  // A patch has no preconditions: a uid in it that is not the object's is told as a change of what cannot change.
  if (error.causes.some(({ field, message }) => field === 'metadata.uid' && message.includes('immutable'))) {
    return new ConflictError(`${describeSubject(subject)} is another object of the same name by now.`, {
      cause: error,
    });
  }
  const told = [
    ...strictDecodingIssues(error.message),
    ...typedIssues(error.message),
    ...decodingIssues(error.message),
  ];
  const issues = told.length > 0 ? told : error.causes.map(issueOf);
  if (issues.length > 0) return new ValidationError(issues, { cause: error });
  return new ValidationError(
    [{ path: [], code: 'invalid', message: `${describeSubject(subject)}: ${error.message}` }],
    { cause: error },
  );
}

function issueOf(cause: StatusCause): ValidationIssue {
  const code = cause.reason
    .replace(/^FieldValue/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase();
  const message =
    cause.field === undefined || cause.message.startsWith(cause.field)
      ? cause.message
      : `${cause.field}: ${cause.message}`;
  return { path: fieldPath(cause.field ?? ''), code: code === '' ? 'invalid' : code, message };
}

/** `strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"` (fieldValidation=Strict). */
function strictDecodingIssues(message: string): ValidationIssue[] {
  if (!message.includes('strict decoding error')) return [];
  return [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)].map(([text, word, field]) => ({
    path: fieldPath(field ?? ''),
    code: `${word ?? 'unknown'}_field`,
    message: text,
  }));
}

const untyped = /^failed to create typed patch object \([^)]*\): /;
const unconverted = /^failed to convert new object \([^)]*\) to proper version: /;

const isMisfit = (message: string): boolean => untyped.test(message) || unconverted.test(message);

/**
 * `failed to create typed patch object (…): .spec.foo: field not declared in schema`, several below `errors:`, each in a
 * line of its own: the words of structured merge.
 */
function typedIssues(message: string): ValidationIssue[] {
  if (!untyped.test(message)) return [];
  const lines = message.replace(untyped, '').split('\n');
  return lines.flatMap((line) => {
    const [, field, words] = /^\s*(\.\S*?): (.*)$/.exec(line) ?? [];
    if (field === undefined || words === undefined) return [];
    // What was found instead is quoted, and may be anything.
    const said = words.replace(/, got .*$/, '');
    const code = said.startsWith('field not declared') ? 'unknown_field' : codeOfTyped(said);
    return [{ path: fieldPath(field), code, message: `${field.slice(1)}: ${said}` }];
  });
}

function codeOfTyped(words: string): string {
  if (words.startsWith('expected')) return 'wrong_type';
  if (words.startsWith('duplicate entries')) return 'duplicate_entry';
  return words.includes('omits') ? 'required' : 'invalid';
}

/** `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32` */
function decodingIssues(message: string): ValidationIssue[] {
  return [...message.matchAll(/cannot unmarshal (\w+) into Go struct field \w+\.([\w.]+) of type (\S+)/g)].map(
    ([, found, field = '', wanted]) => ({
      path: fieldPath(field),
      code: 'wrong_type',
      message: `${field} must be ${wanted}, got ${found}`,
    }),
  );
}

/** `spec.containers[0].image` and `metadata.labels[a.b/c]` as path segments. */
export function fieldPath(field: string): (string | number)[] {
  return [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, bracketed, plain]) => {
    if (bracketed === undefined) return plain ?? '';
    return /^\d+$/.test(bracketed) ? Number(bracketed) : bracketed;
  });
}

function hasCause(error: KubeStatusError, reason: string): boolean {
  return error.causes.some((cause) => cause.reason === reason);
}
