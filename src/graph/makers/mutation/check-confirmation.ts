import { ValidationError } from '../../../kernel/answer-error.ts';

/** Refuses what was typed unless it is what the target asks for. */
export function checkConfirmation(given: string | null | undefined, expected: string | undefined): void {
  if (expected !== undefined && given === expected) return;
  throw new ValidationError([
    { path: ['confirm'], code: 'confirmation_mismatch', message: `confirm must be ${JSON.stringify(expected ?? '')}` },
  ]);
}
