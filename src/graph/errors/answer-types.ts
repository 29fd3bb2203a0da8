import {
  type AnswerError,
  answerCodes,
  type CapabilityMissingError,
  type ConflictError,
  type FieldOwner,
  type ForbiddenError,
  type InUseError,
  type NotFoundError,
  type PreconditionError,
  type QuotaExceededError,
  type QuotaShortage,
  type UpstreamError,
  type ValidationError,
  type ValidationIssue,
} from '../../kernel/answer-error.ts';
import { interfaceRef, type LongshoreBuilder, typeRef } from '../builder.ts';
import { nodeRef } from '../nodes/node-ref.ts';
import { resolveNodes } from '../nodes/resolve-nodes.ts';
import type { Answer } from './answer-of.ts';
import { warningRef } from './warning-type.ts';

export const errorRef = interfaceRef<Answer<AnswerError>>('Error');
/** One thing that is wrong with an input or a text. */
export const validationIssueRef = typeRef<ValidationIssue>('ValidationIssue');
export const validationErrorRef = typeRef<Answer<ValidationError>>('ValidationError');
export const notFoundErrorRef = typeRef<Answer<NotFoundError>>('NotFoundError');
export const forbiddenErrorRef = typeRef<Answer<ForbiddenError>>('ForbiddenError');
/** A field that another field manager owns. */
export const fieldOwnerRef = typeRef<FieldOwner>('FieldOwner');
export const conflictErrorRef = typeRef<Answer<ConflictError>>('ConflictError');
export const inUseErrorRef = typeRef<Answer<InUseError>>('InUseError');
export const preconditionErrorRef = typeRef<Answer<PreconditionError>>('PreconditionError');
export const capabilityMissingErrorRef = typeRef<Answer<CapabilityMissingError>>('CapabilityMissingError');
export const quotaExceededErrorRef = typeRef<Answer<QuotaExceededError>>('QuotaExceededError');
/** Something that a quota has too little left of. */
const quotaShortageRef = typeRef<QuotaShortage>('QuotaShortage');
export const upstreamErrorRef = typeRef<Answer<UpstreamError>>('UpstreamError');

/** Always all nine, so that a client can handle every mutation alike. */
export const answerErrorRefs = [
  validationErrorRef,
  notFoundErrorRef,
  forbiddenErrorRef,
  conflictErrorRef,
  inUseErrorRef,
  preconditionErrorRef,
  capabilityMissingErrorRef,
  quotaExceededErrorRef,
  upstreamErrorRef,
] as const;

/** As many things as a form can show at once; an answer of thousands helps nobody. */
const maxIssues = 100;

const codeDescriptions: Record<(typeof answerCodes)[number], string> = {
  VALIDATION: 'The input is wrong; `ValidationError.issues` says where.',
  NOT_FOUND: 'Gone, never there, or not for you.',
  FORBIDDEN: 'You may read it but not do this.',
  CONFLICT: 'It has changed meanwhile, or somebody else owns what you set: read it again.',
  IN_USE: 'Something still uses it.',
  PRECONDITION_FAILED: 'A rule forbids it in the present state.',
  CAPABILITY_MISSING: 'The cluster lacks an engine that this needs.',
  QUOTA_EXCEEDED: 'A quota would be exceeded.',
  UPSTREAM: 'A cluster or another service failed or did not answer; it may pass.',
};

/** Errors as data: what a mutation answers instead of a success. `reasons` come from all plugins. */
export function registerAnswerTypes(builder: LongshoreBuilder, reasons: Readonly<Record<string, string>>): void {
  const code = builder.enumType('ErrorCode', {
    description: 'What kind of answer an error is.',
    values: Object.fromEntries(answerCodes.map((name) => [name, { description: codeDescriptions[name] }])),
  });
  const reason = builder.enumType('PreconditionReason', {
    description: 'Which rule of the platform refused. Plugins add their own.',
    values: Object.fromEntries(Object.entries(reasons).map(([name, description]) => [name, { description }])),
  });

  builder.interfaceType(errorRef, {
    description: 'What a mutation answers instead of a success.',
    fields: (t) => ({
      message: t.exposeString('message', {
        description: 'What was expected and what came, in one sentence for people.',
      }),
      code: t.field({ type: code, description: 'What kind of error, for programs.', resolve: (error) => error.code }),
    }),
    resolveType: (error) => error.name,
  });

  registerValidationError(builder);
  builder.objectType(notFoundErrorRef, {
    description: 'Gone, never there, or not for you: these three cannot be told apart.',
    interfaces: [errorRef],
  });
  builder.objectType(forbiddenErrorRef, {
    description: 'You may read the object, but not do this to it.',
    interfaces: [errorRef],
  });
  registerConflictError(builder);
  builder.objectType(inUseErrorRef, {
    description: 'Something still uses the thing.',
    interfaces: [errorRef],
    fields: (t) => ({
      references: t.field({
        type: [nodeRef],
        description: 'What still uses it, as far as you may see it.',
        resolve: async (error, _args, context) => {
          const nodes = await resolveNodes([...error.references], context);
          return nodes.filter((node) => node !== null) as never;
        },
      }),
    }),
  });
  builder.objectType(preconditionErrorRef, {
    description: 'A rule of the platform forbids it in the present state.',
    interfaces: [errorRef],
    fields: (t) => ({
      reason: t.field({ type: reason, description: 'Which rule.', resolve: (error) => error.reason as never }),
      unacknowledged: t.field({
        type: [warningRef],
        description: 'What to acknowledge, where the reason is ACKNOWLEDGEMENT_REQUIRED; empty for other reasons.',
        resolve: (error) => [...error.unacknowledged],
      }),
    }),
  });
  builder.objectType(capabilityMissingErrorRef, {
    description: 'The cluster or this installation lacks an engine or plugin that this needs.',
    interfaces: [errorRef],
    fields: (t) => ({
      capability: t.exposeString('capability', { description: 'What is missing, as `Cluster.capabilities` names it.' }),
      hint: t.string({ nullable: true, description: 'What would cure it.', resolve: (error) => error.hint ?? null }),
    }),
  });
  registerQuotaExceededError(builder);
  builder.objectType(upstreamErrorRef, {
    description:
      'A cluster or another service failed or did not answer. The write may or may not have happened: look, then try again.',
    interfaces: [errorRef],
    fields: (t) => ({
      upstream: t.exposeString('upstream', { description: "Which service, e.g. `cluster 'embedded'`." }),
    }),
  });
}

