import { compilePattern, ValidationError } from 'longshore/sdk';
import { detectLevel, type LogLevel } from './detect-level.ts';

/** Which lines of a log are wanted; what is absent lets every line through. */
export interface LineFilter {
  readonly contains?: string | null | undefined;
  readonly excludes?: string | null | undefined;
  /** A regular expression of the regular kind, found anywhere in the line. */
  readonly matches?: string | null | undefined;
  readonly ignoreCase?: boolean | null | undefined;
  readonly levels?: readonly LogLevel[] | null | undefined;
}

const maxText = 1_000;
const maxPattern = 200;
/** All ways through a pattern are followed at once: its cost is that of the characters looked at. */
const searchedLength = 4_096;

/** Compiles a filter; throws `ValidationError` where it cannot be one. */
export function compileLineFilter(filter: LineFilter): (text: string) => boolean {
  const tests: ((text: string) => boolean)[] = [];
  const fold = filter.ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
  const { levels, matches } = filter;
  if (filter.contains) {
    const wanted = fold(checked('contains', filter.contains, maxText));
    tests.push((text) => fold(text).includes(wanted));
  }
  if (filter.excludes) {
    const unwanted = fold(checked('excludes', filter.excludes, maxText));
    tests.push((text) => !fold(text).includes(unwanted));
  }
  if (levels) tests.push((text) => levels.includes(detectLevel(text)));
  if (matches) {
    const source = checked('matches', matches, maxPattern);
    const pattern = compile(filter.ignoreCase ? foldPattern(source) : source);
    tests.push((text) => pattern.test(fold(text.slice(0, searchedLength))));
  }
  return (text) => tests.every((test) => test(text));
}

function compile(source: string) {
  try {
    return compilePattern(`^[\\s\\S]*(${source})[\\s\\S]*$`);
  } catch (error) {
    throw invalid('matches', error instanceof Error ? error.message : 'is no regular expression');
  }
}

/** Classes such as `\\D` and `\\d` are opposites and stay what they are. */
function foldPattern(source: string): string {
  return source.replace(/\\.|[^\\]+/gs, (part) => (part.startsWith('\\') ? part : part.toLowerCase()));
}

function checked(name: string, text: string, most: number): string {
  if (text.length > most) throw invalid(name, `must have at most ${most} characters`);
  return text;
}

function invalid(name: string, what: string): ValidationError {
  return new ValidationError([{ path: ['filter', name], code: 'invalid_filter', message: `${name} ${what}` }]);
}
