import { asList, asObject, asObjectList, asString, type JsonObject } from '../json.ts';
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  type SchemaProblem,
  unsupportedValue,
} from './schema-problems.ts';
import { StructuralSchema } from './structural-schema.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const resourceFields = new Set(['metadata', 'kind', 'apiVersion']);
const unsupportedKeywords = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

interface Surroundings {
  readonly isRoot: boolean;
  /** Inside apiVersion, kind or metadata of a resource. */
  readonly isInsideMeta: boolean;
  /** Why no default may stand here; undefined where one may. */
  readonly noDefaults: string | undefined;
}

/** The rules of apiextensions.k8s.io/v1 for what a schema may say, besides being structural. */
export function checkSchemaRules(schema: JsonObject, path: string): SchemaProblem[] {
  return check(schema, path, { isRoot: true, isInsideMeta: false, noDefaults: undefined });
}

function check(schema: JsonObject, path: string, around: Surroundings): SchemaProblem[] {
  const problems = checkKeywords(schema, path, around);
  const below = { ...around, isRoot: false };
  const properties = asObject(schema.properties) ?? {};
  if (schema.uniqueItems === true) {
    const words = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    problems.push(forbiddenValue(`${path}.uniqueItems`, words));
  }
  const additional = asObject(schema.additionalProperties);
  if (Object.keys(properties).length > 0 && (additional !== undefined || schema.additionalProperties === false)) {
    const words = 'additionalProperties and properties are mutual exclusive';
    problems.push(forbiddenValue(`${path}.additionalProperties`, words));
  }
  if (additional !== undefined) {
    const inside = around.isInsideMeta ? 'inside additionalProperties applying to object metadata' : undefined;
    const noDefaults = inside ?? around.noDefaults;
    problems.push(...check(additional, `${path}.additionalProperties`, { ...below, noDefaults }));
  }
  const isResource = around.isRoot || schema['x-kubernetes-embedded-resource'] === true;
  for (const [name, property] of Object.entries(properties)) {
    const isMeta = isResource && resourceFields.has(name);
    problems.push(
      ...check(asObject(property) ?? {}, `${path}.properties[${name}]`, {
        isRoot: false,
        isInsideMeta: around.isInsideMeta || isMeta,
        noDefaults: isMeta && around.isRoot ? `in top-level ${name}` : around.noDefaults,
      }),
    );
  }
  const not = asObject(schema.not);
  if (not !== undefined) problems.push(...check(not, `${path}.not`, below));
  for (const junctor of ['allOf', 'oneOf', 'anyOf']) {
    for (const [at, each] of asObjectList(schema[junctor]).entries()) {
      problems.push(...check(each, `${path}.${junctor}[${at}]`, below));
    }
  }
  const items = asObject(schema.items);
  if (items !== undefined) problems.push(...check(items, `${path}.items`, below));
  problems.push(...checkMarkers(schema, path), ...checkMapKeys(schema, path), ...checkRules(schema, path));
  return problems;
}

function checkKeywords(schema: JsonObject, path: string, around: Surroundings): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const type = asString(schema.type) ?? '';
  if (type !== '' && !types.includes(type)) problems.push(unsupportedValue(`${path}.type`, type, types));
  if (schema.default !== undefined && schema.default !== null && around.noDefaults !== undefined) {
    problems.push(forbiddenValue(`${path}.default`, `must not be set ${around.noDefaults}`));
  }
  for (const keyword of unsupportedKeywords) {
    if (schema[keyword] === undefined || schema[keyword] === null || schema[keyword] === '') continue;
    problems.push(forbiddenValue(`${path}.${keyword}`, `${keyword} is not supported`));
  }
  if (type === 'null') {
    const words = 'type cannot be set to null, use nullable as an alternative';
    problems.push(forbiddenValue(`${path}.type`, words));
  }
  if (Array.isArray(schema.items)) {
    problems.push(forbiddenValue(`${path}.items`, 'items must be a schema object and not an array'));
  }
  if (around.isInsideMeta && schema['x-kubernetes-embedded-resource'] === true) {
    const words = 'must not be used inside of resource meta';
    problems.push(forbiddenValue(`${path}.x-kubernetes-embedded-resource`, words));
  }
  return problems;
}

