/**
 * Answers: what can be wrong with what the caller wants to do. They reach the caller as data in a mutation's
 * payload (`ErrorCode` in the schema). Messages name the thing, what was expected and what came; never a secret.
 */
export const answerCodes = [
  'VALIDATION',
  'NOT_FOUND',
  'FORBIDDEN',
  'CONFLICT',
  'IN_USE',
  'PRECONDITION_FAILED',
  'CAPABILITY_MISSING',
  'QUOTA_EXCEEDED',
  'UPSTREAM',
] as const;
export type AnswerCode = (typeof answerCodes)[number];

/** Base of the nine answers; throw one of its subclasses. */
export abstract class AnswerError extends Error {
  abstract readonly code: AnswerCode;
}

/** One thing wrong with an input. `path` points into `input`, e.g. `['replicas']`; line and column count from 1. */
export interface ValidationIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** A short constant a form can switch on, e.g. `too_small`, `invalid_name`, `yaml_syntax`. */
  readonly code: string;
  readonly line?: number;
  readonly column?: number;
}

/** An error's message goes into records and logs, too: it tells the first, `issues` has them all. */
const issuesInMessage = 10;

export class ValidationError extends AnswerError {
  override readonly name = 'ValidationError';
  readonly code = 'VALIDATION';
  readonly issues: readonly ValidationIssue[];
  constructor(issues: readonly ValidationIssue[], options?: ErrorOptions) {
    const said = issues.slice(0, issuesInMessage).map(({ message }) => message);
    const more = issues.length - said.length;
    super((more > 0 ? [...said, `and ${more} more`] : said).join('; '), options);
    this.issues = issues;
  }
}

/** Gone, never there, or not for this caller: one text for all three, so that nothing can be told apart. */
export class NotFoundError extends AnswerError {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
}

/** Only for an action on something the caller may read; for anything else answer `NotFoundError`. */
export class ForbiddenError extends AnswerError {
  override readonly name = 'ForbiddenError';
  readonly code = 'FORBIDDEN';
}

/** A field that another field manager owns (server-side apply). */
export interface FieldOwner {
  readonly manager: string;
  /** As the cluster writes it: `.spec.template.spec.containers[name="web"].image`. */
  readonly field: string;
  /** How it came to own it: by server-side apply, or by any other write. */
  readonly operation?: 'APPLY' | 'UPDATE';
  /** Through which it wrote, e.g. `scale`. */
  readonly subresource?: string;
}

/** Two versions of one object that came from the same one, so that a form can merge them. */
export interface DivergedVersions {
  /** The object as it is now. */
  readonly current: object;
  /** Field by field what the caller changed, and what others did since it was read; undefined where that is not known. */
  readonly yours: readonly object[];
  readonly theirs: readonly object[] | undefined;
}

export class ConflictError extends AnswerError {
  override readonly name = 'ConflictError';
  readonly code = 'CONFLICT';
  /** Where somebody else was faster than an editor. */
  readonly versions: DivergedVersions | undefined;
  /** Field managers that own what the caller wanted to change, where the conflict is one of server-side apply. */
  readonly managers: readonly FieldOwner[];
  constructor(
    message: string,
    options?: ErrorOptions & { managers?: readonly FieldOwner[]; versions?: DivergedVersions },
  ) {
    super(message, options);
    this.managers = options?.managers ?? [];
    this.versions = options?.versions;
  }
}

/** `references` are global ids of what still uses the thing. */
export class InUseError extends AnswerError {
  override readonly name = 'InUseError';
  readonly code = 'IN_USE';
  readonly references: readonly string[];
  constructor(message: string, references: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.references = references;
  }
}

/** What the caller shall know before it is done. `code` is a member of the enum WarningCode, `path` points into `input`. */
export interface RaisedWarning {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** A rule of the platform forbids it in the present state. `reason` is a member of the enum PreconditionReason. */
export class PreconditionError extends AnswerError {
  override readonly name = 'PreconditionError';
  readonly code = 'PRECONDITION_FAILED';
  readonly reason: string;
  /** What has to be acknowledged first, where that is the reason. */
  readonly unacknowledged: readonly RaisedWarning[];
  constructor(reason: string, message: string, options?: ErrorOptions & { unacknowledged?: readonly RaisedWarning[] }) {
    super(message, options);
    this.reason = reason;
    this.unacknowledged = options?.unacknowledged ?? [];
  }
}

/** The cluster or installation lacks an engine or plugin that this needs. */
export class CapabilityMissingError extends AnswerError {
  override readonly name = 'CapabilityMissingError';
  readonly code = 'CAPABILITY_MISSING';
  readonly capability: string;
  /** What would cure it, for the administrator. */
  readonly hint: string | undefined;
  constructor(capability: string, message: string, options?: ErrorOptions & { hint?: string }) {
    super(message, options);
    this.capability = capability;
    this.hint = options?.hint;
  }
}

/** Something that a quota has too little left of; amounts are quantities of Kubernetes, e.g. `1500m` or `2Gi`. */
export interface QuotaShortage {
  /** Name of the quota. */
  readonly quota: string;
  /** Name of the item in it, e.g. `requests.cpu`. */
  readonly resource: string;
  readonly hard: string;
  readonly left: string;
  readonly needed: string;
  readonly missing: string;
}

export class QuotaExceededError extends AnswerError {
  override readonly name = 'QuotaExceededError';
  readonly code = 'QUOTA_EXCEEDED';
  /** Item by item; empty where it is said in `message` alone. */
  readonly shortages: readonly QuotaShortage[];
  constructor(message: string, options?: ErrorOptions & { shortages?: readonly QuotaShortage[] }) {
    super(message, options);
    this.shortages = options?.shortages ?? [];
  }
}

/** A cluster, registry or other service answered with a failure or not at all; it may pass. */
export class UpstreamError extends AnswerError {
  override readonly name = 'UpstreamError';
  readonly code = 'UPSTREAM';
  /** Which service, e.g. `cluster 'embedded'`. */
  readonly upstream: string;
  constructor(upstream: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.upstream = upstream;
  }
}
