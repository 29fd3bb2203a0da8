import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
} from 'graphql';

/**
 * What shows whether two answers of a mutation are the same, made from the schema: leaves, and of things their ids and
 * versions; of each thing of a batch all that.
 */
export function selectFromSuccess(schema: GraphQLSchema, mutation: string): string {
  return selectionOf(successOf(schema, mutation), schema);
}

export function successOf(schema: GraphQLSchema, mutation: string): GraphQLObjectType {
  const type = schema.getType(`${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Success`);
  if (!isObjectType(type)) throw new Error(`${mutation} has no success`);
  return type;
}

/** The cluster's own words are not kept, a secret is shown once, and so is what `bindNamespaces` says of each namespace. */
function isToldOnce(name: string, type: GraphQLNamedType): boolean {
  if (name === 'results') return !isObjectType(type) || !('success' in type.getFields());
  // A signing secret is made from the platform's key, which replicas under test do not share.
  return ['warnings', 'token', 'kubeconfig', 'ticket', 'download', 'signingSecret', 'secret'].includes(name);
}

const versions = ['resourceVersion', 'version'];

function selectionOf(type: GraphQLObjectType, schema: GraphQLSchema): string {
  return Object.values(type.getFields())
    .filter((field) => !isToldOnce(field.name, getNamedType(field.type)))
    .map((field) => `${field.name} ${selectionOfField(field.name, field.type, schema)}`)
    .join(' ');
}

function selectionOfField(name: string, output: GraphQLOutputType, schema: GraphQLSchema): string {
  const type = getNamedType(output);
  if (isLeafType(type)) return '';
  if (name === 'operation') return '{ id action status }';
  if (name === 'changes') return '{ path operation before after }';
  if (name === 'error') return '{ code message }';
  if (isObjectType(type) && (name === 'results' || name === 'success')) return `{ ${selectionOf(type, schema)} }`;
  if (!('getFields' in type)) return '{ __typename }';
  const fields = type.getFields();
  // Without an id it is no version of a row: that of a cluster's Kubernetes is known once it has answered.
  if (!fields.id) return '{ __typename }';
  const shown = ['id', ...versions].filter((wanted) => fields[wanted] && isLeafType(getNamedType(fields[wanted].type)));
  return `{ __typename ${shown.join(' ')} }`;
}
