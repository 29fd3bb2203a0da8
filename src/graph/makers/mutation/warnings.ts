import { PreconditionError, type RaisedWarning } from '../../../kernel/answer-error.ts';

/** Members of `WarningCode` that every installation has; plugins add theirs. */
export const commonWarningCodes: Readonly<Record<string, string>> = {
  IN_USE: 'Something still uses it, and will miss it.',
};

/** Throws `PreconditionError` (ACKNOWLEDGEMENT_REQUIRED) with the warnings that the caller has not acknowledged. */
export function checkAcknowledged(raised: readonly RaisedWarning[], acknowledged: readonly string[]): void {
  const open = raised.filter(({ code }) => !acknowledged.includes(code));
  if (open.length === 0) return;
  throw new PreconditionError('ACKNOWLEDGEMENT_REQUIRED', open.map(({ message }) => message).join(' '), {
    unacknowledged: open,
  });
}

/** A code that a mutation does not declare is not in its description: a fault of the plugin. */
export function assertDeclared(mutation: string, raised: readonly RaisedWarning[], codes: readonly string[]): void {
  const undeclared = raised.find(({ code }) => !codes.includes(code));
  if (undeclared) throw new Error(`${mutation} raises the warning '${undeclared.code}', which it does not declare`);
}
