import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/**
 * Everything that can be asked of a type without an argument, to a depth: `{ id name labels { key value } … }`. Fields
 * whose arguments are required are left out, and those that `skip` names (`Secret.value`, or `value` of any type).
 */
export function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  depth: number,
  skip: ReadonlySet<string> = new Set(),
): string {
  if (isLeafType(type)) return '';
  const parts: string[] = ['__typename'];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (skip.has(field.name) || skip.has(`${type.name}.${field.name}`)) continue;
      const selected = selectField(schema, field, depth, skip);
      if (selected !== undefined) parts.push(selected);
    }
  }
  if (isAbstractType(type) && depth > 0) {
    for (const possible of schema.getPossibleTypes(type)) {
      const inner = ownFields(schema, possible, type, depth, skip);
      if (inner !== '') parts.push(`... on ${possible.name} { ${inner} }`);
    }
  }
  return `{ ${parts.join(' ')} }`;
}

function selectField(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  depth: number,
  skip: ReadonlySet<string>,
  alias = '',
): string | undefined {
  if (field.args.some(isRequiredArgument)) return undefined;
  const named = getNamedType(field.type);
  if (isLeafType(named)) return `${alias}${field.name}`;
  if (depth <= 0) return undefined;
  // The rows of a connection count as one level, not as three.
  const isWrapper = named.name.endsWith('Connection') || named.name.endsWith('Edge');
  const page = field.args.some((arg) => arg.name === 'first') ? '(first: 5)' : '';
  return `${alias}${field.name}${page} ${selectionOf(schema, named, isWrapper ? depth : depth - 1, skip)}`;
}

/** Members that the interface does not have; aliased by type, since two types may use one name for different things. */
function ownFields(
  schema: GraphQLSchema,
  possible: GraphQLNamedType,
  abstract: GraphQLNamedType,
  depth: number,
  skip: ReadonlySet<string>,
): string {
  if (!isObjectType(possible)) return '';
  const shared = isInterfaceType(abstract) ? abstract.getFields() : {};
  return Object.values(possible.getFields())
    .filter((field) => !(field.name in shared) && !skip.has(field.name) && !skip.has(`${possible.name}.${field.name}`))
    .flatMap((field) => selectField(schema, field, depth - 1, skip, `${possible.name}_${field.name}: `) ?? [])
    .join(' ');
}
