import type { ValidationIssue } from '../../../kernel/answer-error.ts';
import type { InputFieldBuilder } from '../../builder.ts';

/** What every mutation's input carries besides its own fields. */
export interface CommonInput {
  readonly dryRun: boolean;
  readonly idempotencyKey?: string | null | undefined;
  readonly confirm?: string | null | undefined;
}

/** The fields of `CommonInput`, and `confirm` where the mutation asks for it. */
export function commonInputFields(t: InputFieldBuilder, { mustConfirm }: { readonly mustConfirm: boolean }): object {
  return {
    ...(mustConfirm
      ? { confirm: t.string({ required: true, description: 'The name of what it concerns, typed again.' }) }
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
