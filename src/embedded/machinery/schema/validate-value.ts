import { isEqualJson, isJsonObject, type JsonObject } from '../json.ts';
import {
  invalidType,
  invalidValue,
  noField,
  requiredValue,
  type SchemaProblem,
  tooLong,
  tooMany,
  unsupportedValue,
} from './schema-problems.ts';
import { stringFormat } from './string-formats.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** An old value nothing is known of: the new one is checked in full. */
const uncorrelated = Symbol('uncorrelated');

/** Collects problems of one pass. How many checks held decides which branch of an anyOf or oneOf is reported. */
interface Outcome {
  readonly problems: SchemaProblem[];
  /** Sentences already reported: one is enough, whichever branch it came from. */
  readonly sentences: string[];
  held: number;
}

/**
 * Checks a value against its schema, in the words of the API server. `prefix` is the field the value stands at: empty
 * for a whole object, `status` for a status alone. With `old`, a field whose value did not change is not refused
 * (ratcheting, KEP-4008); members of lists count as unchanged only in lists of type map.
 */
export function validateValue(
  value: unknown,
  schema: StructuralSchema,
  options: { readonly prefix?: string; readonly old?: unknown } = {},
): SchemaProblem[] {
  const outcome: Outcome = { problems: [], sentences: [], held: 0 };
  const place = { path: '', prefix: options.prefix ?? '' };
  if (options.old === undefined) check(value, schema, schema, place, uncorrelated, outcome);
  else checkAgainstOld(value, schema, schema, place, options.old, outcome);
  return outcome.problems;
}

interface Place {
  readonly path: string;
  readonly prefix: string;
}

function checkAgainstOld(
  value: unknown,
  schema: StructuralSchema,
  structure: StructuralSchema | undefined,
  place: Place,
  old: unknown,
  outcome: Outcome,
): void {
  const before = outcome.problems.length;
  check(value, schema, structure, place, old, outcome);
  if (outcome.problems.length === before || old === uncorrelated || !isEqualJson(value, old)) return;
  outcome.problems.length = before;
  outcome.sentences.length = before;
}

/** `schema` is what to check, `structure` what the place is: inside anyOf and the like the two differ. */
function check(
  value: unknown,
  schema: StructuralSchema,
  structure: StructuralSchema | undefined,
  place: Place,
  old: unknown,
  outcome: Outcome,
): void {
  const { path } = place;
  if (value === null || value === undefined) {
    if (schema.types.length > 0 && !schema.isNullable && !schema.types.includes('null')) {
      reportType(outcome, place, schema.types.join(','), 'null');
    } else outcome.held += 1;
    checkEnum(null, schema, place, outcome);
    return;
  }
  if (schema.types.length > 0 || schema.format !== '') checkType(value, schema, place, outcome);
  checkJunctors(value, schema, structure, place, old, outcome);
  outcome.held += 2;
  if (typeof value === 'string') checkString(value, schema, place, outcome);
  else if (typeof value === 'number') checkNumber(value, schema, place, outcome);
  else if (Array.isArray(value)) {
    checkList(value, schema, structure, place, old, outcome);
    checkCount(value.length, schema, 'Items', 'items', place, outcome);
    if (schema.json.uniqueItems === true && hasDuplicates(value)) {
      report(
        outcome,
        invalidValue(fieldOf(place), '', `${path} in body shouldn't contain duplicates`),
        `${path} unique`,
      );
    }
    outcome.held += 2;
  }
  checkEnum(value, schema, place, outcome);
  outcome.held += 1;
  if (isJsonObject(value)) {
    checkObject(value, schema, structure, place, old, outcome);
    outcome.held += 1;
  }
  outcome.held += 1;
}

