import { ValidationError } from '../../../kernel/answer-error.ts';
import type { RequestContext } from '../../request-context.ts';
import type { CommonInput } from './common-input.ts';
import { confirmPhrase, confirmPhraseFor } from './confirmation-keys.ts';
import type { MutationSpec, MutationTarget } from './mutation-spec.ts';
import { placeOf, thingOf } from './place-of-target.ts';

/** What must be typed before something is done, and whether that is the profile's phrase, a name or a number of things. */
export interface ExpectedConfirmation {
  readonly kind: 'PHRASE' | 'NAME' | 'COUNT';
  readonly text: string;
}

/** What one target asks for; undefined where a plain yes is enough (CORE-24, CORE-25). */
export function expectedConfirmation(
  mustConfirm: MutationSpec<never, never, never>['mustConfirm'],
  target: MutationTarget<unknown>,
  context: RequestContext,
): ExpectedConfirmation | undefined {
  if (!mustConfirm) return undefined;
  const profile = context.services.profiles.at(placeOf(target));
  const phrase = profile.get(confirmPhrase);
  if (phrase !== null) {
    const things = profile.get(confirmPhraseFor);
    if (things === null || things.includes(thingOf(target, context))) return { kind: 'PHRASE', text: phrase };
  }
  if (mustConfirm === 'BY_PROFILE') return undefined;
  return { kind: 'NAME', text: target.confirmWith ?? target.record.name ?? target.record.id };
}

/**
 * Refuses what was typed unless it is what is asked for. Throws `ValidationError` on `confirm`. A preview comes before the dialog
 * in which one types: a dry run needs no confirmation, but a wrong one is wrong there too.
 */
export function checkConfirmation(
  { confirm, dryRun }: Pick<CommonInput, 'confirm' | 'dryRun'>,
  expected: ExpectedConfirmation | undefined,
): void {
  const isMissing = confirm === null || confirm === undefined;
  if (expected === undefined || (isMissing && dryRun) || isSame(confirm ?? '', expected.text)) return;
  const message = `confirm must be ${JSON.stringify(expected.text)}`;
  const code = isMissing ? 'confirmation_required' : 'confirmation_mismatch';
  throw new ValidationError([{ path: ['confirm'], code, message }]);
}

/** One text may be typed in several ways, e.g. `é` as one character or as two: canonically equivalent is equal, anything else is not. */
function isSame(given: string, expected: string): boolean {
  return given.normalize('NFC') === expected.normalize('NFC');
}
