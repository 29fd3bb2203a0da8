import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** Large texts that show nothing which the leaves beside them do not; the canaries read them. */
const bulky = new Set(['yaml', 'json']);

/** Fields by which a thing is known again, whatever its type. */
const markFields = ['uid', 'requestId', 'displayName', 'alias', 'principalId', 'userAgent', 'disabledReason', 'server'];
/** The same where others use the name for what may be null. */
const ownMarkFields: Readonly<Record<string, readonly string[]>> = {
  LogStore: ['logStoreDescription: description'],
  OrchestrationTemplate: ['templateDescription: description'],
  Stack: ['stackContent: content'],
  AppService: ['serviceDescription: description'],
  ReleaseOrder: ['orderReason: reason'],
};

/**
 * The least selection in which a thing shows if it is there at all: the leaves of objects, the rows of connections, the
 * objects in payloads and messages.
 */
export function marksOf(schema: GraphQLSchema, type: GraphQLNamedType): string {
  if (isUnionType(type)) {
    const members = schema.getPossibleTypes(type).map((member) => {
      const fields = Object.values(member.getFields()).map((field) => {
        const nested = nestedMarks(schema, getNamedType(field.type));
        return nested === undefined || field.args.some(isRequiredArgument)
          ? ''
          : // Members may use one name for different things.
            `${field.name === 'message' || field.name === 'code' ? '' : `${member.name}_${field.name}: `}${field.name} ${nested}`;
      });
      return `... on ${member.name} { __typename ${fields.join(' ')} }`;
    });
    return `{ ${members.join(' ')} }`;
  }
  if (isObjectType(type) && (type.name.endsWith('Connection') || type.name.endsWith('Message'))) {
    const fields = Object.values(type.getFields())
      .filter((field) => field.name !== 'edges')
      .map((field) => `${field.name} ${nestedMarks(schema, getNamedType(field.type)) ?? ''}`);
    return `{ ${fields.join(' ')} edges { cursor } }`.replace(
      type.name.endsWith('Message') ? ' edges { cursor }' : '',
      '',
    );
  }
  if (isObjectType(type) && type.name === 'Confirmation') {
    const { node } = (schema.getType('ConfirmationItem') as GraphQLObjectType).getFields();
    return `{ kind items { name node ${node ? nestedMarks(schema, getNamedType(node.type)) : ''} } }`;
  }
  return nestedMarks(schema, type) ?? '';
}

/** Leaves of an object or an interface, and the marks of the types behind the interface; empty for a leaf. */
function nestedMarks(schema: GraphQLSchema, type: GraphQLNamedType): string | undefined {
  if (isLeafType(type)) return '';
  if (isUnionType(type)) return '{ __typename }';
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const leaves = Object.values(type.getFields())
    .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
    .map((field) => field.name)
    .filter((name) => !bulky.has(name));
  const behind = isInterfaceType(type)
    ? schema
        .getPossibleTypes(type)
        .flatMap((possible) =>
          [
            ...markFields.filter((name) => name in possible.getFields() && !leaves.includes(name)),
            ...(ownMarkFields[possible.name] ?? []),
          ].map((name) => `... on ${possible.name} { ${name} }`),
        )
    : [];
  // What became of one thing of several.
  const error = !isInterfaceType(type) && 'error' in type.getFields() ? ['error { code }'] : [];
  // Whose record an entry of a timeline is.
  const record = type.name === 'TimelineEntry' ? ['operation { requestId }'] : [];
  // Which order a step is of.
  const order = type.name === 'ReleaseProgress' ? ['order { reason }'] : [];
  return `{ __typename ${[...leaves, ...behind, ...error, ...record, ...order].join(' ')} }`;
}
