import { encodeGlobalId } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { admin, createWorld, member, stranger } from '../../testing/create-world.ts';
import { makeConfigMap, makeDeployment, makePod } from '../../testing/make-objects.ts';

const settings = makeConfigMap({
  metadata: { name: 'settings' },
  data: { mode: 'fast', level: 'info', idle: 'x' },
  binaryData: { logo: '/9j/' },
});
const frozen = makeConfigMap({ metadata: { name: 'frozen' }, data: { a: '1' }, immutable: true });
const loose = makeConfigMap({ metadata: { name: 'loose' }, data: { a: '1' } });
const container = (env: object[]) => ({ containers: [{ name: 'web', image: 'web:1', env }] });
const fromKey = (key: string) => ({ name: key, valueFrom: { configMapKeyRef: { name: 'settings', key } } });
const user = makeDeployment({ metadata: { name: 'vote' }, spec: { template: { spec: container([fromKey('mode')]) } } });
const pod = makePod({ metadata: { name: 'bare' }, spec: container([fromKey('level')]) });
const objects = [settings, frozen, loose, user, pod];

const idOf = (kind: string, name: string, group = '') =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'c1', group, kind, namespace: 'shop', name });
const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } }
  ... on PreconditionError { reason unacknowledged { code } }`;
const create = (name: string, more = '') => `mutation { createConfigMap(input: {
  cluster: "c1", namespace: "shop", name: "${name}" ${more} }) { __typename ... on CreateConfigMapSuccess { configMap { name } } ${errors} } }`;
const update = (
  name: string,
  more: string,
) => `mutation { updateConfigMap(input: { id: "${idOf('ConfigMap', name)}" ${more} }) {
  __typename ... on UpdateConfigMapSuccess { configMap { keys { key } } warnings changes { operation path } } ${errors} } }`;
const remove = (
  name: string,
  more = '',
) => `mutation { deleteConfigMap(input: { id: "${idOf('ConfigMap', name)}" ${more} }) {
  __typename ... on DeleteConfigMapSuccess { id warnings } ${errors} } }`;

async function answerOf(world: ReturnType<typeof createWorld>, source: string, as = member): Promise<unknown> {
  const { data, errors: failures } = await world.run(source, as);
  expect(failures).toBeUndefined();
  return JSON.parse(JSON.stringify(Object.values(data ?? {})[0]));
}

describe('createConfigMap', () => {
  it('makes it with its description, labels and keys (CMP-89)', async () => {
    const world = createWorld({ objects });
    const more = `description: "Front end" labels: [{ key: "team", value: "a" }] data: [{ key: "mode", text: "fast" }, { key: "logo", base64: "/9j/" }]`;
    expect(await answerOf(world, create('new', more))).toMatchObject({ configMap: { name: 'new' } });
    expect(world.writes).toEqual([
      {
        verb: 'create',
        kind: 'ConfigMap',
        isDryRun: false,
        object: {
          metadata: {
            namespace: 'shop',
            name: 'new',
            labels: { team: 'a' },
            annotations: { 'longshore.dev/description': 'Front end' },
          },
          data: { mode: 'fast' },
          binaryData: { logo: '/9j/' },
        },
      },
    ]);
  });

  it('makes an empty one, to which keys are added later (CMP-89)', async () => {
    const world = createWorld({ objects, profile: 'tcs' });
    expect(await answerOf(world, create('new'))).toMatchObject({ __typename: 'CreateConfigMapSuccess' });
  });

  it.each([
    ['a name of 33 characters where 32 are allowed', 'aks-public', create('a'.repeat(33)), 'name too_long'],
    ['a name that no cluster takes', 'default', create('No_Name'), 'name invalid_text'],
    ['a long description', 'esk', create('new', `description: "${'x'.repeat(257)}"`), 'description too_long'],
    ['a key with a slash', 'default', create('new', 'data: [{ key: "a/b", text: "" }]'), 'data.0.key invalid_text'],
    [
      'a key twice',
      'default',
      create('new', 'data: [{ key: "a", text: "" }, { key: "a", text: "" }]'),
      'data.1.key duplicate_key',
    ],
    [
      'more than 1 MiB',
      'default',
      create('new', `data: [{ key: "a", text: "${'x'.repeat(1_048_577)}" }]`),
      'data too_big',
    ],
  ])('refuses %s and writes nothing (CMP-89, CON-07)', async (_name, profile, source, issue) => {
    const world = createWorld({ objects, profile });
    const answer = (await answerOf(world, source)) as { issues?: { path: unknown[]; code: string }[] };
    expect(answer.issues?.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([issue]);
    expect(world.writes).toEqual([]);
  });

  it('takes a name of 32 characters where that is the most (CON-07)', async () => {
    const world = createWorld({ objects, profile: 'aks-public' });
    expect(await answerOf(world, create('a'.repeat(32)))).toMatchObject({ __typename: 'CreateConfigMapSuccess' });
  });

  it('is nothing for who may not work in the namespace (refused)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, create('new'), stranger)).toMatchObject({ __typename: 'NotFoundError' });
    expect(world.writes).toEqual([]);
  });
});

describe('updateConfigMap', () => {
  it('adds, changes and removes keys and leaves the others (CMP-91)', async () => {
    const world = createWorld({ objects });
    const answer = await answerOf(world, update('settings', 'set: [{ key: "new", text: "1" }] remove: ["idle"]'));
    expect(answer).toMatchObject({
      configMap: { keys: [{ key: 'level' }, { key: 'logo' }, { key: 'mode' }, { key: 'new' }] },
      changes: [
        { operation: 'REMOVE', path: '/data/idle' },
        { operation: 'ADD', path: '/data/new' },
        // Clusters note when something was set, not when it was taken away (CMP-95).
        { operation: 'ADD', path: '/metadata/annotations/longshore.dev~1keys-removed-at' },
      ],
    });
  });

  it('tells whom a change concerns (CMP-91)', async () => {
    const world = createWorld({ objects });
    const { warnings } = (await answerOf(
      world,
      update('settings', 'set: [{ key: "mode", text: "slow" }] dryRun: true'),
    )) as {
      warnings: string[];
    };
    expect(warnings[0]).toMatch(/^In use by Deployment 'vote': mounted files follow/);
    const { warnings: none } = (await answerOf(world, update('settings', 'set: [{ key: "idle", text: "y" }]'))) as {
      warnings: string[];
    };
    expect(none).toEqual(['careful']);
  });

  it('writes only over the version that was read, where one is named', async () => {
    const world = createWorld({ objects });
    await answerOf(world, update('settings', 'resourceVersion: "7" set: [{ key: "mode", text: "slow" }]'));
    expect(world.writes).toMatchObject([{ uid: 'uid-ConfigMap-settings', resourceVersion: '7' }]);
  });

  it('changes and takes away the description', async () => {
    const world = createWorld({ objects });
    await answerOf(world, update('settings', 'description: "New"'));
    await answerOf(world, update('settings', 'description: ""'));
    const annotations = (value: string | null) => ({
      metadata: { annotations: { 'longshore.dev/description': value } },
    });
    expect(world.writes).toMatchObject([{ patch: annotations('New') }, { patch: annotations(null) }]);
  });

  it('refuses to change what is immutable, but describes it (CMP-91)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, update('frozen', 'set: [{ key: "b", text: "1" }]'))).toMatchObject({
      reason: 'IMMUTABLE',
    });
    expect(await answerOf(world, update('frozen', 'remove: ["a"]'))).toMatchObject({ reason: 'IMMUTABLE' });
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, update('frozen', 'description: "Old"'))).toMatchObject({
      __typename: 'UpdateConfigMapSuccess',
    });
  });

  it.each([
    ['nothing at all', '', ' required'],
    ['a key that is not there', 'remove: ["gone"]', 'remove.0 unknown_key'],
    ['a key both ways', 'set: [{ key: "a", text: "" }] remove: ["a"]', 'remove.0 set_and_removed'],
    ['a bad key', 'set: [{ key: "..", text: "" }]', 'set.0.key invalid_text'],
  ])('refuses %s (CMP-91)', async (_name, more, issue) => {
    const world = createWorld({ objects });
    const answer = (await answerOf(world, update('settings', more))) as {
      issues?: { path: unknown[]; code: string }[];
    };
    expect(answer.issues?.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([issue]);
    expect(world.writes).toEqual([]);
  });

  it('keeps a key that is in use, and takes one that is not (CMP-92)', async () => {
    const world = createWorld({ objects, profile: 'tcs' });
    expect(await answerOf(world, update('settings', 'remove: ["mode", "idle"]'))).toMatchObject({
      __typename: 'InUseError',
      message:
        "Key 'mode' of ConfigMap 'settings' is used by Deployment 'vote': by the profile 'tcs' it goes only after that was changed.",
      references: [{ kind: 'Deployment', name: 'vote' }],
    });
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, update('settings', 'remove: ["idle"]'))).toMatchObject({
      __typename: 'UpdateConfigMapSuccess',
    });
  });
});

describe('deleteConfigMap', () => {
  it('deletes exactly what was seen', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, remove('loose'))).toMatchObject({ __typename: 'DeleteConfigMapSuccess' });
    expect(world.writes).toMatchObject([{ verb: 'delete', name: 'loose', uid: 'uid-ConfigMap-loose' }]);
  });

  it.each([
    'esk',
    'tcs',
    'default',
  ])('is refused by the profile %s while something uses it (CMP-92, CON-06)', async (profile) => {
    const world = createWorld({ objects, profile });
    const confirm = profile === 'esk' ? 'confirm: "确认删除"' : '';
    for (const acknowledge of ['', 'acknowledge: [IN_USE]']) {
      expect(await answerOf(world, remove('settings', `${confirm} ${acknowledge}`))).toMatchObject({
        __typename: 'InUseError',
        references: [
          { kind: 'Deployment', name: 'vote' },
          { kind: 'Pod', name: 'bare' },
        ],
      });
    }
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, remove('loose', confirm))).toMatchObject({ __typename: 'DeleteConfigMapSuccess' });
  });

  it.each([
    'aks-public',
    'csk',
  ])('warns by the profile %s, and does it once that is acknowledged (CMP-92, CON-06)', async (profile) => {
    const world = createWorld({ objects, profile });
    expect(await answerOf(world, remove('settings'))).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'IN_USE' }],
    });
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, remove('settings', 'acknowledge: [IN_USE]'))).toMatchObject({
      warnings: ["ConfigMap 'settings' is used by Deployment 'vote', Pod 'bare': what runs there may break."],
    });
    expect(world.writes).toHaveLength(1);
  });

  it('is asked for by the phrase of the profile (CORE-24)', async () => {
    const world = createWorld({ objects, profile: 'esk' });
    expect(await answerOf(world, remove('loose'))).toMatchObject({ __typename: 'ValidationError' });
    expect(world.writes).toEqual([]);
  });

  it('has no way around it by deleteObject (CMP-92)', async () => {
    const world = createWorld({ objects });
    const source = `mutation { deleteObject(input: { id: "${idOf('ConfigMap', 'settings')}" }) { __typename ${errors} } }`;
    expect(await answerOf(world, source, admin)).toMatchObject({ __typename: 'InUseError' });
    expect(world.writes).toEqual([]);
  });
});

describe('a ConfigMap', () => {
  it('tells of each key who uses it, and which may name a variable (CMP-90, CMP-93)', async () => {
    const world = createWorld({ objects, profile: 'tcs' });
    const fields = 'environmentKeys keyUses { key userCount uses { way user { name } } }';
    const source = `{ configMap(cluster: "c1", namespace: "shop", name: "settings") { ${fields} } }`;
    const by = (name: string) => [{ way: 'ENVIRONMENT_VARIABLE', user: { name } }];
    expect(await answerOf(world, source)).toEqual({
      environmentKeys: ['idle', 'level', 'logo', 'mode'],
      keyUses: [
        { key: 'idle', userCount: 0, uses: [] },
        { key: 'level', userCount: 1, uses: by('bare') },
        { key: 'logo', userCount: 0, uses: [] },
        { key: 'mode', userCount: 1, uses: by('vote') },
      ],
    });
  });
});
