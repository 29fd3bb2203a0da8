import { asList, asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../json.ts';
import { compileGoPattern } from './go-pattern.ts';
import { forbiddenValue, invalidValue, requiredValue, type SchemaProblem } from './schema-problems.ts';

type Level = 'root' | 'item' | 'field';

const integerOrString = [{ type: 'integer' }, { type: 'string' }];

/**
 * Whether a schema is structural (apiextensions.k8s.io/v1): every place has a type, value validations restrict but
 * specify nothing, metadata is left alone. Problems come in order of their sentences.
 */
export function checkStructural(schema: JsonObject, path: string): SchemaProblem[] {
  const problems = [...checkNode(schema, 'root', path), ...checkCompleteness(schema, schema, path, path)];
  return problems.sort((a, b) => (`${a.field}: ${a.message}` < `${b.field}: ${b.message}` ? -1 : 1));
}

function checkNode(schema: JsonObject, level: Level, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const type = asString(schema.type) ?? '';
  const properties = asObject(schema.properties) ?? {};
  const items = asObject(schema.items);
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;

  if (type === 'array' && items === undefined) problems.push(requiredValue(`${path}.items`, 'must be specified'));
  if (items !== undefined) problems.push(...checkNode(items, 'item', `${path}.items`));
  for (const [name, property] of Object.entries(properties)) {
    problems.push(...checkNode(asObject(property) ?? {}, 'field', `${path}.properties[${name}]`));
  }
  const hasAdditional = schema.additionalProperties !== undefined && schema.additionalProperties !== null;
  if (hasAdditional) {
    if (level === 'root') {
      problems.push(forbiddenValue(`${path}.additionalProperties`, 'must not be used at the root'));
    }
    const additional = asObject(schema.additionalProperties);
    if (additional !== undefined) problems.push(...checkNode(additional, 'field', `${path}.additionalProperties`));
  }
  if (isIntOrString) {
    const words = 'must be false if x-kubernetes-int-or-string is true';
    if (preserves) problems.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, true, words));
    if (isEmbedded) problems.push(invalidValue(`${path}.x-kubernetes-embedded-resource`, true, words));
  }
  const isAnyOfPattern = isEqualJson(schema.anyOf, integerOrString);
  const isAllOfPattern = isEqualJson(asObjectList(schema.allOf)[0]?.anyOf, integerOrString);
  problems.push(...checkValidation(schema, isAnyOfPattern, isAllOfPattern, path));

  if (isEmbedded && type !== 'object') {
    const words = 'must be object if x-kubernetes-embedded-resource is true';
    problems.push(type === '' ? requiredValue(`${path}.type`, words) : invalidValue(`${path}.type`, type, words));
  } else if (type === '' && !isIntOrString && !preserves) {
    const words = {
      root: 'must not be empty at the root',
      item: 'must not be empty for specified array items',
      field: 'must not be empty for specified object fields',
    };
    problems.push(requiredValue(`${path}.type`, words[level]));
  }
  if (isEmbedded && hasAdditional) {
    const words = 'must not be used if x-kubernetes-embedded-resource is set';
    problems.push(forbiddenValue(`${path}.additionalProperties`, words));
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    problems.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
  }
  problems.push(...checkResourceFields(properties, level, isEmbedded, path));
  if (isEmbedded && !preserves && Object.keys(properties).length === 0) {
    const words =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    problems.push(requiredValue(`${path}.properties`, words));
  }
  return problems;
}