function registerQuotaExceededError(builder: LongshoreBuilder): void {
  builder.objectType(quotaShortageRef, {
    description: 'Something that a quota has too little left of. Amounts are quantities of Kubernetes.',
    fields: (t) => ({
      quota: t.exposeString('quota', { description: 'Name of the quota.' }),
      resource: t.exposeString('resource', {
        description: 'Item of it, e.g. `requests.cpu` or `count/deployments.apps`.',
      }),
      hard: t.exposeString('hard', { description: 'What it allows in all.' }),
      left: t.exposeString('left', { description: 'What of that is not in use.' }),
      needed: t.exposeString('needed', { description: 'What is needed on top of what is in use.' }),
      missing: t.exposeString('missing', { description: 'By how much `needed` is more than `left`.' }),
    }),
  });
  builder.objectType(quotaExceededErrorRef, {
    description: 'A quota would be exceeded.',
    interfaces: [errorRef],
    fields: (t) => ({
      shortages: t.field({
        type: [quotaShortageRef],
        description: 'Item by item what there is too little of; empty where `message` alone says it.',
        resolve: (error) => [...error.shortages],
      }),
    }),
  });
}

function registerValidationError(builder: LongshoreBuilder): void {
  builder.objectType(validationIssueRef, {
    description: 'One thing that is wrong with the input.',
    fields: (t) => ({
      path: t.stringList({
        description: 'Where in `input`, or in the YAML document, from the outside in.',
        resolve: (row) => row.path.map(String),
      }),
      message: t.exposeString('message', { description: 'What was expected and what came.' }),
      code: t.exposeString('code', { description: 'A short constant, e.g. `too_small` or `yaml_syntax`.' }),
      line: t.int({
        nullable: true,
        description: 'Line in the YAML text, from 1.',
        resolve: (row) => row.line ?? null,
      }),
      column: t.int({
        nullable: true,
        description: 'Column in that line, from 1.',
        resolve: (row) => row.column ?? null,
      }),
    }),
  });
  builder.objectType(validationErrorRef, {
    description: 'The input is wrong.',
    interfaces: [errorRef],
    fields: (t) => ({
      issues: t.field({
        type: [validationIssueRef],
        description: 'Everything that is wrong, not only the first; up to 100.',
        resolve: (error) => error.issues.slice(0, maxIssues),
      }),
      issueCount: t.int({
        description: 'How many things are wrong in all, also where `issues` does not tell every one.',
        resolve: (error) => error.issues.length,
      }),
    }),
  });
}

function registerConflictError(builder: LongshoreBuilder): void {
  const operation = builder.enumType('FieldOwnerOperation', {
    description: 'How a field manager came to own a field.',
    values: {
      APPLY: { description: 'By server-side apply: it will set the field again when it applies again.' },
      UPDATE: { description: 'By any other write.' },
    } as const,
  });
  builder.objectType(fieldOwnerRef, {
    description: 'A field that another field manager owns (server-side apply).',
    fields: (t) => ({
      manager: t.exposeString('manager', { description: "The field manager's name, e.g. `kubectl-edit`." }),
      field: t.exposeString('field', { description: 'The field, e.g. `.spec.replicas`.' }),
      operation: t.field({
        type: operation,
        nullable: true,
        description: 'How it came to own it; null where the cluster did not say.',
        resolve: (row) => row.operation ?? null,
      }),
      subresource: t.string({
        nullable: true,
        description: 'The subresource through which it wrote, e.g. `scale`.',
        resolve: (row) => row.subresource ?? null,
      }),
    }),
  });
  builder.objectType(conflictErrorRef, {
    description: 'It has changed meanwhile, exists already, or another field manager owns what you set.',
    interfaces: [errorRef],
    fields: (t) => ({
      managers: t.field({
        type: [fieldOwnerRef],
        description: 'Who owns which field; empty for other conflicts.',
        resolve: (error) => [...error.managers],
      }),
    }),
  });
}