function checkType(value: unknown, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  outcome.held += 1;
  const { types, format } = schema;
  const [type, itsFormat] = typeOf(value);
  const isNumeric = types.includes('number') || types.includes('integer');
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'));
  const isTextOrList = typeof value === 'string' || Array.isArray(value);
  if (!isTextOrList && format !== '' && !fits && itsFormat !== format) {
    reportType(outcome, place, format, itsFormat);
    return;
  }
  if (format !== '' && isTextOrList && !isNumeric) {
    outcome.held += 1;
    return;
  }
  if (fits) outcome.held += 1;
  else reportType(outcome, place, types.join(','), type);
}

function typeOf(value: unknown): readonly [type: string, format: string] {
  switch (typeof value) {
    case 'string':
      return ['string', ''];
    case 'boolean':
      return ['boolean', ''];
    case 'number':
      return Number.isInteger(value) ? ['integer', 'int64'] : ['number', 'float64'];
    default:
      return [Array.isArray(value) ? 'array' : 'object', ''];
  }
}

function checkString(value: string, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  const { path } = place;
  outcome.held += 1;
  const max = schema.limit('maxLength');
  const min = schema.limit('minLength');
  const length = max === undefined && min === undefined ? 0 : characters(value);
  if (max !== undefined && length > max) {
    report(outcome, tooLong(fieldOf(place), max), `${path} in body should be at most ${max} chars long`);
  } else if (min !== undefined && length < min) {
    const sentence = `${path} in body should be at least ${min} chars long`;
    report(outcome, invalidValue(fieldOf(place), value, sentence), sentence);
  } else if (schema.pattern !== undefined && !schema.pattern.test(value)) {
    const sentence = `${path} in body should match '${String(schema.json.pattern)}'`;
    report(outcome, invalidValue(fieldOf(place), value, sentence), sentence);
  }
  const format = schema.format === '' ? undefined : stringFormat(schema.format);
  if (format === undefined) return;
  if (!format(value)) {
    const sentence = `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`;
    report(outcome, invalidType(fieldOf(place), value, sentence), sentence);
  }
  outcome.held += 1;
}

function checkNumber(value: number, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  const { path } = place;
  const isInteger = schema.types.length === 1 && schema.type === 'integer';
  if (isInteger) {
    const limit = schema.format === 'int32' ? 2 ** 31 : 2 ** 63;
    if (!Number.isInteger(value) || value < -limit || value >= limit) {
      const format = schema.format === '' ? '(default format)' : `with format ${schema.format}`;
      reportPlain(outcome, place, `Checked value must be of type integer ${format} in ${path}`);
    }
  } else if (schema.type === 'number' && schema.format === 'float' && !Number.isFinite(Math.fround(value))) {
    reportPlain(outcome, place, `Checked value must be of type number with format float in ${path}`);
  }
  const complain = (sentence: string): void => {
    report(outcome, invalidValue(fieldOf(place), value, sentence), sentence);
  };
  // Whole values are compared with whole limits: what stands behind the point of a limit does not count for them.
  const limitOf = (name: string, words: string): number | undefined => {
    const limit = schema.limit(name);
    if (limit === undefined || !Number.isInteger(value) || Number.isInteger(limit)) return limit;
    if (!isInteger) return Math.trunc(limit);
    const format = schema.format === '' ? '(default format)' : `with format ${schema.format}`;
    reportPlain(outcome, place, `${words} value must be of type integer ${format} in ${path}`);
    return limit;
  };
  const multipleOf = limitOf('multipleOf', 'MultipleOf');
  if (multipleOf !== undefined && multipleOf <= 0) {
    const sentence = `factor MultipleOf declared for ${path} must be positive: ${multipleOf}`;
    report(outcome, invalidValue(fieldOf(place), multipleOf, sentence), sentence);
  } else if (multipleOf !== undefined && !isMultipleOf(value, multipleOf)) {
    complain(`${path} in body should be a multiple of ${multipleOf}`);
  }
  const minimum = limitOf('minimum', 'Minimum boundary');
  if (minimum !== undefined) {
    const isExclusive = schema.json.exclusiveMinimum === true;
    if (value < minimum || (isExclusive && value === minimum)) {
      complain(`${path} in body should be greater than ${isExclusive ? '' : 'or equal to '}${minimum}`);
    }
  }
  const maximum = limitOf('maximum', 'Maximum boundary');
  if (maximum !== undefined) {
    const isExclusive = schema.json.exclusiveMaximum === true;
    if (value > maximum || (isExclusive && value === maximum)) {
      complain(`${path} in body should be less than ${isExclusive ? '' : 'or equal to '}${maximum}`);
    }
  }
  outcome.held += 2;
}

