import { isMember } from '../shell/matches-glob.ts';

/** Finds a grep pattern in a line: characters, `.`, `[ ]`, `^`, `$`, and `*`, `+`, `?` behind one of them; `a|b` with -E. */
export type LineMatcher = (line: string) => boolean;

export interface PatternOptions {
  readonly isFixed: boolean;
  readonly isExtended: boolean;
  readonly ignoresCase: boolean;
}

/**
 * Compiles the pattern. It is run as a set of states and never backtracks, so that no pattern takes longer than its
 * length times the line's. Groups are read as plain parentheses.
 */
export function compilePattern(pattern: string, options: PatternOptions): LineMatcher {
  const fold = (text: string): string => (options.ignoresCase ? text.toLowerCase() : text);
  if (options.isFixed) return (line) => fold(line).includes(fold(pattern));
  const separator = options.isExtended ? /(?<!\\)\|/ : /\\\|/;
  const alternatives = pattern.split(separator).map((each) => compileAlternative(fold(each), options.isExtended));
  return (line) => alternatives.some((matches) => matches(fold(line)));
}

interface Item {
  readonly accepts: (char: string) => boolean;
  readonly isOptional: boolean;
  readonly isRepeated: boolean;
}

function compileAlternative(pattern: string, isExtended: boolean): LineMatcher {
  const isAtStart = pattern.startsWith('^');
  const isAtEnd = /(?<!\\)\$$/.test(pattern);
  const items = itemsOf(pattern.slice(isAtStart ? 1 : 0, isAtEnd ? -1 : undefined), isExtended);
  const close = (states: Set<number>): Set<number> => {
    for (const state of states) if (items[state]?.isOptional === true) states.add(state + 1);
    return states;
  };
  return (line) => {
    let states = close(new Set([0]));
    if (!isAtEnd && states.has(items.length)) return true;
    for (const char of line) {
      const next = new Set<number>(isAtStart ? [] : [0]);
      for (const state of states) {
        const item = items[state];
        if (item === undefined || !item.accepts(char)) continue;
        next.add(state + 1);
        if (item.isRepeated) next.add(state);
      }
      states = close(next);
      if (!isAtEnd && states.has(items.length)) return true;
    }
    return states.has(items.length);
  };
}

function itemsOf(pattern: string, isExtended: boolean): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    const set = char === '[' ? /^\[(\^?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    let accepts: Item['accepts'];
    if (set !== null) {
      const [whole, sign, members = ''] = set;
      accepts = (each) => isMember(expandClasses(members), each) === (sign === '');
      at += whole.length - 1;
    } else if (char === '\\' && at + 1 < pattern.length) {
      at += 1;
      accepts = escapeOf(pattern[at] ?? '');
    } else if (char === '.') accepts = () => true;
    else if (isExtended && (char === '(' || char === ')')) continue;
    else accepts = (each) => each === char;
    const sign = pattern[at + 1] ?? '';
    const isQuantified = sign === '*' || (isExtended && (sign === '+' || sign === '?'));
    if (isQuantified) at += 1;
    items.push({ accepts, isOptional: isQuantified && sign !== '+', isRepeated: isQuantified && sign !== '?' });
  }
  return items;
}

function escapeOf(char: string): Item['accepts'] {
  switch (char) {
    case 'd':
      return (each) => each >= '0' && each <= '9';
    case 'w':
      return (each) => /\w/.test(each);
    case 's':
      return (each) => /\s/.test(each);
    default:
      return (each) => each === char;
  }
}

function expandClasses(members: string): string {
  return members
    .replaceAll('[:digit:', '0-9')
    .replaceAll('[:alpha:', 'A-Za-z')
    .replaceAll('[:alnum:', 'A-Za-z0-9')
    .replaceAll('[:space:', ' \t');
}
