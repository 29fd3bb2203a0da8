import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql';
import { namesUsedIn } from '../execution/names-used-in.ts';
import { hasRowsOfClusters, itemsField, placeholderField, type RowField, rowFields } from './item-schema.ts';

/** The rows of one list, as an operation of their own. */
export interface ItemPart {
  /** Its only root field. */
  readonly field: string;
  readonly rows: RowField;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Names of the variables that a row's text is made from. */
  readonly variables: readonly string[];
}

/** An operation whose root lists have numbered placeholders where their rows were. */
export interface SplitOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly parts: readonly ItemPart[];
}

/**
 * Takes the rows out of an operation's root lists, where they are objects of clusters. Undefined where there are none, or
 * where what is selected stands in several places and would have to be merged first.
 */
export function splitLists(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): SplitOperation | undefined {
  const roots = distinctFields(operation.selectionSet.selections);
  if (operation.operation !== OperationTypeNode.QUERY || !roots) return undefined;
  const parts: ItemPart[] = [];

  const withPlaceholders = (root: FieldNode): FieldNode => {
    const type = getNamedType(schema.getQueryType()?.getFields()[root.name.value]?.type);
    const fields = distinctFields(root.selectionSet?.selections ?? []);
    if (!isObjectType(type) || !hasRowsOfClusters(type) || !fields) return root;
    const replaced = fields.map((field) => {
      const rows = rowFields.find((name) => name === field.name.value);
      if (!rows) return field;
      parts.push(partOf(document, operation, itemsField(type.name, rows), rows, field));
      return placeholderOf(field, parts.length - 1);
    });
    return { ...root, selectionSet: { kind: Kind.SELECTION_SET, selections: replaced } };
  };

  const split: OperationDefinitionNode = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: roots.map(withPlaceholders) },
  };
  if (parts.length === 0) return undefined;
  return { document: withOperation(document, split), operation: split, parts };
}

/** Undefined where there is anything but fields, each with a name of its own in the answer. */
function distinctFields(selections: readonly SelectionNode[]): readonly FieldNode[] | undefined {
  const fields = selections.filter((selection) => selection.kind === Kind.FIELD);
  const names = new Set(fields.map(({ alias, name }) => (alias ?? name).value));
  return names.size === selections.length ? fields : undefined;
}

function placeholderOf({ alias, name, directives }: FieldNode, part: number): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: alias ?? name,
    name: { kind: Kind.NAME, value: placeholderField },
    ...(directives ? { directives } : {}),
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'part' },
        value: { kind: Kind.INT, value: String(part) },
      },
    ],
  };
}

function partOf(
  document: DocumentNode,
  whole: OperationDefinitionNode,
  field: string,
  rows: RowField,
  { selectionSet }: FieldNode,
): ItemPart {
  const root: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: field },
    ...(selectionSet ? { selectionSet } : {}),
  };
  const used = namesUsedIn(document, root);
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: (whole.variableDefinitions ?? []).filter(({ variable }) =>
      used.variables.has(variable.name.value),
    ),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
  };
  return {
    field,
    rows,
    document: withOperation(document, operation, used.fragments),
    operation,
    variables: [...used.variables].sort(),
  };
}

function withOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fragments?: ReadonlySet<string>,
): DocumentNode {
  const kept = document.definitions.filter(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && (fragments?.has(definition.name.value) ?? true),
  );
  return { ...document, definitions: [operation, ...kept] };
}