function checkList(
  list: readonly unknown[],
  schema: StructuralSchema,
  structure: StructuralSchema | undefined,
  place: Place,
  old: unknown,
  outcome: Outcome,
): void {
  const { items } = schema;
  if (items === undefined) return;
  for (const [at, item] of list.entries()) {
    const below = { ...place, path: `${place.path}[${at}]` };
    checkAgainstOld(item, items, structure?.items, below, oldItem(item, structure, old), outcome);
  }
}

function checkObject(
  object: JsonObject,
  schema: StructuralSchema,
  structure: StructuralSchema | undefined,
  place: Place,
  old: unknown,
  outcome: Outcome,
): void {
  const { path } = place;
  checkCount(Object.keys(object).length, schema, 'Properties', 'properties', place, outcome);
  for (const key of Object.keys(object)) {
    if (schema.properties.has(key) || !schema.hasAdditional) continue;
    if (schema.additional !== undefined) {
      const below = { ...place, path: `${path}.${key}` };
      checkAgainstOld(
        object[key],
        schema.additional,
        structure?.member(key),
        below,
        oldMember(key, structure, old),
        outcome,
      );
    } else if (schema.json.additionalProperties === false) {
      const sentence = `${path}.${key} in body is a forbidden property`;
      report(outcome, invalidValue(fieldOf(place), key, sentence), sentence);
    }
  }
  for (const [name, property] of schema.properties) {
    if (!Object.hasOwn(object, name) || object[name] === undefined) continue;
    const below = { ...place, path: path === '' ? name : `${path}.${name}` };
    checkAgainstOld(object[name], property, structure?.member(name), below, oldMember(name, structure, old), outcome);
  }
  for (const name of schema.required) {
    if (Object.hasOwn(object, name) && object[name] !== undefined) continue;
    const below = { ...place, path: `${path}.${name}` };
    report(outcome, requiredValue(fieldOf(below)), `${below.path} in body is required`);
  }
}

function checkJunctors(
  value: unknown,
  schema: StructuralSchema,
  structure: StructuralSchema | undefined,
  place: Place,
  old: unknown,
  outcome: Outcome,
): void {
  const { path } = place;
  const branch = (each: StructuralSchema): Outcome => {
    const tried: Outcome = { problems: [], sentences: [], held: 0 };
    check(value, each, structure, place, old, tried);
    return tried;
  };
  if (schema.anyOf.length > 0) {
    let best: Outcome | undefined;
    for (const each of schema.anyOf) {
      const tried = branch(each);
      if (tried.problems.length === 0) {
        best = tried;
        break;
      }
      if (best === undefined || tried.held > best.held) best = tried;
    }
    if (best !== undefined && best.problems.length > 0) {
      reportPlain(outcome, place, `${JSON.stringify(path)} must validate at least one schema (anyOf)`);
    }
    merge(outcome, best);
  }
  if (schema.oneOf.length > 0) {
    let best: Outcome | undefined;
    let valid = 0;
    let first: Outcome | undefined;
    for (const each of schema.oneOf) {
      const tried = branch(each);
      if (tried.problems.length === 0) {
        valid += 1;
        first ??= tried;
        best = undefined;
      } else if (valid === 0 && (best === undefined || tried.held > best.held)) best = tried;
    }
    if (valid === 1) merge(outcome, first);
    else {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      reportPlain(outcome, place, `${JSON.stringify(path)} must validate one and only one schema (oneOf). ${found}`);
      merge(outcome, best);
    }
  }
  if (schema.allOf.length > 0) {
    let valid = 0;
    for (const each of schema.allOf) {
      const tried = branch(each);
      if (tried.problems.length === 0) valid += 1;
      merge(outcome, tried);
    }
    if (valid < schema.allOf.length) {
      const none = valid === 0 ? '. None validated' : '';
      reportPlain(outcome, place, `${JSON.stringify(path)} must validate all the schemas (allOf)${none}`);
    }
  }
  if (schema.not !== undefined && branch(schema.not).problems.length === 0) {
    reportPlain(outcome, place, `${JSON.stringify(path)} must not validate the schema (not)`);
  }
}