/** `x-kubernetes-preserve-unknown-fields`, `-map-type`, `-list-type` and `-list-map-keys`. */
function checkMarkers(schema: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const type = asString(schema.type) ?? '';
  const mapType = asString(schema['x-kubernetes-map-type']);
  const listType = asString(schema['x-kubernetes-list-type']);
  const keys = asList(schema['x-kubernetes-list-map-keys']).map(String);
  const items = asObject(schema.items);
  const typeProblem = (words: string): SchemaProblem =>
    type === '' ? requiredValue(`${path}.type`, words) : invalidValue(`${path}.type`, type, words);

  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    problems.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  }
  if (mapType !== undefined && type !== 'object') {
    problems.push(typeProblem('must be object if x-kubernetes-map-type is specified'));
  }
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular') {
    problems.push(unsupportedValue(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
  }
  if (listType !== undefined && type !== 'array') {
    problems.push(typeProblem('must be array if x-kubernetes-list-type is specified'));
  } else if (listType === 'set' && items !== undefined) {
    const words = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const itemListType = items['x-kubernetes-list-type'] ?? 'atomic';
    if (items.type === 'array' && itemListType !== 'atomic') {
      problems.push(invalidValue(`${path}.items.x-kubernetes-list-type`, itemListType, words));
    }
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      const printed = items['x-kubernetes-list-type'];
      problems.push(invalidValue(`${path}.items.x-kubernetes-map-type`, printed, words));
    }
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
    problems.push(unsupportedValue(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']));
  }
  if (keys.length > 0 && listType !== 'map') {
    const words = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const field = `${path}.x-kubernetes-list-type`;
    problems.push(listType === undefined ? requiredValue(field, words) : invalidValue(field, listType, words));
  }
  return problems;
}

function checkMapKeys(schema: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const keys = asList(schema['x-kubernetes-list-map-keys']).map(String);
  const field = `${path}.x-kubernetes-list-map-keys`;
  const items = asObject(schema.items);
  const properties = asObject(items?.properties) ?? {};
  if (listType === 'map') {
    if (keys.length === 0) problems.push(requiredValue(field, 'must not be empty if x-kubernetes-list-type is map'));
    if (items === undefined) {
      problems.push(requiredValue(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    } else if (items.type !== 'object') {
      const words = "must be object if parent array's x-kubernetes-list-type is map";
      problems.push(invalidValue(`${path}.items.type`, asString(items.type) ?? '', words));
    } else {
      for (const [at, key] of keys.entries()) {
        const property = asObject(properties[key]);
        if (property === undefined) {
          problems.push(invalidValue(field, keys, 'entries must all be names of item properties'));
        } else if (property.type === 'array' || property.type === 'object') {
          const words = "must be a scalar type if parent array's x-kubernetes-list-type is map";
          problems.push(invalidValue(`${path}.items.properties[${key}].type`, items.type, words));
        }
        if (keys.indexOf(key) < at) problems.push(invalidValue(field, keys, 'must not contain duplicate entries'));
      }
    }
  }
  if (items === undefined || (listType !== 'map' && listType !== 'set')) return problems;
  if (items.nullable === true) {
    const words = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    problems.push(forbiddenValue(`${path}.items.nullable`, words));
  }
  if (listType === 'set') return problems;
  const required = asList(items.required);
  for (const key of keys) {
    const property = asObject(properties[key]);
    if (property === undefined) continue;
    const place = `${path}.items.properties[${key}]`;
    const known = 'this property is in x-kubernetes-list-map-keys, so it';
    if (!required.includes(key) && (property.default ?? undefined) === undefined) {
      problems.push(requiredValue(`${place}.default`, `${known} must have a default or be a required property`));
    }
    if (property.nullable === true) problems.push(forbiddenValue(`${place}.nullable`, `${known} cannot be nullable`));
  }
  return problems;
}

/** The outside of `x-kubernetes-validations`: the expressions themselves are not read. */
function checkRules(schema: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const [at, rule] of asObjectList(schema['x-kubernetes-validations']).entries()) {
    const place = `${path}.x-kubernetes-validations[${at}]`;
    const [text, message, expression, fieldPath] = ['rule', 'message', 'messageExpression', 'fieldPath'].map(
      (name) => asString(rule[name]) ?? '',
    ) as [string, string, string, string];
    if (text.trim() === '') problems.push(requiredValue(`${place}.rule`, 'rule is not specified'));
    else if (message !== '' && message.trim() === '') {
      problems.push(invalidValue(`${place}.message`, message, 'must be non-empty if specified'));
    } else if (/[\n\r]/.test(message.trim())) {
      problems.push(invalidValue(`${place}.message`, message, 'must not contain line breaks'));
    } else if (/[\n\r]/.test(text.trim()) && message.trim() === '') {
      problems.push(requiredValue(`${place}.message`, 'message must be specified if rule contains line breaks'));
    }
    if (expression !== '' && expression.trim() === '') {
      const words = 'messageExpression must be non-empty if specified';
      problems.push(requiredValue(`${place}.messageExpression`, words));
    }
    if (rule.reason !== undefined && !reasons.includes(String(rule.reason))) {
      problems.push(unsupportedValue(`${place}.reason`, rule.reason, reasons));
    }
    if (fieldPath === '') continue;
    if (fieldPath.trim() === '') {
      problems.push(invalidValue(`${place}.fieldPath`, fieldPath, 'must be non-empty if specified'));
    }
    if (/[\n\r]/.test(fieldPath)) {
      problems.push(invalidValue(`${place}.fieldPath`, fieldPath, 'must not contain line breaks'));
    }
    if (schemaAtPath(new StructuralSchema(schema), fieldPath) === undefined) {
      problems.push(invalidValue(`${place}.fieldPath`, fieldPath, 'must be a valid path'));
    }
  }
  return problems;
}

/** The schema a path such as `.spec.color` or `.spec['a.b']` leads to; undefined where it leads nowhere. */
export function schemaAtPath(schema: StructuralSchema, path: string): StructuralSchema | undefined {
  let place: StructuralSchema | undefined = schema;
  let rest = path;
  while (rest !== '') {
    const step: RegExpExecArray | null = /^\.([^.[\]]+)|^\[(['"])(.*?)\2\]|^\[\d+\]/.exec(rest);
    if (step === null || place === undefined) return undefined;
    const name = step[1] ?? step[3];
    place = name === undefined ? place.items : place.member(name);
    rest = rest.slice(step[0].length);
  }
  return place;
}
