import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { defaultPageSize, maxPageSize } from '../lists/cut-page.ts';

export interface DocumentMeasure {
  /** Levels of fields, 1 for a root field; fragments add none of their own. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields that will be resolved, a connection's rows counted `first` times. Capped at `Number.MAX_SAFE_INTEGER`. */
  readonly cost: number;
}

const nothing: DocumentMeasure = { depth: 0, aliases: 0, directives: 0, cost: 0 };

/**
 * Measures the expanded document: fragments count each time they are used, but each is walked once per type it is
 * used on, so the walk is linear in the text. Cyclic fragments are an error of validation and count nothing here.
 * An introspection has a price of its own: its nesting is bounded by graphql's own rule, its number by this.
 */
export function measureDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): DocumentMeasure {
  const variables = { ...defaultsOf(operation), ...given };
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, DocumentMeasure>();
  const open = new Set<string>();

  function ofSelections(set: SelectionSetNode, type: GraphQLNamedType | undefined): DocumentMeasure {
    let sum = nothing;
    for (const selection of set.selections) {
      const directives = selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) sum = add(sum, ofField(selection, type), directives);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : type;
        sum = add(sum, ofSelections(selection.selectionSet, on), directives);
      } else sum = add(sum, ofFragment(selection.name.value), directives);
    }
    return sum;
  }

  function ofFragment(name: string): DocumentMeasure {
    const known = measured.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment || open.has(name)) return nothing;
    open.add(name);
    const result = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    open.delete(name);
    measured.set(name, result);
    return result;
  }

  function ofField(field: FieldNode, parent: GraphQLNamedType | undefined): DocumentMeasure {
    const aliases = field.alias ? 1 : 0;
    const name = field.name.value;
    if (name === '__schema' || name === '__type') return { ...nothing, aliases, cost: introspectionCost };
    if (!field.selectionSet) return { depth: 1, aliases, directives: 0, cost: name === '__typename' ? 0 : 1 };
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = definition ? getNamedType(definition.type) : undefined;
    const inner = ofSelections(field.selectionSet, type);
    const rows = rowsOf(field, definition, type);
    return {
      depth: inner.depth + 1,
      aliases: aliases + inner.aliases,
      directives: inner.directives,
      cost: capped(1 + inner.cost * rows),
    };
  }

  /** How often the field's own selections are resolved at the most. */
  function rowsOf(
    field: FieldNode,
    definition: ReturnType<GraphQLObjectType['getFields']>[string] | undefined,
    type: GraphQLNamedType | undefined,
  ): number {
    if (!definition || !type || !isCompositeType(type)) return 1;
    if (definition.args.some((argument) => argument.name === 'first')) {
      return numberArgument(field, 'first', variables) ?? numberArgument(field, 'last', variables) ?? defaultPageSize;
    }
    const ids = field.arguments?.find((argument) => argument.name.value === 'ids');
    if (ids) return lengthOf(ids.value, variables);
    return isListed(definition.type) && !isConnectionPart(field.name.value) ? listFactor : 1;
  }

  const own = ofSelections(operation.selectionSet, rootType(schema, operation));
  return { ...own, directives: own.directives + (operation.directives?.length ?? 0) };
}

/** A full answer to the standard introspection query is some hundred kilobytes: a handful per operation is plenty. */
export const introspectionCost = 20_000;

/** What a plain list inside an object (containers, conditions, owners) is taken to hold. */
const listFactor = 3;

/** Rows of a connection are counted at the connection itself. */
const isConnectionPart = (name: string): boolean => name === 'nodes' || name === 'edges';

function isListed(type: unknown): boolean {
  const bare = isNonNullType(type) ? type.ofType : type;
  return isListType(bare);
}

function numberArgument(
  field: FieldNode,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): number | undefined {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  if (!value) return undefined;
  if (value.kind === Kind.INT) return bounded(Number(value.value));
  if (value.kind !== Kind.VARIABLE) return undefined;
  const given = variables[value.name.value];
  // A variable that nobody gives leaves its argument out.
  if (given === null || given === undefined) return undefined;
  return typeof given === 'number' ? bounded(given) : maxPageSize;
}

const bounded = (size: number): number =>
  Number.isFinite(size) ? Math.max(1, Math.min(size, maxPageSize)) : maxPageSize;

function lengthOf(value: ValueNode, variables: Readonly<Record<string, unknown>>): number {
  if (value.kind === Kind.LIST) return Math.max(1, value.values.length);
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return Array.isArray(given) ? Math.max(1, given.length) : 1;
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
}

function add(a: DocumentMeasure, b: DocumentMeasure, directives: number): DocumentMeasure {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: capped(a.aliases + b.aliases),
    directives: capped(a.directives + b.directives + directives),
    cost: capped(a.cost + b.cost),
  };
}

const capped = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);

function rootType(schema: GraphQLSchema, operation: OperationDefinitionNode): GraphQLNamedType | undefined {
  return schema.getRootType(operation.operation) ?? undefined;
}
