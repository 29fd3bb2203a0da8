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
/** All ways through a pattern are followed at once: its cost is that of the characters looked at, times its own length. */
const searchedLength = 4_096;
const maxStates = 300;

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
    const isFound = compile(filter.ignoreCase ? foldPattern(source) : source);
    tests.push((text) => isFound(fold(text)));
  }
  return (text) => tests.every((test) => test(text));
}

/** Found anywhere in a line; from its begin where the pattern begins with `^`, to its end where it ends with `$`. */
function compile(source: string): (text: string) => boolean {
  const isFromBegin = source.startsWith('^');
  const isToEnd = /(?<!\\)(?:\\\\)*\$$/.test(source);
  const body = source.slice(isFromBegin ? 1 : 0, isToEnd ? -1 : undefined);
  const rest = '[\\s\\S]*';
  try {
    const pattern = compilePattern(`^${isFromBegin ? '' : rest}(${body})${isToEnd ? '' : rest}$`, maxStates);
    // The end of what is searched is not that of a longer line.
    return (text) => !(isToEnd && text.length > searchedLength) && pattern.test(text.slice(0, searchedLength));
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
