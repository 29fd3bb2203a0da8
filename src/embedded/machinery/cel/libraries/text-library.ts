import { compileGoPattern } from '../../schema/go-pattern.ts';
import { type Library, registerAll } from './library.ts';

/** Text beyond what CEL itself brings: `replace`, `charAt`, `find`, `findAll`, `format`, `reverse`. */
export const textLibrary: Library = (environment) => {
  registerAll(environment, {
    // Under another name of the same length, see `withOwnFunctions`: the library's own takes patterns of JavaScript.
    'string.Matches(string): bool': (text: string, pattern: string) => compileGoPattern(pattern).test(text),
    'Matches(string, string): bool': (text: string, pattern: string) => compileGoPattern(pattern).test(text),
    'string.replace(string, string): string': (text: string, from: string, to: string) => text.split(from).join(to),
    'string.replace(string, string, int): string': replaceSome,
    'string.charAt(int): string': (text: string, at: bigint) => {
      const characters = [...text];
      if (at < 0n || at > BigInt(characters.length)) throw new Error(`index out of range: ${at}`);
      return characters[Number(at)] ?? '';
    },
    'string.reverse(): string': (text: string) => [...text].reverse().join(''),
    'string.find(string): string': (text: string, pattern: string) => compileGoPattern(pattern).exec(text)?.[0] ?? '',
    'string.findAll(string): list<string>': (text: string, pattern: string) => findAll(text, pattern, -1n),
    'string.findAll(string, int): list<string>': findAll,
    'string.format(list<dyn>): string': format,
  });
};

function replaceSome(text: string, from: string, to: string, count: bigint): string {
  const parts = text.split(from);
  if (count < 0n || parts.length - 1 <= count) return parts.join(to);
  const replaced = Number(count) + 1;
  return [parts.slice(0, replaced).join(to), ...parts.slice(replaced)].join(from);
}

function findAll(text: string, pattern: string, limit: bigint): string[] {
  const { source, flags } = compileGoPattern(pattern);
  const found = [...text.matchAll(new RegExp(source, `${flags}g`))].map(([whole]) => whole);
  return limit < 0n ? found : found.slice(0, Number(limit));
}

function format(pattern: string, values: readonly unknown[]): string {
  let at = 0;
  return pattern.replace(/%(?:\.(\d+))?([%sdfeboxX])/g, (_whole, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (at >= values.length) throw new Error(`index ${at} out of range`);
    const value = values[at];
    at += 1;
    return formatOne(value, verb, digits === undefined ? 6 : Number(digits));
  });
}

function formatOne(value: unknown, verb: string, digits: number): string {
  switch (verb) {
    case 'f':
      return Number(value).toFixed(digits);
    case 'e':
      return Number(value).toExponential(digits);
    case 'b':
      return BigInt(value as bigint).toString(2);
    case 'o':
      return BigInt(value as bigint).toString(8);
    case 'x':
    case 'X': {
      const hex = typeof value === 'string' ? Buffer.from(value).toString('hex') : BigInt(value as bigint).toString(16);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      return print(value);
  }
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, member]) => `${print(key)}: ${print(member)}`).join(', ')}}`;
  return value instanceof Date ? value.toISOString() : String(value);
}
