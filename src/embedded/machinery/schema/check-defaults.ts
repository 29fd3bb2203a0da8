import { cloneJson, isEqualJson } from '../json.ts';
import { coerceEmbeddedResources } from './embedded-resources.ts';
import { pruneUnknown } from './prune-unknown.ts';
import { invalidValue, type SchemaProblem } from './schema-problems.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { validateValue } from './validate-value.ts';

/** Every default of a structural schema is pruned and valid itself. Defaults of map values are never applied alone. */
export function checkDefaults(schema: StructuralSchema, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (schema.default !== undefined) problems.push(...checkDefault(schema, `${path}.default`));
  if (schema.items !== undefined) problems.push(...checkDefaults(schema.items, `${path}.items`));
  for (const [name, property] of schema.properties) {
    problems.push(...checkDefaults(property, `${path}.properties[${name}]`));
  }
  return problems;
}

function checkDefault(schema: StructuralSchema, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const pruned = cloneJson(schema.default);
  pruneUnknown(pruned, schema, schema.isEmbeddedResource);
  if (!isEqualJson(pruned, schema.default)) {
    problems.push(invalidValue(path, schema.default, 'must not have unknown fields'));
  }
  try {
    coerceEmbeddedResources(cloneJson(schema.default), schema, path, []);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [...problems, invalidValue(path, schema.default, error.message)];
  }
  return [...problems, ...validateValue(schema.default, schema, { prefix: path })];
}
