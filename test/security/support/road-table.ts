import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** One field that leads to nodes. */
export interface Road {
  /** `Namespace.project` */
  readonly name: string;
  /** Types of nodes that it may lead to. */
  readonly to: readonly string[];
}

/** What carries rows, or answers a change: the field that leads to it is the road. */
const carrier = /(Connection|Edge|Message|Success|Payload|Error|Result)$/;

/** Every field of the schema that leads to a node, read off the schema itself, so that none is forgotten. */
export function roadsOf(schema: GraphQLSchema): readonly Road[] {
  const mutation = schema.getMutationType()?.name;
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name === mutation || type.name.startsWith('__') || carrier.test(type.name))
      return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const to = nodesIn(schema, carriedBy(getNamedType(field.type)));
      return to.length === 0 ? [] : [{ name: `${type.name}.${field.name}`, to }];
    });
  });
}

/** Types of nodes, each of which must be reached by some road. */
export function nodeTypesOf(schema: GraphQLSchema): readonly string[] {
  return nodesIn(schema, schema.getType('Node')).toSorted();
}

/** Fields that these operations ask for, of every type that they may be of. */
export function askedBy(schema: GraphQLSchema, documents: Iterable<string>): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const document of documents) {
    const info = new TypeInfo(schema);
    visit(
      parse(document),
      visitWithTypeInfo(info, {
        Field() {
          const parent = info.getParentType();
          const field = info.getFieldDef();
          if (!parent || !field) return;
          asked.add(`${parent.name}.${field.name}`);
          if (!isInterfaceType(parent)) return;
          for (const { name } of schema.getPossibleTypes(parent)) asked.add(`${name}.${field.name}`);
        },
      }),
    );
  }
  return asked;
}

function nodesIn(schema: GraphQLSchema, type: GraphQLNamedType | undefined): readonly string[] {
  const members = type && isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  return members.filter((each) => each.getInterfaces().some(({ name }) => name === 'Node')).map(({ name }) => name);
}

/** What a connection lists, and what a message tells of. */
function carriedBy(type: GraphQLNamedType): GraphQLNamedType {
  if (!isObjectType(type) || !carrier.test(type.name)) return type;
  const fields = type.getFields();
  const inner = fields.nodes ?? Object.values(fields).find(({ type: each }) => isNodeLike(getNamedType(each)));
  return inner ? getNamedType(inner.type) : type;
}

const isNodeLike = (type: GraphQLNamedType): boolean =>
  (isObjectType(type) || isInterfaceType(type)) &&
  (type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node'));
