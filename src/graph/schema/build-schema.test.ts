import { printType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type LongshoreBuilder, typeRef } from '../builder.ts';
import { registerMutation } from '../makers/register-mutation.ts';
import { registerQuery } from '../makers/register-query.ts';
import { buildSchema, type SchemaPlugin } from './build-schema.ts';
import { printSchemaFiles } from './print-schema-files.ts';

const actions = { READ: 'May see it.' };

const harborRef = typeRef<{ name: string }>('Harbor');

const harborPlugin: SchemaPlugin = {
  name: 'harbor',
  reasons: { TIDE_OUT: 'The water is too low.' },
  schema: [
    (builder) => {
      builder.objectType(harborRef, {
        description: 'Where ships lie.',
        fields: (t) => ({ name: t.exposeString('name', { description: 'What it is called.' }) }),
      });
      registerQuery(builder, {
        name: 'harbor',
        description: 'The harbor.',
        allow: { public: 'a harbor is no secret' },
        type: harborRef,
        resolve: () => ({ name: 'Hamburg' }),
      });
    },
    // Mutations and streams of the foundation need at least one member to be valid types.
    (builder) => registerOthers(builder),
  ],
};

function registerOthers(builder: LongshoreBuilder): void {
  for (const type of ['mutationField', 'subscriptionField'] as const) {
    const register = builder[type].bind(builder) as (name: string, field: (t: never) => never) => void;
    recordForTest(builder, type === 'mutationField' ? 'Mutation' : 'Subscription');
    register('moor', (t) =>
      (t as { boolean(o: object): never }).boolean({
        description: 'Moors.',
        resolve: () => true,
        subscribe: async function* () {},
      }),
    );
  }
}

type Sinking = Parameters<typeof registerMutation<{ depth: never }, object, object>>[1];

function registerSinking(builder: LongshoreBuilder, more: Partial<Sinking>): void {
  registerMutation(builder, {
    name: 'sink',
    description: 'Sinks.',
    allow: { action: 'READ', subject: 'harbor/Harbor' },
    input: (t) => ({ depth: t.int({ description: 'How deep.' }) as never }),
    success: { description: 'It sank.', fields: () => ({}) },
    load: () => ({
      value: {},
      instance: { subject: 'harbor/Harbor' },
      record: { plugin: 'harbor', type: 'Harbor', id: 'x' },
    }),
    run: async () => ({ value: {}, resultId: 'x' }),
    replay: () => null,
    ...more,
  });
}

import { recordRootField } from '../makers/guard-root-field.ts';

function recordForTest(builder: LongshoreBuilder, type: 'Mutation' | 'Subscription'): void {
  recordRootField(builder, type, 'moor', { public: 'a test' });
}

function adding(name: string, ...schema: NonNullable<SchemaPlugin['schema']>): SchemaPlugin {
  return { name, schema };
}

const build = (...plugins: SchemaPlugin[]) => buildSchema([harborPlugin, ...plugins], actions);

