import { compilePattern, type LinearPattern } from '../../kernel/profiles/linear-pattern.ts';
import { parseQuantity } from '../syntax/parse-quantity.ts';
import { nearestName } from './nearest-name.ts';
import type { SchemaNode, SchemaProblem } from './schema-node.ts';

type Path = readonly (string | number)[];
type Json = Readonly<Record<string, unknown>>;

/** What every object of its own may have, whatever its schema says. */
const typeFields = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * What is wrong with a value by its schema, up to `limit` problems. What is certain follows the rules of server-side
 * apply (structured merge over the same schemas); null is a value left out, as there. Each part of the value is looked
 * at once.
 */
export function findProblems(value: unknown, schema: SchemaNode, limit: number): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const isFull = (): boolean => problems.length >= limit;
  const report = (path: Path, code: string, message: string, isCertain: boolean): void => {
    if (!isFull()) problems.push({ path, code, message, isCertain });
  };

  function check(node: SchemaNode, found: unknown, path: Path): void {
    if (found === null || found === undefined || isFull() || node.type === 'any') return;
    const wanted = misfit(node, found);
    if (wanted !== undefined) {
      report(path, 'wrong_type', `${nameOf(path)} must be ${wanted}, got ${describeType(found)}`, true);
      return;
    }
    if (Array.isArray(found)) checkList(node, found, path);
    else if (isJson(found)) checkObject(node, found, path);
    else checkScalar(node, found as Scalar, path);
  }

  function checkObject(node: SchemaNode, object: Json, path: Path): void {
    for (const [name, member] of Object.entries(object)) {
      if (isFull()) return;
      const field = node.fields?.get(name) ?? node.others;
      if (field) check(field, member, [...path, name]);
      else if (!node.isOpen && !(node.isEmbedded && typeFields.has(name))) {
        const nearest = nearestName(name, node.fields?.keys() ?? []);
        const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
        report([...path, name], 'unknown_field', `${nameOf([...path, name])} is no field of this kind${hint}`, true);
      }
    }
    for (const name of node.required ?? []) {
      if (object[name] !== undefined && object[name] !== null) continue;
      report([...path, name], 'required', `${nameOf([...path, name])} is missing`, false);
    }
    checkCount(node.minProperties, node.maxProperties, Object.keys(object).length, 'entries', path);
  }

  function checkList(node: SchemaNode, list: readonly unknown[], path: Path): void {
    const seen = new Map<string, number>();
    for (const [index, item] of list.entries()) {
      if (isFull()) return;
      const here = [...path, index];
      if (node.listType !== undefined) checkEntry(node, item, here, seen);
      if (node.items) check(node.items, item, here);
    }
    checkCount(node.minItems, node.maxItems, list.length, 'entries', path);
  }

  /** An entry of a list whose entries are told apart by their keys, or by themselves. */
  function checkEntry(node: SchemaNode, item: unknown, path: Path, seen: Map<string, number>): void {
    const keys = node.listType === 'map' ? (node.listKeys ?? []) : [];
    if (node.listType === 'map') {
      if (!isJson(item)) {
        // Anything but null is told as a value of another type.
        if (item === null) report(path, 'wrong_type', `${nameOf(path)} must be a mapping, got null`, true);
        return;
      }
      const hasKey = keys.some((key) => isGiven(item[key]) || node.items?.fields?.get(key)?.hasDefault);
      if (!hasKey) {
        report([...path, keys[0] ?? ''], 'required', `${nameOf(path)} must say its ${keys.join(' or ')}`, true);
        return;
      }
    }
    const identity = JSON.stringify(isJson(item) && keys.length > 0 ? keys.map((key) => item[key] ?? null) : item);
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, path.at(-1) as number);
      return;
    }
    const same = keys.length > 0 ? `has the same ${keys.join(' and ')} as` : 'is the same as';
    report(path, 'duplicate_entry', `${nameOf(path)} ${same} entry ${first}`, true);
  }

  function checkCount(min: number | undefined, max: number | undefined, count: number, what: string, path: Path) {
    if (min !== undefined && count < min)
      report(path, 'too_few', `${nameOf(path)} must have at least ${min} ${what}, got ${count}`, false);
    if (max !== undefined && count > max)
      report(path, 'too_many', `${nameOf(path)} may have at most ${max} ${what}, got ${count}`, false);
  }

  function checkScalar(node: SchemaNode, found: Scalar, path: Path): void {
    if (node.allowed && !node.allowed.includes(found)) {
      const shown = node.allowed.slice(0, 20).map(String).join(', ');
      const more = node.allowed.length > 20 ? ', …' : '';
      report(path, 'not_allowed', `${nameOf(path)} must be one of ${shown}${more}`, false);
      return;
    }
    if (node.type === 'quantity') {
      if (typeof found !== 'boolean' && parseQuantity(String(found)) !== undefined) return;
      report(path, 'invalid_quantity', `${nameOf(path)} must be a quantity, e.g. 500m or 2Gi`, true);
    } else if (typeof found === 'string') checkText(node, found, path);
    else if (typeof found === 'number' || typeof found === 'bigint') checkNumber(node, Number(found), path);
  }

  function checkText(node: SchemaNode, found: string, path: Path): void {
    const { minLength, maxLength, format } = node;
    const length = minLength === undefined && maxLength === undefined ? 0 : [...found].length;
    if (minLength !== undefined && length < minLength)
      report(path, 'too_short', `${nameOf(path)} must have at least ${minLength} characters, got ${length}`, false);
    if (maxLength !== undefined && length > maxLength)
      report(path, 'too_long', `${nameOf(path)} may have at most ${maxLength} characters, got ${length}`, false);
    if (node.pattern !== undefined && patternOf(node.pattern)?.test(found) === false)
      report(path, 'pattern_mismatch', `${nameOf(path)} must match ${node.pattern}`, false);
    const says = format === undefined ? undefined : formats[format];
    if (says && !says.test(found))
      report(path, 'invalid_format', `${nameOf(path)} must be ${says.words}`, says.isCertain);
  }

  function checkNumber(node: SchemaNode, found: number, path: Path): void {
    if (node.type === 'integer') {
      const limit = node.format === 'int32' ? 2 ** 31 : 2 ** 63;
      if (!Number.isInteger(found))
        report(path, 'wrong_type', `${nameOf(path)} must be a whole number, got a fraction`, true);
      else if (found < -limit || found >= limit)
        report(path, 'out_of_range', `${nameOf(path)} must fit into ${node.format ?? 'int64'}`, true);
    }
    const { minimum, maximum, multipleOf } = node;
    if (minimum !== undefined && (node.isMinimumExclusive ? found <= minimum : found < minimum))
      report(path, 'too_small', `${nameOf(path)} must be ${bound('more', node.isMinimumExclusive, minimum)}`, false);
    if (maximum !== undefined && (node.isMaximumExclusive ? found >= maximum : found > maximum))
      report(path, 'too_big', `${nameOf(path)} must be ${bound('less', node.isMaximumExclusive, maximum)}`, false);
    if (multipleOf !== undefined && multipleOf > 0 && !isMultiple(found, multipleOf))
      report(path, 'not_a_multiple', `${nameOf(path)} must be a multiple of ${multipleOf}`, false);
  }

  check(schema, value, []);
  return problems;
}

