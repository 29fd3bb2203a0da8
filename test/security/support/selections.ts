import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

export interface SelectionOptions {
  /** Levels of objects below the first; a connection with its rows is one. */
  readonly depth: number;
  /** Fields to leave out, as `Type.field`. */
  readonly skip?: ReadonlySet<string>;
}

type Field = GraphQLField<unknown, unknown>;

/** How many rows of each nested list are asked for: the answer's size is the product of them. */
const nestedRows = 3;

/**
 * Everything that can be asked of a type without an argument, in several selections that each stay within the limits of
 * one operation: all leaves at once, then each field that has fields of its own.
 */
export function selectionsOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  options: SelectionOptions,
): readonly string[] {
  if (isLeafType(type)) return [''];
  const wrapped = isObjectType(type) ? wrappedRows(type) : undefined;
  if (wrapped) {
    const ownLeaves = leavesOf(type, options).join(' ');
    return selectionsOf(schema, wrapped.type, options).map(
      (selection) => `{ ${ownLeaves} ${wrapped.open} ${selection} ${wrapped.close} }`,
    );
  }
  const own = leavesOf(type, options).join(' ');
  const members = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  const nested = [
    ...nestedOf(schema, type, options),
    ...members.flatMap((each) => memberFields(schema, type, each, options)),
  ];
  return [`{ __typename ${own} }`, ...nested.map((field) => `{ __typename ${field} }`)];
}

/** A connection or a message is asked for by what it carries. */
function wrappedRows(type: GraphQLObjectType) {
  const fields = type.getFields();
  if (type.name.endsWith('Connection') && fields.nodes) {
    const extra = 'pageInfo { startCursor endCursor } problems { cluster code message }';
    return { type: getNamedType(fields.nodes.type), open: 'nodes', close: `edges { cursor } ${extra}` };
  }
  const item = Object.values(fields).find((field) => !isLeafType(getNamedType(field.type)));
  if (type.name.endsWith('Message') && item) return { type: getNamedType(item.type), open: item.name, close: '' };
  return undefined;
}

function memberFields(
  schema: GraphQLSchema,
  abstract: GraphQLNamedType,
  member: GraphQLObjectType,
  options: SelectionOptions,
): readonly string[] {
  const shared = isInterfaceType(abstract) ? abstract.getFields() : {};
  const ownFields = Object.values(member.getFields()).filter(({ name }) => !(name in shared));
  const own = ownFields.flatMap((field) => select(schema, member, field, options) ?? []);
  return own.length === 0 ? [] : [`... on ${member.name} { ${own.join(' ')} }`];
}

function fieldsOf(type: GraphQLNamedType): readonly Field[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function leavesOf(type: GraphQLNamedType, options: SelectionOptions): readonly string[] {
  return fieldsOf(type)
    .filter((field) => isLeafType(getNamedType(field.type)) && isAskable(type, field, options))
    .map(({ name }) => name);
}

function nestedOf(schema: GraphQLSchema, type: GraphQLNamedType, options: SelectionOptions): readonly string[] {
  return fieldsOf(type)
    .filter((field) => !isLeafType(getNamedType(field.type)))
    .flatMap((field) => select(schema, type, field, options) ?? []);
}

function isAskable(type: GraphQLNamedType, field: Field, { skip }: SelectionOptions): boolean {
  return !field.args.some(isRequiredArgument) && !skip?.has(`${type.name}.${field.name}`);
}

/** One field with all that is in it; undefined where it cannot be asked, or only deeper than is wanted. */
function select(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  field: Field,
  options: SelectionOptions,
): string | undefined {
  if (!isAskable(type, field, options)) return undefined;
  const named = getNamedType(field.type);
  if (isLeafType(named)) return field.name;
  if (options.depth <= 0) return undefined;
  const page = field.args.some(({ name }) => name === 'first') ? `(first: ${nestedRows})` : '';
  const below = { ...options, depth: options.depth - 1 };
  const wrapped = isObjectType(named) ? wrappedRows(named) : undefined;
  const inner = wrapped
    ? `{ ${leavesOf(named, options).join(' ')} ${wrapped.open} ${whole(schema, wrapped.type, below)} ${wrapped.close} }`
    : whole(schema, named, below);
  return `${field.name}${page} ${inner}`;
}

/** Of an interface its own fields, and of a union its members' leaves: the rest is asked where those types are roots. */
function whole(schema: GraphQLSchema, type: GraphQLNamedType, options: SelectionOptions): string {
  const members = isAbstractType(type) && !isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
  const hasJson = fieldsOf(type).some(({ name }) => name === 'json');
  const parts = [
    // The same object in other words, which take long to find: it is asked for where the type is a root.
    ...leavesOf(type, options).filter((name) => name !== 'yaml' || !hasJson),
    ...nestedOf(schema, type, options),
    ...members.map((member) => `... on ${member.name} { ${['__typename', ...leavesOf(member, options)].join(' ')} }`),
  ];
  return `{ __typename ${parts.join(' ')} }`;
}