function checkEnum(value: unknown, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  if (schema.enum.length === 0 || (value !== null && schema.enum.some((each) => isEqualJson(each, value)))) return;
  report(outcome, unsupportedValue(fieldOf(place), value, schema.enum), `${place.path} in body should be one of`);
}

/** minItems, maxItems, minProperties, maxProperties. */
function checkCount(
  count: number,
  schema: StructuralSchema,
  suffix: 'Items' | 'Properties',
  unit: string,
  place: Place,
  outcome: Outcome,
): void {
  const min = schema.limit(`min${suffix}`);
  const max = schema.limit(`max${suffix}`);
  if (min !== undefined && count < min) {
    const sentence = `${place.path} in body should have at least ${min} ${unit}`;
    report(outcome, invalidValue(fieldOf(place), count, sentence), sentence);
  }
  if (max !== undefined && count > max) {
    report(outcome, tooMany(fieldOf(place), count, max), `${place.path} in body should have at most ${max} ${unit}`);
  }
}

function oldMember(name: string, structure: StructuralSchema | undefined, old: unknown): unknown {
  if (!isJsonObject(old) || !Object.hasOwn(old, name) || structure?.member(name) === undefined) return uncorrelated;
  return old[name];
}

function oldItem(item: unknown, structure: StructuralSchema | undefined, old: unknown): unknown {
  if (structure?.listType !== 'map' || !Array.isArray(old) || !isJsonObject(item)) return uncorrelated;
  const { listMapKeys } = structure;
  return (
    old.find((each) => isJsonObject(each) && listMapKeys.every((key) => isEqualJson(each[key], item[key]))) ??
    uncorrelated
  );
}

function reportType(outcome: Outcome, place: Place, wanted: string, found: string): void {
  const sentence = `${place.path} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
  report(outcome, invalidType(fieldOf(place), found, sentence), sentence);
}

/** A problem that names its place in words alone. */
function reportPlain(outcome: Outcome, { prefix }: Place, sentence: string): void {
  report(outcome, invalidValue(prefix === '' ? noField : prefix, '', sentence), sentence);
}

function report(outcome: Outcome, found: SchemaProblem, sentence: string): void {
  if (outcome.sentences.includes(sentence)) return;
  outcome.problems.push(found);
  outcome.sentences.push(sentence);
}

function merge(outcome: Outcome, other: Outcome | undefined): void {
  if (other === undefined) return;
  outcome.held += other.held;
  for (const [at, found] of other.problems.entries()) report(outcome, found, other.sentences[at] ?? '');
}

function fieldOf({ path, prefix }: Place): string {
  const own = path.startsWith('.') ? path.slice(1) : path;
  if (own === '') return prefix === '' ? noField : prefix;
  return prefix === '' ? own : `${prefix}.${own}`;
}

function isMultipleOf(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

function hasDuplicates(list: readonly unknown[]): boolean {
  return list.some((item, at) => list.slice(0, at).some((other) => isEqualJson(item, other)));
}

/** Code points, as the server counts them. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
