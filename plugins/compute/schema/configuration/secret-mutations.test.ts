import { secretKind } from 'longshore/plugins/core';
import { encodeGlobalId } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createCertificates } from '../../../../src/embedded/certificates/create-certificates.ts';
import { createWorld, member, stranger } from '../../testing/create-world.ts';
import { makeDeployment, makeObject } from '../../testing/make-objects.ts';

const secret = (name: string, type: string, keys: readonly string[], more: object = {}) =>
  makeObject(secretKind, {
    metadata: { name },
    type,
    data: Object.fromEntries(keys.map((key) => [key, { bytes: 5 }])),
    ...more,
  });
const docker = 'kubernetes.io/dockerconfigjson';
const objects = [
  secret('db', 'Opaque', ['user', 'password', 'idle']),
  secret('hub', docker, ['.dockerconfigjson']),
  secret('site', 'kubernetes.io/tls', ['tls.crt', 'tls.key', 'ca.crt']),
  secret('loose', 'Opaque', ['a']),
  secret('frozen', 'Opaque', ['a'], { immutable: true }),
  secret('account', 'kubernetes.io/service-account-token', ['token']),
  makeDeployment({
    metadata: { name: 'vote' },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:1',
              env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
            },
          ],
          imagePullSecrets: [{ name: 'hub' }],
        },
      },
    },
  }),
];

const { serverCertificate, serverKey } = createCertificates(Date.UTC(2026, 0, 1));
const quoted = (text: string) => JSON.stringify(text);
const tls = `{ certificate: ${quoted(serverCertificate)}, privateKey: ${quoted(serverKey)} }`;
const credentials = '{ address: "registry.example", username: "puller", password: "canary-password" }';
const opaque = (more = '') => `{ opaque: [{ key: "password", text: "canary-value" } ${more}] }`;

