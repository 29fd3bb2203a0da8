import type { ParseError } from '@marcbachmann/cel-js';

/** Why an expression is none, with the place marked below its line, as the API server draws it. */
export function describeCompileError(error: ParseError, source: string): string {
  const { words, at } = wordsOf(error, source);
  const before = source.slice(0, at).split('\n');
  const line = source.split('\n')[before.length - 1] ?? '';
  const column = before.at(-1)?.length ?? 0;
  return `ERROR: <input>:${before.length}:${column + 1}: ${words}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function wordsOf({ code, summary = '', range }: ParseError, source: string): { words: string; at: number } {
  const { start, end } = range ?? { start: 0, end: source.length };
  const own = source.slice(start, end);
  switch (code) {
    case 'unknown_variable': {
      const name = summary.replace(/^Unknown variable: /, '');
      return { words: undeclared(name), at: start };
    }
    case 'no_such_key': {
      const name = summary.replace(/^No such key: /, '');
      const dot = source.slice(0, end).lastIndexOf(`.${name}`);
      return { words: `undefined field '${name}'`, at: dot === -1 ? start : dot };
    }
    case 'no_such_overload': {
      const [, left = '', operator = '', right = ''] = /^no such overload: (\S+) (\S+) (\S+)$/.exec(summary) ?? [];
      const applied = `found no matching overload for '_${operator}_' applied to '(${typeName(left)}, ${typeName(right)})'`;
      if (operator !== '') return { words: applied, at: start + Math.max(0, own.indexOf(` ${operator} `) + 1) };
      return { words: summary, at: start };
    }
    case 'no_matching_overload': {
      const [, receiver = '', name = '', given = ''] = /'(?:(.*)\.)?([\w]+)\((.*)\)'$/.exec(summary) ?? [];
      const spoken = name === 'Matches' ? 'matches' : name;
      const call = start + Math.max(0, own.indexOf(`${spoken}(`) + spoken.length);
      const applied = receiver === '' ? `(${given})` : `${typeName(receiver)}.(${given})`;
      const isKnown = knownFunctions.has(spoken);
      return {
        words: isKnown ? `found no matching overload for '${spoken}' applied to '${applied}'` : undeclared(spoken),
        at: call,
      };
    }
    default:
      return { words: `Syntax error: ${summary.slice(0, 1).toLowerCase()}${summary.slice(1)}`, at: start };
  }
}

/** Functions whose name is right where their arguments are not. */
const knownFunctions = new Set(
  'size startsWith endsWith contains matches has all exists exists_one map filter int uint double string bytes bool type dyn duration timestamp quantity ip cidr url isIP isCIDR isURL isQuantity isSorted sum min max indexOf lastIndexOf substring replace split join trim lowerAscii upperAscii charAt find findAll format orValue or hasValue value'.split(
    ' ',
  ),
);

function undeclared(name: string): string {
  return `undeclared reference to '${name}' (in container '')`;
}

function typeName(name: string): string {
  if (name.startsWith('kubernetes.Object')) return 'object';
  return name.replace(/^optional<(.*)>$/, 'optional_type($1)').replace(/^list<(.*)>$/, 'list($1)');
}
