import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const token = 'the-token-of-an-administrator-of-the-edge';
const guest = 'the-token-of-somebody-without-namespaces';

let folder: string;
let clusters: ReadonlyMap<string, EmbeddedCluster> = new Map();
let files: readonly KubeconfigFile[] = [];
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-e2e-confirmation-'));
  const cafe = join(folder, 'cafe.yaml');
  await writeFile(cafe, 'name: cafe\ntitle: Cafe\nvalues:\n  core:\n    confirm.phrase: caf\u00e9!\n');
  const names = ['edge', 'plain', 'cafe'];
  clusters = new Map(
    await Promise.all(
      names.map(async (name) => [name, await startEmbeddedCluster({ name, controllers: false })] as const),
    ),
  );
  files = await Promise.all([...clusters.values()].map((cluster) => kubeconfigFile(cluster)));
  const profiles: Record<string, string> = { edge: 'esk', cafe: 'cafe' };
  gateway = await startTestGateway({
    settings: {
      embedded: { enabled: false },
      tokens: [
        staticToken('operator', token, { roles: ['ADMIN'] }),
        staticToken('guest', guest, { roles: ['DEVELOPER'] }),
      ],
      profiles: [cafe],
      clusters: names.map((name, index) => ({ name, kubeconfig: files[index]?.path, profile: profiles[name] })),
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all([...clusters.values()].map((cluster) => cluster.stop()));
  await Promise.all(files.map((file) => file[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

let things = 0;

/** Makes a thing of the cluster, waits until the gateway sees it, and answers its id and whether it is still there. */
async function make(cluster: string, kind: 'ConfigMap' | 'Secret' | 'Pod' | 'Namespace') {
  const { store } = clusters.get(cluster) ?? {};
  if (!store) throw new Error(cluster);
  things += 1;
  const name = `thing-${things}`;
  const namespace = kind === 'Namespace' ? undefined : 'default';
  const resource = store.resource('', `${kind.toLowerCase()}s`);
  store.create(resource, {
    apiVersion: 'v1',
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
    ...(kind === 'Pod' ? { spec: { containers: [{ name: 'main', image: 'acme/main:1' }] } } : {}),
    ...(kind === 'Secret' ? { data: { token: 'c2VjcmV0' } } : {}),
  });
  const id = encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind, namespace, name });
  await until(async () => {
    const { data } = await gateway.query<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id },
      { token },
    );
    expect(data?.node).toEqual({ id });
  });
  const isThere = () => {
    const left = store.get(resource, namespace, name);
    return left !== undefined && left.metadata.deletionTimestamp === undefined;
  };
  return { id, name, isThere };
}

const refusal =
  '__typename ... on ValidationError { issues { path code message } } ... on PreconditionError { reason }';

async function mutate(name: string, input: object): Promise<unknown> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<Record<string, unknown>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${refusal} } }`,
    { input },
    { token },
  );
  expect(errors).toBeUndefined();
  return data?.[name];
}

const success = { __typename: 'DeleteObjectSuccess' };
const mismatch = (text: string, code = 'confirmation_mismatch') => ({
  __typename: 'ValidationError',
  issues: [{ path: ['confirm'], code, message: `confirm must be ${JSON.stringify(text)}` }],
});

describe('a deletion', () => {
  it.each([
    'ConfigMap',
    'Secret',
  ] as const)('of a %s asks for the phrase that profile esk has for it (CORE-24)', async (kind) => {
    const { id, isThere } = await make('edge', kind);
    expect(await mutate('deleteObject', { id, confirm: '确认删除' })).toEqual(success);
    expect(isThere()).toBe(false);
  });

  it.each([
    { name: 'nothing', confirm: null, code: 'confirmation_required' },
    { name: 'an empty text', confirm: '' },
    { name: 'the name of the thing', confirm: 'thing-1' },
    { name: 'the phrase with a space behind it', confirm: '确认删除 ' },
    { name: 'a part of the phrase', confirm: '确认' },
    { name: 'the traditional script of the phrase', confirm: '確認刪除' },
    { name: 'the phrase with something invisible in it', confirm: '确认\u200b删除' },
    { name: 'something very long', confirm: '确认删除'.repeat(1_000) },
  ])('is not done for $name instead of the phrase (refused, CORE-24)', async ({ confirm, code }) => {
    const { id, isThere } = await make('edge', 'ConfigMap');
    expect(await mutate('deleteObject', { id, confirm })).toEqual(mismatch('确认删除', code));
    expect(isThere()).toBe(true);
  });

  it('of what the profile names no phrase for needs a plain yes alone (CORE-25)', async () => {
    const pod = await make('edge', 'Pod');
    expect(await mutate('deleteObject', { id: pod.id })).toEqual(success);
    const configMap = await make('plain', 'ConfigMap');
    expect(await mutate('deleteObject', { id: configMap.id })).toEqual(success);
    expect([pod.isThere(), configMap.isThere()]).toEqual([false, false]);
  });

  it.each([
    { name: 'composed', confirm: 'caf\u00e9!' },
    { name: 'decomposed', confirm: 'cafe\u0301!' },
  ])('takes a phrase that is typed $name for what it is (CORE-24)', async ({ confirm }) => {
    const { id, isThere } = await make('cafe', 'Pod');
    expect(await mutate('deleteObject', { id, confirm })).toEqual(success);
    expect(isThere()).toBe(false);
  });

  it.each([
    'cafe!',
    'CAF\u00c9!',
    'caf\u00e9\uff01',
  ])('does not take %s for the phrase (refused, CORE-24)', async (confirm) => {
    const { id, isThere } = await make('cafe', 'Pod');
    expect(await mutate('deleteObject', { id, confirm })).toEqual(mismatch('caf\u00e9!'));
    expect(isThere()).toBe(true);
  });

  it('asks for the name where a name must be typed and the profile has no phrase for the thing (CORE-24)', async () => {
    const { name, isThere } = await make('edge', 'Namespace');
    expect(await mutate('deleteNamespace', { cluster: 'edge', name, confirm: '确认删除' })).toEqual(mismatch(name));
    expect(isThere()).toBe(true);
    expect(await mutate('deleteNamespace', { cluster: 'edge', name, confirm: name })).toEqual({
      __typename: 'DeleteNamespaceSuccess',
    });
  });

  it('is tried without confirmation in a dry run, and not with a wrong one (CORE-31)', async () => {
    const { id, isThere } = await make('edge', 'ConfigMap');
    expect(await mutate('deleteObject', { id, dryRun: true })).toEqual(success);
    expect(await mutate('deleteObject', { id, dryRun: true, confirm: 'no' })).toEqual(mismatch('确认删除'));
    expect(isThere()).toBe(true);
  });
});

async function confirmation(mutation: string, ids: readonly string[], as = token) {
  const { data, errors } = await gateway.query<{ confirmation: unknown }>(
    `query ($mutation: String!, $ids: [ID!]!) {
      confirmation(mutation: $mutation, ids: $ids) {
        kind expected consequence items { id name kind cluster namespace status createdAt viewerCan node { id } }
      }
    }`,
    { mutation, ids },
    { token: as },
  );
  return errors ? errors.map(({ extensions }) => extensions?.code) : data?.confirmation;
}

describe('the query confirmation', () => {
  it('tells the phrase and what a dialog shows (CORE-24)', async () => {
    const { id, name } = await make('edge', 'Secret');
    expect(await confirmation('deleteObject', [id])).toEqual({
      kind: 'PHRASE',
      expected: '确认删除',
      consequence: 'What is deleted cannot be restored.',
      items: [
        {
          id,
          name,
          kind: 'Secret',
          cluster: 'edge',
          namespace: 'default',
          status: null,
          createdAt: expect.any(String),
          viewerCan: true,
          node: { id },
        },
      ],
    });
  });

  it('tells the name where that must be typed, and nothing where a plain yes is enough (CORE-25)', async () => {
    const namespace = await make('plain', 'Namespace');
    expect(await confirmation('deleteNamespace', [namespace.id])).toMatchObject({
      kind: 'NAME',
      expected: namespace.name,
      consequence: 'Everything in the namespace is deleted with it and cannot be restored.',
    });
    const pod = await make('edge', 'Pod');
    expect(await confirmation('deleteObject', [pod.id])).toMatchObject({
      kind: 'NONE',
      expected: null,
      items: [{ status: 'PENDING' }],
    });
  });

  it('shows nothing of what is not there, not for the caller, or nothing for the mutation (refused, CORE-24)', async () => {
    const { id } = await make('edge', 'Secret');
    const none = { kind: 'NONE', expected: null, items: [null] };
    expect(await confirmation('deleteObject', [id], guest)).toMatchObject(none);
    expect(await confirmation('deleteObject', ['nonsense'])).toMatchObject(none);
    expect(await confirmation('deleteNamespace', [id])).toMatchObject(none);
  });

  it.each([
    { name: 'no mutation', mutation: 'burnEverything', ids: ['x'] },
    { name: 'no thing at all', mutation: 'deleteObject', ids: [] },
    { name: 'more things than a call may concern', mutation: 'deleteObject', ids: Array.from({ length: 101 }, String) },
  ])('refuses $name (refused, CORE-24)', async ({ mutation, ids }) => {
    expect(await confirmation(mutation, ids)).toEqual(['BAD_USER_INPUT']);
  });
});

async function nameCheck(args: string, as = token): Promise<unknown> {
  const { data, errors } = await gateway.query<{ nameCheck: unknown }>(
    `{ nameCheck(${args}) { isUsable isTaken issues { path code } } }`,
    {},
    { token: as },
  );
  return errors ? errors.map(({ extensions }) => extensions?.code) : data?.nameCheck;
}

const place = 'cluster: "plain", namespace: "default"';
const usable = { isUsable: true, isTaken: false, issues: [] };
const taken = { isUsable: false, isTaken: true, issues: [{ path: ['name'], code: 'taken' }] };

describe('the check of a name', () => {
  it.each([
    'ConfigMap',
    'Secret',
  ] as const)('tells whether a %s may be called so, and who has the name already (CORE-36)', async (kind) => {
    const { name } = await make('plain', kind);
    const of = `of: ${kind === 'Secret' ? 'SECRET' : 'CONFIG_MAP'}`;
    expect(await nameCheck(`${of}, ${place}, name: "still-free"`)).toEqual(usable);
    expect(await nameCheck(`${of}, ${place}, name: "${name}"`)).toEqual(taken);
    expect(await nameCheck(`${of}, cluster: "cafe", namespace: "default", name: "${name}"`)).toEqual(usable);
    expect(await nameCheck(`${of}, ${place}, name: "${name}"`, guest)).toEqual(usable);
  });

  it('knows the keys of a ConfigMap or Secret (CORE-36)', async () => {
    const { id } = await make('plain', 'Secret');
    const of = `of: SECRET_KEY, ${place}`;
    expect(await nameCheck(`${of}, parentId: "${id}", name: "token"`)).toEqual(taken);
    expect(await nameCheck(`${of}, parentId: "${id}", name: "other"`)).toEqual(usable);
    expect(await nameCheck(`of: CONFIG_MAP_KEY, ${place}, parentId: "${id}", name: "token"`)).toEqual(usable);
    expect(await nameCheck(`${of}, name: "not a key"`)).toMatchObject({ isUsable: false });
  });

  it('knows namespaces and tenants (CORE-36)', async () => {
    const { name } = await make('plain', 'Namespace');
    expect(await nameCheck(`of: NAMESPACE, cluster: "plain", name: "${name}"`)).toEqual(taken);
    expect(await nameCheck(`of: WORKSPACE, name: "free-one"`)).toEqual(usable);
    expect(await nameCheck(`of: PROJECT, name: "free-one"`)).toEqual(usable);
  });

  it.each([
    { what: 'NAMESPACE', name: 'Upper', code: 'invalid_text' },
    { what: 'NAMESPACE', name: 'a'.repeat(64), code: 'too_long' },
    { what: 'CONFIG_MAP', name: '', code: 'too_short' },
    { what: 'WORKSPACE', name: '开发', code: 'invalid_text' },
  ])('refuses $name for a $what, as the mutation would (refused, CORE-36)', async ({ what, name, code }) => {
    expect(await nameCheck(`of: ${what}, ${place}, name: "${name}"`)).toEqual({
      isUsable: false,
      isTaken: false,
      issues: [{ path: ['name'], code }],
    });
  });

  it('asks for the place where the rule needs one, and finds nothing in one that is not seen (refused, CORE-36)', async () => {
    expect(await nameCheck('of: CONFIG_MAP, name: "x"')).toEqual(['BAD_USER_INPUT']);
    expect(await nameCheck('of: NAMESPACE, cluster: "nowhere", name: "default"')).toEqual(usable);
  });
});

it('an answer carries whether it was done, a code, a message and the object (CORE-35)', async () => {
  const { id } = await make('plain', 'ConfigMap');
  const document = `mutation ($id: ID!) { deleteObject(input: { id: $id }) {
    __typename ... on DeleteObjectSuccess { id object { id } operation { status } } ... on Error { code message }
  } }`;
  const answer = async () => (await gateway.query(document, { id }, { token })).data?.deleteObject;
  expect(await answer()).toEqual({
    __typename: 'DeleteObjectSuccess',
    id,
    object: null,
    operation: { status: 'SUCCEEDED' },
  });
  const message = 'There is no object with this id.';
  expect(await answer()).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND', message });
});