describe('buildSchema', () => {
  it('composes plugins and lets one extend the type of another, also one that comes later', () => {
    const early = adding('early', (builder) => {
      builder.objectField(harborRef, 'berths', (t) => t.int({ description: 'How many ships fit.', resolve: () => 3 }));
    });
    const { schema, registry } = buildSchema([early, harborPlugin], actions);
    expect(printType(schema.getType('Harbor') as never)).toContain('berths: Int!');
    expect(registry.rootFields.get('Query.harbor')).toEqual({
      type: 'Query',
      name: 'harbor',
      plugin: 'harbor',
      guard: { public: 'a harbor is no secret' },
    });
  });

  it('adds the reasons of plugins to PreconditionReason and actions to Action', () => {
    const { schema } = build();
    expect(printType(schema.getType('PreconditionReason') as never)).toContain('TIDE_OUT');
    expect(printType(schema.getType('Action') as never)).toContain('READ');
  });

  it('adds the warnings of plugins to WarningCode', () => {
    const { schema } = build({ name: 'fog', warnings: { FOG_AHEAD: 'One sees little.' } });
    expect(printType(schema.getType('WarningCode') as never)).toContain('FOG_AHEAD');
  });

  it.each([
    {
      name: 'a root field that no maker made',
      plugin: adding('rogue', (builder) =>
        builder.queryField('loot', (t) => t.int({ description: 'x', resolve: () => 1 })),
      ),
      says: "Plugin 'rogue' adds Query.loot without a guard: make root fields with registerQuery, registerList, registerMutation or registerSubscription",
    },
    {
      name: 'root fields added in bulk',
      plugin: adding('rogue', (builder) => builder.queryFields((t) => ({ loot: t.int({ resolve: () => 1 }) }))),
      says: "Plugin 'rogue' adds root fields by queryFields; use registerQuery",
    },
    {
      name: 'a warning that there is already',
      plugin: { name: 'rogue', warnings: { IN_USE: 'x' } },
      says: "Plugin 'rogue' adds the warning 'IN_USE', which exists already",
    },
    {
      name: 'a warning that is no constant',
      plugin: { name: 'rogue', warnings: { inUse: 'x' } },
      says: "Plugin 'rogue' adds the warning 'inUse', which is not SCREAMING_SNAKE",
    },
    {
      name: 'a mutation that may raise a warning nobody lists',
      plugin: adding('rogue', (builder) => registerSinking(builder, { warn: { codes: ['STORM'], find: () => [] } })),
      says: "The mutation 'sink' may raise the warning 'STORM', which no plugin lists under warnings",
    },
    {
      name: 'a type that another plugin has',
      plugin: adding('rogue', (builder) => builder.objectType(typeRef<object>('Harbor'), { description: 'x' })),
      says: "Plugin 'rogue' defines the type 'Harbor', which plugin 'harbor' defines already",
    },
    {
      name: 'a root field that another plugin has',
      plugin: adding('rogue', (builder) =>
        registerQuery(builder, {
          name: 'harbor',
          description: 'x',
          allow: { public: 'x' },
          type: 'Int',
          resolve: () => 1,
        }),
      ),
      says: "Plugin 'rogue' defines Query.harbor, which plugin 'harbor' defines already",
    },
    {
      name: 'a field that the type of another plugin has',
      plugin: adding('rogue', (builder) =>
        builder.objectField(harborRef, 'name', (t) => t.string({ description: 'x', resolve: () => 'x' })),
      ),
      says: "Plugin 'rogue' defines the field 'Harbor.name', which plugin 'harbor' defines already",
    },
    ...[undefined, null, {}, { action: 'READ' }, { action: 'READ', subject: [] }].map((allow) => ({
      name: `a root field whose rule is ${JSON.stringify(allow)}`,
      plugin: adding('rogue', (builder) =>
        registerQuery(builder, {
          name: 'loot',
          description: 'x',
          allow: allow as never,
          type: 'Int',
          resolve: () => 1,
        }),
      ),
      says: "Plugin 'rogue' does not say who may call Query.loot",
    })),
    {
      name: 'a public field without a reason',
      plugin: adding('rogue', (builder) =>
        registerQuery(builder, {
          name: 'loot',
          description: 'x',
          allow: { public: ' ' },
          type: 'Int',
          resolve: () => 1,
        }),
      ),
      says: "Plugin 'rogue' opens Query.loot to everybody without a reason",
    },
    {
      name: 'a field without a description',
      plugin: adding('rogue', (builder) => builder.objectField(harborRef, 'depth', (t) => t.int({ resolve: () => 1 }))),
      says: "Plugin 'rogue' gives Harbor.depth no description",
    },
    {
      name: 'a reason that exists',
      plugin: { name: 'rogue', reasons: { TIDE_OUT: 'again' } } satisfies SchemaPlugin,
      says: "Plugin 'rogue' adds the reason 'TIDE_OUT', which exists already",
    },
  ])('refuses $name and names the plugin', ({ plugin, says }) => {
    expect(() => build(plugin)).toThrow(says);
  });
});

describe('printSchemaFiles', () => {
  it('prints the whole and, for each plugin, what it adds', () => {
    const files = printSchemaFiles(
      build(
        adding('tower', (builder) =>
          builder.objectField(harborRef, 'lights', (t) => t.int({ description: 'How many.', resolve: () => 1 })),
        ),
      ),
    );
    expect(files.get('schema.graphql')).toContain('type Harbor {');
    expect(files.get('tower.graphql')).toBe('extend type Harbor {\n  """How many."""\n  lights: Int!\n}\n');
    expect(files.get('harbor.graphql')).toContain('extend type Query {\n  """The harbor."""\n  harbor: Harbor!\n}');
  });
});