/** apiVersion, kind and metadata of a resource, at the root or embedded. */
function checkResourceFields(properties: JsonObject, level: Level, isEmbedded: boolean, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const isResource = level === 'root' || isEmbedded;
  for (const name of ['kind', 'apiVersion']) {
    const property = asObject(properties[name]);
    if (!isResource || property === undefined || property.type === 'string') continue;
    const field = `${path}.properties[${name}].type`;
    problems.push(invalidValue(field, asString(property.type) ?? '', 'must be string'));
  }
  const metadata = asObject(properties.metadata);
  if (metadata === undefined) return problems;
  const field = `${path}.properties[metadata]`;
  if (isResource && metadata.type !== 'object') {
    problems.push(invalidValue(`${field}.type`, asString(metadata.type) ?? '', 'must be object'));
  }
  if (level !== 'root') return problems;
  const { type: _type, default: _default, properties: names, ...rest } = metadata;
  const isRestricted = Object.keys(asObject(names) ?? {}).every((name) => name === 'name' || name === 'generateName');
  if (!isRestricted || Object.values(rest).some(isSet)) {
    problems.push(
      forbiddenValue(
        field,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  }
  return problems;
}

function checkValidation(
  schema: JsonObject,
  skipsAnyOf: boolean,
  skipsFirstAllOf: boolean,
  path: string,
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (!skipsAnyOf) {
    for (const [at, each] of asObjectList(schema.anyOf).entries()) {
      problems.push(...checkNested(each, false, `${path}.anyOf[${at}]`));
    }
  }
  for (const [at, each] of asObjectList(schema.allOf).entries()) {
    problems.push(...checkNested(each, skipsFirstAllOf && at === 0, `${path}.allOf[${at}]`));
  }
  for (const [at, each] of asObjectList(schema.oneOf).entries()) {
    problems.push(...checkNested(each, false, `${path}.oneOf[${at}]`));
  }
  const not = asObject(schema.not);
  if (not !== undefined) problems.push(...checkNested(not, false, `${path}.not`));
  const pattern = asString(schema.pattern) ?? '';
  const why = pattern === '' ? undefined : problemOfPattern(pattern);
  if (why !== undefined) {
    const words = `must be a valid regular expression, but isn't: error parsing regexp: ${why}`;
    problems.push(invalidValue(`${path}.pattern`, pattern, words));
  }
  return problems;
}

/** What may not stand below a junctor, with how it would have to be. */
const forbiddenBelowJunctors: readonly (readonly [string, string])[] = [
  ['type', 'empty'],
  ['additionalProperties', 'undefined'],
  ['default', 'undefined'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['nullable', 'false'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-map-type', 'undefined'],
  ['x-kubernetes-validations', 'empty'],
];

function checkNested(schema: JsonObject, skipsAnyOf: boolean, path: string): SchemaProblem[] {
  const problems = checkValidation(schema, skipsAnyOf, false, path);
  const items = asObject(schema.items);
  if (items !== undefined) problems.push(...checkNested(items, false, `${path}.items`));
  const properties = asObject(schema.properties) ?? {};
  for (const [name, property] of Object.entries(properties)) {
    problems.push(...checkNested(asObject(property) ?? {}, false, `${path}.properties[${name}]`));
  }
  for (const [key, wanted] of forbiddenBelowJunctors) {
    const isMap = key === 'additionalProperties' && asObject(schema[key]) !== undefined;
    if (isMap || isSet(schema[key])) {
      problems.push(forbiddenValue(`${path}.${key}`, `must be ${wanted} to be structural`));
    }
  }
  if (properties.metadata !== undefined) {
    problems.push(forbiddenValue(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
  }
  return problems;
}

/** Every field that a junctor speaks of is specified outside of it too. */
function checkCompleteness(
  validation: JsonObject,
  schema: JsonObject,
  schemaPath: string,
  validationPath: string,
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const not = asObject(validation.not);
  const branches: (readonly [JsonObject, string])[] = not === undefined ? [] : [[not, `${validationPath}.not`]];
  for (const junctor of ['allOf', 'anyOf', 'oneOf']) {
    for (const [at, each] of asObjectList(validation[junctor]).entries()) {
      branches.push([each, `${validationPath}.${junctor}[${at}]`]);
    }
  }
  for (const [branch, path] of branches) problems.push(...checkBranch(branch, schema, schemaPath, path));
  return problems;
}

function checkBranch(
  branch: JsonObject,
  schema: JsonObject | undefined,
  schemaPath: string,
  path: string,
): SchemaProblem[] {
  if (schema === undefined) return [requiredValue(schemaPath, `because it is defined in ${path}`)];
  const problems = checkCompleteness(branch, schema, schemaPath, path);
  const items = asObject(branch.items);
  if (items !== undefined) {
    problems.push(...checkBranch(items, asObject(schema.items), `${schemaPath}.items`, `${path}.items`));
  }
  const specified = asObject(schema.properties) ?? {};
  for (const [name, property] of Object.entries(asObject(branch.properties) ?? {})) {
    const below = `.properties[${name}]`;
    const own = Object.hasOwn(specified, name) ? asObject(specified[name]) : undefined;
    problems.push(...checkBranch(asObject(property) ?? {}, own, schemaPath + below, path + below));
  }
  return problems;
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  return Array.isArray(value) ? asList(value).length > 0 : true;
}

/** Why a pattern is none, in the words of Go where the reason is a common one. */
function problemOfPattern(pattern: string): string | undefined {
  try {
    compileGoPattern(pattern);
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (/Unterminated group/.test(words)) return `missing closing ): \`${pattern}\``;
    if (/Unmatched '\)'/.test(words)) return `unexpected ): \`${pattern}\``;
    if (/Unterminated character class/.test(words))
      return `missing closing ]: \`${pattern.slice(pattern.lastIndexOf('['))}\``;
    if (/Nothing to repeat/.test(words))
      return `missing argument to repetition operator: \`${/[*+?]/.exec(pattern)?.[0] ?? ''}\``;
    return words;
  }
}