const idOf = (name: string) =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'c1', group: '', kind: 'Secret', namespace: 'shop', name });
const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } }
  ... on PreconditionError { reason unacknowledged { code } }`;
const fields =
  'warnings changes { operation path before after } secret { type rawType registry keys { name bytes } json yaml }';
const create = (name: string, content: string, more = '') => `mutation { createSecret(input: {
  cluster: "c1", namespace: "shop", name: "${name}", content: ${content} ${more} }) { __typename ... on CreateSecretSuccess { ${fields} } ${errors} } }`;
const update = (name: string, more: string) => `mutation { updateSecret(input: { id: "${idOf(name)}" ${more} }) {
  __typename ... on UpdateSecretSuccess { ${fields} } ${errors} } }`;
const remove = (name: string, more = '') => `mutation { deleteSecret(input: { id: "${idOf(name)}" ${more} }) {
  __typename ... on DeleteSecretSuccess { id warnings } ${errors} } }`;

type Answer = Readonly<Record<string, unknown>> & {
  readonly issues?: readonly { readonly path: unknown[]; readonly code: string }[];
};

async function answerOf(world: ReturnType<typeof createWorld>, source: string, as = member): Promise<Answer> {
  const { data, errors: failures } = await world.run(source, as);
  expect(failures).toBeUndefined();
  const text = JSON.stringify(Object.values(data ?? {})[0]);
  // Whatever came of it: nothing that was given as a value comes back (P23).
  for (const value of ['canary', serverKey.split('\n')[1] ?? '']) expect(text).not.toContain(value);
  return JSON.parse(text) as Answer;
}

const codesOf = ({ issues }: Answer) => issues?.map(({ path, code }) => `${path.join('.')} ${code}`);

describe('createSecret', () => {
  it.each([
    ['OPAQUE', opaque(), 'Opaque', ['password']],
    ['REGISTRY_CREDENTIALS', `{ registryCredentials: ${credentials} }`, docker, ['.dockerconfigjson']],
    [
      'DOCKER_CONFIG_JSON',
      `{ dockerConfigJson: ${quoted('{"auths":{"a":{"auth":"canary"}}}')} }`,
      docker,
      ['.dockerconfigjson'],
    ],
    ['TLS', `{ tls: ${tls} }`, 'kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ])('makes one of type %s, and answers no value (CMP-96, CMP-97)', async (type, content, rawType, keys) => {
    const world = createWorld({ objects });
    const answer = await answerOf(world, create('new', content, 'description: "d"'));
    expect(answer.secret).toMatchObject({
      type,
      rawType,
      registry: type === 'REGISTRY_CREDENTIALS' ? 'registry.example' : null,
    });
    expect(world.writes).toMatchObject([{ verb: 'create', kind: 'Secret', object: { type: rawType } }]);
    const [{ object }] = world.writes as [{ object: { data: object; metadata: { annotations: object } } }];
    expect(Object.keys(object.data)).toEqual(keys);
    expect(object.metadata.annotations).toMatchObject({ 'longshore.dev/description': 'd' });
  });

  it.each([
    ['aks-public', 'TLS', `{ tls: ${tls} }`, 'content.tls type_not_offered'],
    [
      'aks-public',
      'DOCKER_CONFIG_JSON',
      `{ dockerConfigJson: ${quoted('{"auths":{"a":{"auth":"x"}}}')} }`,
      'content.dockerConfigJson type_not_offered',
    ],
    [
      'esk',
      'DOCKER_CONFIG_JSON',
      `{ dockerConfigJson: ${quoted('{"auths":{"a":{"auth":"x"}}}')} }`,
      'content.dockerConfigJson type_not_offered',
    ],
    ['aks-private', 'OPAQUE', '{ opaque: [{ key: "a", text: "canary" }] }', 'content.opaque.0.text base64_required'],
  ])('refuses by the profile %s one of type %s (CMP-97, CON-04)', async (profile, _type, content, code) => {
    const world = createWorld({ objects, profile });
    expect(codesOf(await answerOf(world, create('new', content)))).toEqual([code]);
    expect(world.writes).toEqual([]);
  });

  it.each([
    ['a name that no cluster takes', create('No_Name', opaque()), 'name invalid_text'],
    ['a bad key', create('new', opaque('{ key: "a/b", text: "canary" }')), 'content.opaque.1.key invalid_text'],
    [
      'more than 1 MiB',
      create('new', `{ opaque: [{ key: "a", text: "${'x'.repeat(1_048_577)}" }] }`),
      'content.opaque too_big',
    ],
    [
      'a key of another certificate',
      create(
        'new',
        `{ tls: { certificate: ${quoted(serverCertificate)}, privateKey: ${quoted(createCertificates(0).serverKey)} } }`,
      ),
      'content.tls.privateKey key_mismatch',
    ],
  ])('refuses %s (CMP-96, CMP-97)', async (_name, source, code) => {
    const world = createWorld({ objects });
    expect(codesOf(await answerOf(world, source))).toEqual([code]);
    expect(world.writes).toEqual([]);
  });

  it('is nothing for who may not work in the namespace (refused)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, create('new', opaque()), stranger)).toMatchObject({ __typename: 'NotFoundError' });
    expect(world.writes).toEqual([]);
  });
});

describe('updateSecret', () => {
  it('changes key by key without any value being read, and shows lengths (CMP-98)', async () => {
    const world = createWorld({ objects });
    const answer = await answerOf(
      world,
      update(
        'db',
        'set: [{ key: "password", text: "canary" }, { key: "new", base64: "Y2FuYXJ5" }] remove: ["idle"] dryRun: true',
      ),
    );
    expect(answer.warnings).toEqual([expect.stringMatching(/^In use by Deployment 'vote'/), 'careful']);
    expect(world.writes).toMatchObject([
      { isDryRun: true, patch: { data: { idle: null, password: 'Y2FuYXJ5', new: 'Y2FuYXJ5' } } },
    ]);
    const changes = answer.changes as { path: string; operation: string }[];
    expect(changes.map(({ operation, path }) => `${operation} ${path}`)).toEqual(
      expect.arrayContaining(['REMOVE /data/idle/bytes', 'ADD /data/password/isReplaced']),
    );
  });

  it.each([
    ['credentials', 'hub', `registryCredentials: ${credentials}`],
    ['a config.json', 'hub', `dockerConfigJson: ${quoted('{"auths":{"a":{"auth":"canary"}}}')}`],
    ['a certificate', 'site', `tls: ${tls}`],
    ['a key beside the certificate', 'site', 'set: [{ key: "ca.crt", text: "x" }]'],
  ])('replaces %s of a Secret of that type (CMP-98)', async (_name, name, more) => {
    const world = createWorld({ objects });
    expect(await answerOf(world, update(name, more))).toMatchObject({ __typename: 'UpdateSecretSuccess' });
    expect(world.writes).toHaveLength(1);
  });

  it.each([
    ['a certificate for what has none', 'db', `tls: ${tls}`, 'tls wrong_type'],
    ['credentials for a certificate', 'site', `registryCredentials: ${credentials}`, 'registryCredentials wrong_type'],
    ['a certificate past its check', 'site', 'set: [{ key: "tls.key", text: "canary" }]', 'set.0.key reserved_key'],
    ['the only key of a type', 'hub', 'remove: [".dockerconfigjson"]', 'remove.0 reserved_key'],
    ['a key that is not there', 'db', 'remove: ["gone"]', 'remove.0 unknown_key'],
    ['nothing', 'db', '', ' required'],
    [
      'bad credentials',
      'hub',
      'registryCredentials: { address: "a", username: "b", password: "" }',
      'registryCredentials.password invalid_password',
    ],
  ])('refuses %s (CMP-98)', async (_name, name, more, code) => {
    const world = createWorld({ objects });
    expect(codesOf(await answerOf(world, update(name, more)))).toEqual([code]);
    expect(world.writes).toEqual([]);
  });

  it.each([
    ['csk', 'loose', 'SECRET_NOT_EDITABLE'],
    ['aks-public', 'hub', 'SECRET_NOT_EDITABLE'],
    ['default', 'frozen', 'IMMUTABLE'],
  ])('refuses by the profile %s to change %s (CMP-98, CON-05)', async (profile, name, reason) => {
    const world = createWorld({ objects, profile });
    const more = name === 'hub' ? `registryCredentials: ${credentials}` : 'set: [{ key: "a", text: "canary" }]';
    expect(await answerOf(world, update(name, more))).toMatchObject({ __typename: 'PreconditionError', reason });
    expect(world.writes).toEqual([]);
  });

  it('changes an Opaque one where only those are changed (CMP-98, CON-05)', async () => {
    const world = createWorld({ objects, profile: 'aks-public' });
    expect(await answerOf(world, update('loose', 'set: [{ key: "a", base64: "eA==" }]'))).toMatchObject({
      __typename: 'UpdateSecretSuccess',
    });
  });

  it('takes values as base64 alone where the profile wants that (CMP-97, refused)', async () => {
    const world = createWorld({ objects, profile: 'aks-public' });
    expect(codesOf(await answerOf(world, update('loose', 'set: [{ key: "a", text: "x" }]')))).toEqual([
      'set.0.text base64_required',
    ]);
    expect(world.writes).toEqual([]);
  });

  it('keeps a key that is in use (CMP-99, CON-06)', async () => {
    const world = createWorld({ objects, profile: 'tcs' });
    expect(await answerOf(world, update('db', 'remove: ["password"]'))).toMatchObject({
      __typename: 'InUseError',
      references: [{ kind: 'Deployment', name: 'vote' }],
    });
    expect(await answerOf(world, update('db', 'remove: ["idle"]'))).toMatchObject({
      __typename: 'UpdateSecretSuccess',
    });
  });

  it('does not touch what is a key to the cluster itself (refused)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, update('account', 'set: [{ key: "token", text: "canary" }]'))).toMatchObject({
      __typename: 'ForbiddenError',
    });
    expect(world.writes).toEqual([]);
  });
});

describe('deleteSecret', () => {
  it.each([
    'db',
    'hub',
  ])('is refused while %s is used, as a value or for pulling images (CMP-99, CMP-100, CON-06)', async (name) => {
    const world = createWorld({ objects, profile: 'esk' });
    const confirm = 'confirm: "确认删除"';
    expect(await answerOf(world, remove(name, confirm))).toMatchObject({
      __typename: 'InUseError',
      references: [{ kind: 'Deployment', name: 'vote' }],
    });
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, remove('loose', confirm))).toMatchObject({ __typename: 'DeleteSecretSuccess' });
  });

  it('warns elsewhere, and does it once that is acknowledged (CMP-99)', async () => {
    const world = createWorld({ objects, profile: 'aks-public' });
    expect(await answerOf(world, remove('db'))).toMatchObject({ unacknowledged: [{ code: 'IN_USE' }] });
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, remove('db', 'acknowledge: [IN_USE]'))).toMatchObject({
      __typename: 'DeleteSecretSuccess',
    });
  });
});
