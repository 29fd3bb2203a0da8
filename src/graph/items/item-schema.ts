import {
  extendSchema,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  parse,
} from 'graphql';

/** Extension of a connection whose rows are objects of a cluster: the same as long as nothing in them has changed. */
export const rowsOfClusters = 'longshoreRowsOfClusters';

export const rowFields = ['nodes', 'edges'] as const;
export type RowField = (typeof rowFields)[number];

export function hasRowsOfClusters(type: GraphQLObjectType): boolean {
  return type.extensions[rowsOfClusters] === true;
}

/** The root field that answers rows handed in, as `nodes` or `edges` of this connection would. */
export function itemsField(connection: string, field: RowField): string {
  return `${connection}_${field}`;
}

/** The field of every such connection that stands where its rows were taken out. */
export const placeholderField = 'rowsElsewhere';

/**
 * The schema with what split operations need besides: it executes, and is never validated against, printed or served.
 * `onRows` hears of a connection with a placeholder and answers the text that stands there.
 */
export function itemSchema(
  schema: GraphQLSchema,
  onRows: GraphQLFieldResolver<unknown, unknown, { readonly part: number }>,
): GraphQLSchema {
  const connections = Object.values(schema.getTypeMap()).filter(isObjectType).filter(hasRowsOfClusters);
  if (connections.length === 0) return schema;
  const extension = connections.flatMap((connection) => [
    `extend type ${connection.name} { ${placeholderField}(part: Int!): RowsElsewhere! }`,
    ...rowFields.map((field) => {
      const { type } = connection.getFields()[field] ?? {};
      return `extend type Query { ${itemsField(connection.name, field)}: ${type} }`;
    }),
  ]);
  const extended = extendSchema(schema, parse(`scalar RowsElsewhere ${extension.join('\n')}`), { assumeValid: true });
  for (const { name } of connections) {
    const type = extended.getType(name);
    const field = isObjectType(type) ? type.getFields()[placeholderField] : undefined;
    if (field) field.resolve = onRows as never;
  }
  return extended;
}
