import {
  type ConfirmationDialog,
  describeConfirmation,
  type LongshoreBuilder,
  nodeRef,
  RequestError,
  registerQuery,
  typeRef,
} from 'longshore/sdk';

type Item = NonNullable<ConfirmationDialog['items'][number]>;

const maxIds = 100;

/** What a dialog asks and shows before something is deleted (CORE-24, CORE-25). */
export function registerConfirmation(builder: LongshoreBuilder): void {
  const dialog = registerDialog(builder, registerItem(builder));
  registerQuery(builder, {
    name: 'confirmation',
    description:
      'What must be typed into `confirm` of a mutation, by the profiles of the places concerned, and what to show to who types it.',
    allow: { public: 'Tells of what the caller sees by `node` anyway, and what is to be typed' },
    type: dialog,
    args: (t) => ({
      mutation: t.string({ required: true, description: 'Name of the mutation, e.g. `deleteObject`.' }),
      ids: t.idList({ required: true, description: `Global ids of what it shall concern, 1 to ${maxIds}.` }),
    }),
    resolve: ({ mutation, ids }, context) => {
      if (ids.length === 0 || ids.length > maxIds) {
        throw new RequestError('BAD_USER_INPUT', `ids must have 1 to ${maxIds} entries, got ${ids.length}`);
      }
      return describeConfirmation(mutation, ids.map(String), context);
    },
  });
}

function registerDialog(builder: LongshoreBuilder, item: ReturnType<typeof registerItem>) {
  const kind = builder.enumType('ConfirmationKind', {
    description: 'What has to be typed before something is done.',
    values: {
      NONE: { description: 'Nothing: a plain yes is enough.' },
      NAME: { description: 'The name of the one thing it concerns.' },
      COUNT: { description: 'How many things it concerns, in digits.' },
      PHRASE: { description: "The phrase of the profile of the thing's place." },
      SPLIT: { description: 'The things ask for different phrases: do it in parts.' },
    } as const,
  });
  const dialog = typeRef<ConfirmationDialog>('Confirmation');
  builder.objectType(dialog, {
    description: 'What a dialog asks and shows before something is done.',
    fields: (t) => ({
      kind: t.field({
        type: kind,
        description: 'What `expected` is.',
        resolve: ({ expected, mustSplit }) => (mustSplit ? 'SPLIT' : (expected?.kind ?? 'NONE')),
      }),
      expected: t.string({
        nullable: true,
        description:
          'What must be typed into `confirm`, character by character (compared in Unicode form NFC); null where nothing must be, or where it must be split.',
        resolve: ({ expected }) => expected?.text ?? null,
      }),
      consequence: t.string({ description: 'What cannot be undone.', resolve: (row) => row.consequence }),
      items: t.field({
        type: [item],
        nullable: { list: false, items: true },
        description:
          'What it concerns, in the order of `ids`; null for what is not there, not for you, or nothing for this mutation.',
        resolve: ({ items }) => [...items],
      }),
    }),
  });
  return dialog;
}

function registerItem(builder: LongshoreBuilder) {
  const item = typeRef<Item>('ConfirmationItem');
  builder.objectType(item, {
    description: 'One thing that a mutation is about to concern.',
    fields: (t) => ({
      id: t.id({ description: 'Its global id.', resolve: ({ target }) => target.record.id }),
      name: t.string({ description: 'Its name.', resolve: ({ target: { record } }) => record.name ?? record.id }),
      kind: t.string({ description: 'Its kind.', resolve: ({ target: { record } }) => record.kind ?? record.type }),
      cluster: t.string({
        nullable: true,
        description: 'Its cluster; null for what lies in none.',
        resolve: ({ target }) => target.record.cluster ?? null,
      }),
      namespace: t.string({
        nullable: true,
        description: 'Its namespace; null for what lies in none.',
        resolve: ({ target }) => target.record.namespace ?? null,
      }),
      status: t.string({
        nullable: true,
        description: 'Its phase or readiness, e.g. `RUNNING` or `AVAILABLE`; null for what has none.',
        resolve: ({ status }) => status ?? null,
      }),
      createdAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was made; null where nobody knows.',
        resolve: ({ createdAt }) => createdAt ?? null,
      }),
      viewerCan: t.boolean({
        description: 'Whether you may do it to this one, by the same rules that guard the mutation.',
        resolve: ({ isAllowed }) => isAllowed,
      }),
      node: t.field({ type: nodeRef, description: 'The thing itself.', resolve: ({ node }) => node }),
    }),
  });
  return item;
}
