import { checkExpressions } from '../../machinery/cel/check-expressions.ts';
import { asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
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
} from '../../machinery/schema/schema-problems.ts';
import { StructuralSchema } from '../../machinery/schema/structural-schema.ts';

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

/** Schema, subresources, columns and selectable fields of a version: those only it has, or those all versions share. */
export function validateParts(
  version: JsonObject,
  versions: readonly JsonObject[],
  at: number,
  which: 'own' | 'shared',
): SchemaProblem[] {
  const place = (part: string): string | undefined => {
    if (isShared(versions, part) !== (which === 'shared')) return undefined;
    return which === 'shared' ? `spec.${part === 'schema' ? 'validation' : part}` : `spec.versions[${at}].${part}`;
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

/** Whether all versions say the same of a part: it then counts as said once, at the top of spec. */
export function isShared(versions: readonly JsonObject[], part: string): boolean {
  return versions.every((each) => isEqualJson(each[part], versions[0]?.[part]));
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
