import type { Environment } from '@marcbachmann/cel-js';
import type { StructuralSchema } from '../schema/structural-schema.ts';
import { isSameValue } from './compare-values.ts';
import { escapeName } from './escape-name.ts';

/**
 * Declares the types of a schema in an environment, and returns the name of the outermost one; undefined where expressions
 * cannot see such values. Only properties that `text` mentions: no other can matter to the expressions in it.
 */
export function declareSchema(
  environment: Environment,
  schema: StructuralSchema,
  text: string,
  isResource: boolean,
): string | undefined {
  const names = new Set(text.match(/[A-Za-z_][A-Za-z0-9_]*/g));
  let count = 0;

  const declareObject = (fields: Record<string, string>): string => {
    count += 1;
    const name = `kubernetes.Object${count}`;
    environment.registerType(name, { fields });
    environment.registerOperator(`${name} == ${name}`, isSameValue);
    return name;
  };
  const declareProperties = (node: StructuralSchema, isRoot: boolean): string => {
    const fields: Record<string, string> = {};
    for (const [property, child] of node.properties) {
      const name = escapeName(property);
      if (name === undefined || !names.has(name)) continue;
      const type = declare(child, child.isEmbeddedResource);
      if (type !== undefined) fields[name] = type;
    }
    if (isRoot) {
      fields.apiVersion = 'string';
      fields.kind = 'string';
      if (names.has('metadata')) fields.metadata = declareObject({ name: 'string', generateName: 'string' });
    }
    return declareObject(fields);
  };
  const declare = (node: StructuralSchema, isRoot: boolean): string | undefined => {
    if (node.isIntOrString) return 'dyn';
    switch (node.type) {
      case 'array': {
        const type = node.items === undefined ? undefined : declare(node.items, node.items.isEmbeddedResource);
        return type === undefined ? undefined : `list<${type}>`;
      }
      case 'object': {
        if (node.additional === undefined) return declareProperties(node, isRoot);
        const type = declare(node.additional, node.additional.isEmbeddedResource);
        return type === undefined ? undefined : `map<string, ${type}>`;
      }
      default:
        return scalars[node.type] === 'string' ? textTypeOf(node.format) : scalars[node.type];
    }
  };
  return declare(schema, isResource);
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  number: 'double',
  integer: 'int',
};

function textTypeOf(format: string): string {
  switch (format) {
    case 'byte':
      return 'bytes';
    case 'duration':
      return 'google.protobuf.Duration';
    case 'date':
    case 'date-time':
      return 'google.protobuf.Timestamp';
    default:
      return 'string';
  }
}
