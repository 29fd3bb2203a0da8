import type { ValidationIssue } from '../../../kernel/answer-error.ts';
import type { InputFieldBuilder } from '../../builder.ts';
import type { MutationSpec } from './mutation-spec.ts';

/** What every mutation's input carries besides its own fields. */
export interface CommonInput {
  readonly dryRun: boolean;
  readonly idempotencyKey?: string | null | undefined;
  readonly confirm?: string | null | undefined;
  readonly acknowledge?: readonly string[] | null | undefined;
}

/** The fields of `CommonInput`; `confirm` and `acknowledge` where the mutation declares them. */
export function commonInputFields(
  t: InputFieldBuilder,
  { mustConfirm, warn }: Pick<MutationSpec<never, never, never>, 'mustConfirm' | 'warn'>,
): object {
  return {
    ...(mustConfirm ? { confirm: t.string({ description: confirmDescriptions[`${mustConfirm}`] }) } : {}),
    ...(warn
      ? {
          acknowledge: t.field({
            type: ['WarningCode' as never],
            description: `Warnings that you know of and accept: ${warn.codes.join(', ')}. What is found and is not here refuses with ACKNOWLEDGEMENT_REQUIRED.`,
          }),
        }
      : {}),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Check everything and ask the cluster, but change nothing and leave no record.',
    }),
    idempotencyKey: t.string({
      description:
        'The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict.',
    }),
  };
}

const confirmDescriptions = {
  true: "The name of what it concerns, or the phrase of its place's profile, typed again; the query `confirmation` tells which. A dry run can do without.",
  BY_PROFILE:
    "The phrase of its place's profile, typed, where that asks for one for such a thing; the query `confirmation` tells. A dry run can do without.",
};

const idempotencyKeyPattern = /^[\x21-\x7e]{1,128}$/;

export function checkCommonInput(input: CommonInput): ValidationIssue[] {
  const key = input.idempotencyKey;
  if (key === null || key === undefined || idempotencyKeyPattern.test(key)) return [];
  return [
    {
      path: ['idempotencyKey'],
      code: 'invalid_idempotency_key',
      message: 'idempotencyKey must be 1 to 128 printable ASCII characters without spaces',
    },
  ];
}
