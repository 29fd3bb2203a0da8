import { isEqualJson, isJsonObject, type JsonObject } from '../json.ts';
import { checkNumber, checkString, checkType } from './check-scalar.ts';
import { correlateItems } from './list-map-keys.ts';
import { invalidValue, requiredValue, type SchemaProblem, tooMany, unsupportedValue } from './schema-problems.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { fieldOf, merge, type Outcome, type Place, report, reportPlain, reportType } from './value-outcome.ts';

/** An old value nothing is known of: the new one is checked in full. */
const uncorrelated = Symbol('uncorrelated');

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
  const outcome: Outcome = { problems: new Map(), held: 0 };
  const place = { path: '', prefix: options.prefix ?? '' };
  if (options.old === undefined) check(value, schema, schema, place, uncorrelated, outcome);
  else checkAgainstOld(value, schema, schema, place, options.old, outcome);
  return [...outcome.problems.values()];
}

function checkAgainstOld(
  value: unknown,
  schema: StructuralSchema,
  structure: StructuralSchema | undefined,
  place: Place,
  old: unknown,
  outcome: Outcome,
): void {
  if (old === uncorrelated) {
    check(value, schema, structure, place, old, outcome);
    return;
  }
  const tried: Outcome = { problems: new Map(), held: 0 };
  check(value, schema, structure, place, old, tried);
  if (tried.problems.size > 0 && isEqualJson(value, old)) tried.problems.clear();
  merge(outcome, tried);
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
  const oldOf = correlateItems(old, structure);
  for (const [at, item] of list.entries()) {
    const below = { ...place, path: `${place.path}[${at}]` };
    checkAgainstOld(item, items, structure?.items, below, oldOf(item) ?? uncorrelated, outcome);
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
    const tried: Outcome = { problems: new Map(), held: 0 };
    check(value, each, structure, place, old, tried);
    return tried;
  };
  if (schema.anyOf.length > 0) {
    let best: Outcome | undefined;
    for (const each of schema.anyOf) {
      const tried = branch(each);
      if (tried.problems.size === 0) {
        best = tried;
        break;
      }
      if (best === undefined || tried.held > best.held) best = tried;
    }
    if (best !== undefined && best.problems.size > 0) {
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
      if (tried.problems.size === 0) {
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
      if (tried.problems.size === 0) valid += 1;
      merge(outcome, tried);
    }
    if (valid < schema.allOf.length) {
      const none = valid === 0 ? '. None validated' : '';
      reportPlain(outcome, place, `${JSON.stringify(path)} must validate all the schemas (allOf)${none}`);
    }
  }
  if (schema.not !== undefined && branch(schema.not).problems.size === 0) {
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
