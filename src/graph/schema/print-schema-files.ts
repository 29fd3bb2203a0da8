import {
  GraphQLInterfaceType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  printType,
} from 'graphql';
import type { BuiltSchema } from './build-schema.ts';
import type { SchemaOwnership } from './track-ownership.ts';

/** The generated SDL by file name: the whole in `schema.graphql`, and what each plugin adds in `<plugin>.graphql`. */
export function printSchemaFiles(built: BuiltSchema): Map<string, string> {
  const schema = lexicographicSortSchema(built.schema);
  const parts = new Map<string, string[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    for (const [plugin, text] of partsOf(type, built.ownership))
      parts.set(plugin, [...(parts.get(plugin) ?? []), text]);
  }
  const files = new Map([['schema.graphql', `${printWhole(schema)}\n`]]);
  for (const [plugin, texts] of parts) files.set(`${plugin}.graphql`, `${texts.join('\n\n')}\n`);
  return files;
}

export function printWhole(schema: GraphQLSchema): string {
  return printSchema(schema);
}

/** A type stands in its owner's file; fields that others added stand in theirs as `extend type`. */
function partsOf(type: GraphQLNamedType, ownership: SchemaOwnership): [plugin: string, text: string][] {
  const owner =
    ownership.types.get(type.name) ?? (type.name.match(/^(Query|Mutation|Subscription)$/) ? '' : 'longshore');
  if (!isObjectType(type) && !isInterfaceType(type)) return [[owner, printType(type)]];
  const byPlugin = new Map<string, string[]>();
  for (const field of Object.keys(type.getFields())) {
    const plugin = fieldOwner(type, field, ownership) ?? owner;
    byPlugin.set(plugin, [...(byPlugin.get(plugin) ?? []), field]);
  }
  return [...byPlugin].map(([plugin, fields]) => {
    const text = printType(withFields(type, fields, plugin === owner));
    return [plugin, plugin === owner ? text : `extend ${text}`];
  });
}

/** A field of an interface that a plugin added appears on every implementing type: it is the interface's news there. */
function fieldOwner(
  type: GraphQLObjectType | GraphQLInterfaceType,
  field: string,
  ownership: SchemaOwnership,
): string | undefined {
  return ownership.fields.get(`${type.name}.${field}`);
}

function withFields(
  type: GraphQLObjectType | GraphQLInterfaceType,
  names: readonly string[],
  isOwner: boolean,
): GraphQLNamedType {
  const config = type.toConfig();
  const fields = Object.fromEntries(Object.entries(config.fields).filter(([name]) => names.includes(name)));
  const description = isOwner ? config.description : null;
  const interfaces = isOwner ? config.interfaces : [];
  return isObjectType(type)
    ? new GraphQLObjectType({
        ...(config as ReturnType<GraphQLObjectType['toConfig']>),
        fields,
        description,
        interfaces,
      })
    : new GraphQLInterfaceType({
        ...(config as ReturnType<GraphQLInterfaceType['toConfig']>),
        fields,
        description,
        interfaces,
      });
}
