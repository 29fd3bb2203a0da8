import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * How many fields the generated code of an operation has, or `limit + 1` where there are more. The compiler writes a
 * selection on an interface or a union out for each of its types, and does so again in what lies below: a short document
 * can become megabytes of code.
 */
export function planSize(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limit: number,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  let size = 0;

  /** Adds the fields that the selection has on this one type, and all below them. */
  function visit(type: GraphQLObjectType, selections: SelectionSetNode): void {
    for (const selection of selections.selections) {
      if (size > limit) return;
      if (selection.kind === Kind.FIELD) {
        size += 1;
        const below = namedTypeOf(type.getFields()[selection.name.value]);
        if (below && selection.selectionSet) visitEach(below, selection.selectionSet);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined || !applies(fragment.typeCondition?.name.value, type)) continue;
      visit(type, fragment.selectionSet);
    }
  }

  function visitEach(type: GraphQLCompositeType, selections: SelectionSetNode): void {
    for (const possible of isAbstractType(type) ? schema.getPossibleTypes(type) : [type]) visit(possible, selections);
  }

  function applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && schema.isSubType(wanted, type);
  }

  const root = schema.getRootType(operation.operation);
  if (root) visit(root, operation.selectionSet);
  return Math.min(size, limit + 1);
}

function namedTypeOf(field: GraphQLField<unknown, unknown> | undefined): GraphQLCompositeType | undefined {
  const type = field && getNamedType(field.type);
  return isCompositeType(type) ? type : undefined;
}
