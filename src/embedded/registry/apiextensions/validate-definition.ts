import { checkExpressions } from '../../machinery/cel/check-expressions.ts';
import { asList, asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import { checkDefaults } from '../../machinery/schema/check-defaults.ts';
import { checkSchemaRules, schemaAtPath } from '../../machinery/schema/check-schema-rules.ts';
import { checkStructural } from '../../machinery/schema/check-structural.ts';
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  type SchemaProblem,
  tooMany,
  unsupportedValue,
} from '../../machinery/schema/schema-problems.ts';
import { StructuralSchema } from '../../machinery/schema/structural-schema.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateConversion } from './validate-conversion.ts';
import { validateNames } from './validate-names.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const maxSelectableFields = 8;
/** What a schema may say at its root when the status subresource takes a part of it for itself. */
const rootKeywords =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const allowedAtRoot = new Set([
  ...rootKeywords.split(' ').map((word) => word.slice(0, 1).toLowerCase() + word.slice(1)),
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

/** The rules of `spec` of a CustomResourceDefinition (apiextensions.k8s.io/v1). */
export function validateDefinitionSpec(spec: JsonObject): SchemaProblem[] {
  const versions = asObjectList(spec.versions);
  const problems = [...validateGroupAndScope(spec)];
  for (const [at, version] of versions.entries()) {
    if (asObject(asObject(version.schema)?.openAPIV3Schema) === undefined) {
      problems.push(requiredValue(`spec.versions[${at}].schema.openAPIV3Schema`));
    }
  }
  for (const [at, version] of versions.entries()) problems.push(...validateVersion(version, `spec.versions[${at}]`));
  // What all versions have in common counts as said once, at the top of spec: that is where problems are reported.
  problems.push(...versions.flatMap((version, at) => validateParts(version, versions, at, 'own')));
  const names = versions.map((version) => version.name);
  const shown = spec.versions === undefined ? 'null' : JSON.stringify(versions.map((each) => printed(each, versions)));
  const refuse = (words: string): SchemaProblem => ({
    reason: 'FieldValueInvalid',
    field: 'spec.versions',
    message: `Invalid value: ${shown}: ${words}`,
  });
  if (new Set(names).size < names.length) {
    problems.push(refuse('must contain unique version names'));
  }
  if (versions.filter((version) => version.storage === true).length !== 1) {
    problems.push(refuse('must have exactly one version marked as storage version'));
  }
  const [first] = versions;
  if (first !== undefined) {
    const why = problemsOfName(asString(first.name) ?? '', 'dns-1035-label');
    if (why.length > 0) problems.push(invalidValue('spec.version', asString(first.name) ?? '', why.join(',')));
  }
  const given = asObject(spec.names) ?? {};
  for (const name of ['plural', 'singular', 'kind', 'listKind']) {
    if ((asString(given[name]) ?? '') === '') problems.push(requiredValue(`spec.names.${name}`));
  }
  problems.push(...validateNames(given, 'spec.names'));
  if (first !== undefined) problems.push(...validateParts(first, versions, 0, 'shared'));
  problems.push(...validateConversion(asObject(spec.conversion), 'spec.conversion'));
  return problems;
}

/** Every version that objects may be stored in is still there (`status.storedVersions`). */
export function validateStoredVersions(stored: unknown, versions: readonly JsonObject[]): SchemaProblem[] {
  const field = 'status.storedVersions';
  const names = asList(stored).map(String);
  if (names.length === 0) return [invalidValue(field, null, 'must have at least one stored version')];
  const problems: SchemaProblem[] = [];
  for (const { name, storage } of versions) {
    if (storage === true && !names.includes(String(name))) {
      problems.push(invalidValue(field, names, `must have the storage version ${String(name)}`));
    }
  }
  for (const [at, name] of names.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const words = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    problems.push(invalidValue(`${field}[${at}]`, name, words));
  }
  return problems;
}

function validateGroupAndScope(spec: JsonObject): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const group = asString(spec.group) ?? '';
  const why = group === '' ? [] : problemsOfName(group, 'dns-subdomain');
  if (group === '') problems.push(requiredValue('spec.group'));
  else if (why.length > 0) problems.push(invalidValue('spec.group', group, why.join(',')));
  else if (!group.includes('.')) {
    problems.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = asString(spec.scope) ?? '';
  const scopes = ['Cluster', 'Namespaced'];
  if (scope === '') problems.push(requiredValue('spec.scope'));
  else if (!scopes.includes(scope)) problems.push(unsupportedValue('spec.scope', scope, scopes));
  return problems;
}

function validateVersion(version: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const name = asString(version.name) ?? '';
  const why = problemsOfName(name, 'dns-1035-label');
  if (why.length > 0) problems.push(invalidValue(`${path}.name`, name, why.join(',')));
  const warning = asString(version.deprecationWarning);
  if (warning === undefined) return problems;
  const complain = (words: string): void => {
    problems.push(invalidValue(`${path}.deprecationWarning`, warning, words));
  };
  if (version.deprecated !== true) complain('can only be set for deprecated versions');
  else {
    if (Buffer.byteLength(warning) > 256) complain('must be <= 256 characters long');
    if (warning === '') complain('must not be an empty string');
    const at = warning.search(/[\p{C}\p{Zl}\p{Zp}]/u);
    if (at !== -1) {
      complain(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`);
    }
  }
  return problems;
}

/** Schema, subresources, columns and selectable fields of a version: those only it has, or those all versions share. */
function validateParts(
  version: JsonObject,
  versions: readonly JsonObject[],
  at: number,
  which: 'own' | 'shared',
): SchemaProblem[] {
  const place = (part: string): string | undefined => {
    const isShared = versions.every((each) => isEqualJson(each[part], versions[0]?.[part]));
    if (isShared !== (which === 'shared')) return undefined;
    return isShared ? `spec.${part === 'schema' ? 'validation' : part}` : `spec.versions[${at}].${part}`;
  };
  const problems: SchemaProblem[] = [];
  const schema = asObject(asObject(version.schema)?.openAPIV3Schema);
  const hasStatus = versions.some((each) => asObject(asObject(each.subresources)?.status) !== undefined);
  const schemaPlace = place('schema');
  if (schemaPlace !== undefined && schema !== undefined) {
    const ownStatus = asObject(asObject(version.subresources)?.status) !== undefined;
    problems.push(
      ...validateSchema(schema, `${schemaPlace}.openAPIV3Schema`, which === 'shared' ? hasStatus : ownStatus),
    );
  }
  const subresources = asObject(version.subresources);
  const subresourcesPlace = place('subresources');
  if (subresourcesPlace !== undefined && subresources !== undefined) {
    problems.push(...validateScale(asObject(subresources.scale), `${subresourcesPlace}.scale`));
  }
  const columnsPlace = place('additionalPrinterColumns');
  if (columnsPlace !== undefined) {
    for (const [index, column] of asObjectList(version.additionalPrinterColumns).entries()) {
      problems.push(...validateColumn(column, `${columnsPlace}[${index}]`));
    }
  }
  const fieldsPlace = place('selectableFields');
  if (fieldsPlace !== undefined) {
    problems.push(...validateSelectableFields(asObjectList(version.selectableFields), schema ?? {}, fieldsPlace));
  }
  return problems;
}

function validateSchema(schema: JsonObject, path: string, hasStatus: boolean): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (hasStatus) {
    const stray = Object.keys(schema).find((key) => schema[key] !== undefined && !allowedAtRoot.has(key));
    if (stray !== undefined && stray !== 'nullable' && stray !== 'default') {
      const words = `only [${rootKeywords}] fields are allowed at the root of the schema if the status subresource is enabled`;
      problems.push(invalidValue(path, schema, words));
    } else if (schema.type !== undefined && schema.type !== 'object') {
      const words =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      problems.push(invalidValue(`${path}.type`, schema.type, words));
    }
  }
  if (schema.nullable === true)
    problems.push(forbiddenValue(`${path}.nullable`, 'nullable cannot be true at the root'));
  const rules = checkSchemaRules(schema, path);
  const isReadable = !rules.some(({ message }) =>
    /is not supported|must be true or undefined|not an array/.test(message),
  );
  if (!isReadable) return [...problems, ...rules];
  const structural = checkStructural(schema, path);
  const defaults = structural.length > 0 ? [] : checkDefaults(new StructuralSchema(schema), path);
  const found = [...problems, ...structural, ...defaults, ...rules];
  return found.length > 0 ? found : checkExpressions(schema, path);
}

function validateScale(scale: JsonObject | undefined, path: string): SchemaProblem[] {
  if (scale === undefined) return [];
  const problems: SchemaProblem[] = [];
  const check = (name: string, roots: readonly string[], words: string, isRequired: boolean): void => {
    const value = asString(scale[name]) ?? '';
    const field = `${path}.${name}`;
    if (value === '') {
      if (isRequired) problems.push(requiredValue(field));
    } else if (!value.startsWith('.')) {
      problems.push(invalidValue(field, value, 'must be a simple json path starting with .'));
    } else if (!roots.some((root) => value.startsWith(root))) problems.push(invalidValue(field, value, words));
  };
  check('specReplicasPath', ['.spec.'], 'should be a json path under .spec', true);
  check('statusReplicasPath', ['.status.'], 'should be a json path under .status', true);
  check('labelSelectorPath', ['.spec.', '.status.'], 'should be a json path under either .spec or .status', false);
  return problems;
}

function validateColumn(column: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const [name, type, format, jsonPath] = ['name', 'type', 'format', 'jsonPath'].map(
    (key) => asString(column[key]) ?? '',
  );
  if (name === '') problems.push(requiredValue(`${path}.name`));
  const typeWords = `must be one of ${columnTypes.join(',')}`;
  if (type === undefined || type === '') problems.push(requiredValue(`${path}.type`, typeWords));
  else if (!columnTypes.includes(type)) problems.push(invalidValue(`${path}.type`, type, typeWords));
  if (format !== undefined && format !== '' && !columnFormats.includes(format)) {
    problems.push(invalidValue(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`));
  }
  if (jsonPath === undefined || jsonPath === '') problems.push(requiredValue(`${path}.JSONPath`));
  else if (!jsonPath.startsWith('.')) {
    problems.push(invalidValue(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
  }
  return problems;
}

function validateSelectableFields(fields: readonly JsonObject[], schema: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const seen = new Set<string>();
  const root = new StructuralSchema(schema);
  for (const [at, field] of fields.entries()) {
    const place = `${path}[${at}].jsonPath`;
    const jsonPath = asString(field.jsonPath) ?? '';
    if (jsonPath === '') {
      problems.push(requiredValue(place));
      continue;
    }
    const found = jsonPath.includes('[') ? undefined : schemaAtPath(root, jsonPath);
    if (found === undefined) {
      problems.push(invalidValue(place, jsonPath, 'is an invalid path: does not refer to a valid field'));
      continue;
    }
    if (jsonPath.startsWith('.metadata')) {
      problems.push(invalidValue(place, jsonPath, 'must not point to fields in metadata'));
    }
    if (!['string', 'boolean', 'integer'].includes(found.type)) {
      const words =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
      problems.push(invalidValue(place, jsonPath, words));
    }
    if (seen.has(jsonPath)) problems.push(duplicateValue(place, jsonPath));
    seen.add(jsonPath);
  }
  if (seen.size > maxSelectableFields) problems.push(tooMany(path, seen.size, maxSelectableFields));
  return problems;
}

/** A version as messages print it: parts that all versions share are told of elsewhere and stand here as null. */
function printed(version: JsonObject, versions: readonly JsonObject[]): JsonObject {
  const part = (name: string): unknown =>
    versions.every((each) => isEqualJson(each[name], versions[0]?.[name])) ? null : (version[name] ?? null);
  return {
    Name: version.name,
    Served: version.served === true,
    Storage: version.storage === true,
    Deprecated: version.deprecated === true,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: part('schema'),
    Subresources: part('subresources'),
    AdditionalPrinterColumns: part('additionalPrinterColumns'),
    SelectableFields: part('selectableFields'),
  };
}