type Scalar = string | number | bigint | boolean;

/** What the schema wants in words, where the value is of another type; undefined where it fits. */
function misfit({ type }: SchemaNode, found: unknown): string | undefined {
  switch (type) {
    case 'object':
      return isJson(found) ? undefined : 'a mapping';
    case 'array':
      return Array.isArray(found) ? undefined : 'a list';
    case 'string':
      return typeof found === 'string' ? undefined : 'a text';
    case 'boolean':
      return typeof found === 'boolean' ? undefined : 'true or false';
    case 'integer':
    case 'number':
      return isNumber(found) ? undefined : type === 'integer' ? 'a whole number' : 'a number';
    case 'quantity':
      return typeof found === 'object' ? 'a quantity, e.g. 500m or 2Gi' : undefined;
    case 'int-or-string':
      return typeof found === 'string' || isWhole(found) ? undefined : 'a whole number or a text';
    case 'any':
      return undefined;
  }
}

const isWhole = (value: unknown): boolean => typeof value === 'bigint' || Number.isInteger(value);
const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';

function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'boolean':
      return `${String(value)}; quote it if it is text`;
    case 'number':
    case 'bigint':
      return 'a number; quote it if it is text';
    default:
      return 'a mapping';
  }
}

/** `spec.containers[0].image`; a name that is no plain word stands in brackets. */
function nameOf(path: Path): string {
  const shown = path.map((segment) => {
    if (typeof segment === 'number') return `[${segment}]`;
    const name = segment.length > 80 ? `${segment.slice(0, 80)}…` : segment;
    return /^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  const text = shown.join('');
  return text === '' ? 'The object' : text.startsWith('.') ? text.slice(1) : text;
}

const bound = (word: string, isExclusive: true | undefined, limit: number): string =>
  isExclusive ? `${word} than ${limit}` : `${limit} or ${word}`;

const isMultiple = (value: number, factor: number): boolean =>
  Math.abs(value / factor - Math.round(value / factor)) < 1e-9 * Math.max(1, Math.abs(value / factor));

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Format {
  readonly words: string;
  /** Where the cluster cannot even decode what is none. */
  readonly isCertain: boolean;
  test(text: string): boolean;
}

/** Those that a console's user gets wrong; the others are the cluster's to judge. */
const formats: Readonly<Record<string, Format>> = {
  byte: {
    words: 'base64',
    isCertain: true,
    test(text) {
      // Without line ends first: a pattern in which they may stand at two places takes the square of a long text's time.
      const characters = text.replaceAll(/[\r\n]/g, '');
      return characters.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(characters);
    },
  },
  'date-time': {
    words: 'a time of RFC 3339, e.g. 2026-01-31T08:00:00Z',
    isCertain: false,
    test: (text) =>
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i.test(text) && !Number.isNaN(Date.parse(text)),
  },
};

/** Patterns of clusters meet texts of strangers: only those are asked that a matcher of linear time knows. */
const compiled = new Map<string, LinearPattern | undefined>();
const maxCompiled = 500;

function patternOf(source: string): LinearPattern | undefined {
  if (compiled.has(source)) return compiled.get(source);
  let pattern: LinearPattern | undefined;
  try {
    pattern = compilePattern(source);
  } catch {
    // The cluster's own check judges what is written otherwise.
  }
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}
