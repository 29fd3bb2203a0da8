import { AnswerError, PreconditionError, RequestError, ValidationError } from 'longshore/sdk';

/** Why something that an object wants is not done. */
export interface Refusal {
  /** As the GraphQL API says it: a member of ErrorCode, or the reason of a PreconditionError. */
  readonly code: string;
  readonly message: string;
}

/** One that is kept, so that the same is not tried again and again. */
export interface ObjectRefusal extends Refusal {
  /** What was tried, and on what: another key is another try. */
  readonly key: string;
  /** How often in a row. */
  readonly count: number;
  /** UTC milliseconds. */
  readonly at: number;
}

/** Longest text of a condition. */
const longest = 2_000;
/** A try of what was refused comes so much later, twice as long each time, in ms. */
const firstPauseMs = 15_000;
const longestPauseMs = 15 * 60_000;

/** How inputs of mutations are called in a spec. */
const fields: Readonly<Record<string, string>> = { serviceId: 'appService', versionId: 'version' };

/** What a person is told of an error that somebody has to do something about; undefined for one that may pass by itself. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RequestError) return error.code === 'FORBIDDEN' ? cut('FORBIDDEN', error.message) : undefined;
  if (!(error instanceof AnswerError) || error.code === 'UPSTREAM' || error.code === 'CONFLICT') return undefined;
  if (error instanceof ValidationError) {
    return cut(
      error.code,
      error.issues.map(({ path, message, code }) => `${pathOf(path)}: ${message} (${code})`).join('; '),
    );
  }
  if (error instanceof PreconditionError) {
    const codes = [...new Set(error.unacknowledged.map(({ code }) => code))];
    return cut(error.reason, `${error.message}${codes.length === 0 ? '' : ` Acknowledge: ${codes.join(', ')}.`}`);
  }
  return cut(error.code, error.message);
}

const cut = (code: string, message: string): Refusal => ({ code, message: message.slice(0, longest) });

const pathOf = (path: readonly (string | number)[]): string =>
  ['spec', ...path.map((part) => (typeof part === 'string' ? (fields[part] ?? part) : part))]
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

/** When something that was refused is worth another try although nobody has changed anything: rights, versions and other orders do change. */
export const nextTryAt = ({ at, count }: Pick<ObjectRefusal, 'at' | 'count'>): number =>
  at + Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(count - 1, 16));
