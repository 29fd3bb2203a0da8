import { asString, isJsonObject, type JsonObject } from '../../machinery/json.ts';
import { invalidValue, requiredValue, type SchemaProblem } from '../../machinery/schema/schema-problems.ts';
import type { StructuralSchema } from '../../machinery/schema/structural-schema.ts';
import { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateMetadata } from '../validation/validate-metadata.ts';

/** Resources inside a resource (`x-kubernetes-embedded-resource`) have an apiVersion, a kind and good metadata. */
export function validateEmbeddedResources(
  value: unknown,
  schema: StructuralSchema | undefined,
  path = '',
): SchemaProblem[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, at) => validateEmbeddedResources(item, items, `${path}[${at}]`));
  }
  if (!isJsonObject(value)) return [];
  const problems = schema.isEmbeddedResource && path !== '' ? checkResource(value, path) : [];
  for (const key of Object.keys(value)) {
    const property = schema.properties.get(key);
    const below = property === undefined ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    problems.push(...validateEmbeddedResources(value[key], property ?? schema.additional, below));
  }
  return problems;
}

function checkResource(resource: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const name of ['apiVersion', 'kind']) {
    const field = `${path}.${name}`;
    const value = resource[name];
    if (value === undefined) problems.push(requiredValue(field));
    else if (typeof value !== 'string') problems.push(invalidValue(field, value, 'must be a string'));
    else if (value === '') problems.push(invalidValue(field, value, 'must not be empty'));
    else if (name === 'apiVersion' && value.split('/').length > 2) {
      problems.push(invalidValue(field, value, `unexpected GroupVersion string: ${value}`));
    } else if (name === 'kind') {
      const why = problemsOfName(value.toLowerCase(), 'dns-1035-label');
      const words = `may have mixed case, but should otherwise match: ${why.join(',')}`;
      if (why.length > 0) problems.push(invalidValue(field, value, words));
    }
  }
  if (!isJsonObject(resource.metadata)) return problems;
  const errors = new FieldErrors();
  const name = asString(resource.metadata.name) ?? '';
  const metadata = { ...resource.metadata, name: name === '' ? 'unnamed' : name };
  validateMetadata({ metadata }, { nameRule: 'path-segment', takesPlainFinalizers: true }, errors);
  return [...problems, ...errors.causes.map((cause) => ({ ...cause, field: `${path}.${cause.field ?? 'metadata'}` }))];
}
