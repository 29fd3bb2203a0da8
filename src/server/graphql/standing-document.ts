import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { StandingField } from '../../graph/streams/standing-subscriptions.ts';
import { RequestError } from '../../kernel/request-error.ts';

/** Names under which the loop reads what it needs of each message, beside what the document selects. */
export const own = {
  type: 'longshoreType',
  cursor: 'longshoreCursor',
  reason: 'longshoreReason',
  item: 'longshoreItem',
} as const;

/** What every message has; what else it has is the item. */
const ofEveryMessage = new Set(['type', 'cursor', 'reason']);

export interface StandingDocument extends StandingField {
  /** The document with what the loop reads, and `after` in place. */
  readonly document: DocumentNode;
  /** Under which name the result has the field. */
  readonly key: string;
}

/** Reads a document that is valid, and makes it ready to be followed behind a cursor. Throws `RequestError` for one that cannot be. */
export function readStandingDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  after: string | undefined,
): StandingDocument {
  const operation = onlyOperation(document);
  const [root, ...others] = operation.selectionSet.selections;
  if (root?.kind !== Kind.FIELD || others.length > 0) {
    throw refuse('must have its field directly in the operation, without a fragment around it');
  }
  if (root.directives?.length) throw refuse('must have no directives on its field');
  const field = schema.getSubscriptionType()?.getFields()[root.name.value];
  const item = field && itemOf(field);
  if (!field || !item) throw refuse(`cannot be on '${root.name.value}': what arrives there has no id`);
  assertNothingOnRequest(schema, document);
  const followed: FieldNode = {
    ...root,
    arguments: [
      ...(root.arguments ?? []).filter(({ name }) => after === undefined || name.value !== 'after'),
      ...(after === undefined ? [] : [argument('after', after)]),
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [
        ...(root.selectionSet?.selections ?? []),
        ...(['type', 'cursor', 'reason'] as const).map((name) => aliased(own[name], name)),
        { ...aliased(own.item, item.field), selectionSet: { kind: Kind.SELECTION_SET, selections: [aliased('id')] } },
      ],
    },
  };
  const ready: OperationDefinitionNode = {
    ...operation,
    selectionSet: { ...operation.selectionSet, selections: [followed] },
  };
  return {
    name: root.name.value,
    itemType: item.type,
    key: root.alias?.value ?? root.name.value,
    document: {
      ...document,
      definitions: document.definitions.map((definition) => (definition === operation ? ready : definition)),
    },
  };
}

function onlyOperation(document: DocumentNode): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (!operation || operations.length > 1) throw refuse('must have exactly one operation');
  if (operation.operation !== 'subscription') throw refuse(`must be a subscription, not a ${operation.operation}`);
  return operation;
}

function itemOf(field: GraphQLField<unknown, unknown>): { readonly field: string; readonly type: string } | undefined {
  const message = getNamedType(field.type);
  if (!isObjectType(message)) return undefined;
  for (const { name, type } of Object.values(message.getFields())) {
    const named = getNamedType(type);
    const hasId = (isObjectType(named) || isInterfaceType(named)) && named.getFields().id !== undefined;
    if (!ofEveryMessage.has(name) && hasId) return { field: name, type: named.name };
  }
  return undefined;
}

function assertNothingOnRequest(schema: GraphQLSchema, document: DocumentNode): void {
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        if (info.getFieldDef()?.extensions.onRequestOnly !== true) return;
        const type = info.getParentType()?.name;
        throw refuse(
          `must not select ${type}.${node.name.value}: that is told to who asks for it at that moment, alone`,
        );
      },
    }),
  );
}

const nameOf = (value: string): NameNode => ({ kind: Kind.NAME, value });

const argument = (name: string, value: string): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: nameOf(name),
  value: { kind: Kind.STRING, value },
});

const aliased = (alias: string, name = alias): FieldNode => ({
  kind: Kind.FIELD,
  name: nameOf(name),
  ...(alias === name ? {} : { alias: nameOf(alias) }),
});

const refuse = (says: string): RequestError => new RequestError('BAD_USER_INPUT', `The subscription ${says}`);
