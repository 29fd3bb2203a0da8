import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSettings } from '../../src/config/describe-settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import * as sdk from '../../src/sdk.ts';
import { startGateway } from '../../src/server/start-gateway.ts';
import { createLogger } from '../../src/server/telemetry/create-logger.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { until } from '../support/until.ts';
import { createCanaryCage } from './support/canary-cage.ts';
import { type CapturingProxy, capturingProxy } from './support/capturing-proxy.ts';
import { answersTo, deepOperations } from './support/deep.ts';
import { sha256 } from './support/principals.ts';
import { type Answer, overHttp, overWebSocket, type Transport } from './support/transports.ts';
import type { Thing } from './support/world.ts';

const cage = createCanaryCage();
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let proxy: CapturingProxy;
let gateway: TestGateway;
let callers: readonly { readonly title: string; readonly token: string; readonly mayOpen: boolean }[];

/** What one of the Secrets carries; its values are opened on purpose, by who may. */
const opened = `opened${randomBytes(9).toString('hex')}`;

const logger = createLogger(
  { logLevel: 'debug', logFormat: 'json' },
  new Writable({
    write(chunk, _encoding, done) {
      cage.collect('the log', String(chunk));
      done();
    },
  }),
);

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', sample: 'shop', speed: 50 }));
  proxy = stack.use(await capturingProxy(cluster));
  cage.adopt('the token of the kubeconfig', cluster.token);
  const file = stack.use(await kubeconfigFile({ ...cluster, kubeconfig: proxy.kubeconfig }));
  const dead = await deadKubeconfig();
  plantSecrets();

  const tokens = ['developer', 'neighbour', 'administrator'].map((name) => ({
    name,
    token: cage.plant(`the token ${name}`),
  }));
  const [developer, neighbour, administrator] = tokens.map(({ token }) => token) as [string, string, string];
  const metricsToken = cage.plant('the token of metrics');
  gateway = stack.use(
    await startTestGateway({
      logger,
      settings: {
        embedded: { enabled: false },
        databaseUrl: `postgres://longshore:${cage.plant('the password of the database')}@127.0.0.1:1/longshore`,
        secretKey: secretKey(),
        metrics: { tokenSha256: sha256(metricsToken) },
        trustedDocuments: { file: await trustedDocuments() },
        egress: { allow: ['127.0.0.1'] },
        clusters: [
          { name: 'far', kubeconfig: file.path },
          { name: 'dead', kubeconfig: dead },
        ],
        tokens: [
          { name: 'developer', sha256: sha256(developer), roles: ['DEVELOPER'], namespaces: ['shop'] },
          { name: 'neighbour', sha256: sha256(neighbour), roles: ['DEVELOPER'], namespaces: ['platform'] },
          { name: 'administrator', sha256: sha256(administrator), roles: ['ADMIN'] },
        ],
        limits: { cost: 10_000_000, tokens: 100_000, aliases: 1_000, inFlightPerPrincipal: 1_000 },
      },
    }),
  );
  for (const { name, token } of tokens) cage.adopt(`the hash of the token ${name}`, sha256(token));
  cage.adopt('the token of the data folder', (await readFile(join(gateway.dataDir, 'token'), 'utf8')).trim());
  callers = [
    { title: 'developer', token: developer, mayOpen: true },
    { title: 'neighbour', token: neighbour, mayOpen: false },
    { title: 'administrator', token: administrator, mayOpen: true },
  ];
  await until(async () => {
    const { data } = await overHttp(gateway.url, administrator).request(
      '{ secrets(filter: { namespaces: ["shop"] }) { totalCount } }',
    );
    expect((data?.secrets as { totalCount: number }).totalCount).toBeGreaterThan(6);
  });
}, 60_000);

afterAll(() => stack.disposeAsync());

function secretKey(): string {
  const key = randomBytes(32);
  cage.adopt('the secret key', key.toString('base64'));
  cage.adopt('the secret key as hex', key.toString('hex'));
  return key.toString('base64');
}

async function readClusters(): Promise<unknown> {
  return [...(await gateway.gateway.foundation.database.db.execute(sql`select * from core_clusters`))];
}

/** Documents that a frontend was built with: one of them carries a Secret, another one lacks what it is to be executed. */
async function trustedDocuments(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-canary-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'documents.json');
  const secret = (name: string, value: string) =>
    JSON.stringify(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: 'shop' },
        stringData: { a: value },
      }),
    );
  const apply = (manifest: string, rest = '') =>
    `mutation { applyManifest(input: { cluster: "far", manifest: ${manifest}${rest} }) { ${applyFields} } }`;
  const documents = {
    sound: apply(secret('trusted', cage.plant('a trusted document'))),
    refused: apply(secret('Not A Name', cage.plant('a trusted document that is refused'))),
    wrong: apply(secret('trusted', cage.plant('a trusted document that is invalid')), ', nobody: 1'),
  };
  await writeFile(path, JSON.stringify(documents));
  return path;
}

/** A cluster that does not answer, with every kind of credential a kubeconfig can carry. */
async function deadKubeconfig(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-canary-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'config');
  const user = {
    token: cage.plant('the token of a dead cluster'),
    username: 'dead',
    password: cage.plant('the password of a dead cluster'),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'dead',
    clusters: [{ name: 'dead', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'dead', user }],
    contexts: [{ name: 'dead', context: { cluster: 'dead', user: 'dead' } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** A password of digits that nobody quoted. */
function longNumber(): string {
  const digits = `9${randomBytes(12).readBigUInt64BE()}7${randomBytes(4).readUInt32BE()}`;
  cage.adopt('a password of digits', digits);
  return digits;
}

/** Secrets of every type, with values in every place that has any. */
function plantSecrets(): void {
  const { store } = cluster;
  const base64 = (value: string | Buffer) => Buffer.from(value as string).toString('base64');
  const create = (name: string, type: string, data: Record<string, string | Buffer>, namespace = 'shop') => {
    const lastApplied = { apiVersion: 'v1', kind: 'Secret', data: { old: cage.plant(`last-applied of ${name}`) } };
    store.create(store.resource('', 'secrets'), {
      apiVersion: 'v1',
      kind: 'Secret',
      type,
      metadata: {
        name,
        namespace,
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(lastApplied) },
      },
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
    });
  };
  const value = (what: string) => cage.plant(`a value of ${what}`);
  create('opened', 'Opaque', { password: opened });
  create('opaque', 'Opaque', {
    password: value('an Opaque Secret'),
    binary: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(value('a binary key'))]),
  });
  create('tls', 'kubernetes.io/tls', { 'tls.crt': value('tls.crt'), 'tls.key': value('tls.key') });
  create('basic', 'kubernetes.io/basic-auth', { username: value('username'), password: value('password') });
  create('ssh', 'kubernetes.io/ssh-auth', { 'ssh-privatekey': value('ssh-privatekey') });
  create('docker', 'kubernetes.io/dockerconfigjson', {
    '.dockerconfigjson': JSON.stringify({ auths: { 'registry.example': { auth: value('a registry password') } } }),
  });
  create('helm', 'helm.sh/release.v1', { release: value('a Helm release') });
  create('bootstrap', 'bootstrap.kubernetes.io/token', { 'token-secret': value('a bootstrap token') }, 'kube-system');
  create('hidden', 'Opaque', { password: value('a Secret elsewhere') }, 'platform');
}

/** Manifests of Secrets, sound and broken in every way that makes a parser or a server say something about them. */
function manifests(): readonly { readonly title: string; readonly manifest: string }[] {
  const value = (what: string) => cage.plant(`a manifest's ${what}`);
  const secret = (title: string, rest: object, name = 'applied') => ({
    title,
    manifest: JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'shop' }, ...rest }),
  });
  const yaml = (title: string, ...lines: string[]) => ({
    title,
    manifest: ['apiVersion: v1', 'kind: Secret', 'metadata: { name: applied, namespace: shop }', ...lines].join('\n'),
  });
  return [
    secret('sound', { stringData: { password: value('stringData'), other: value('other key') } }),
    secret('changed', { stringData: { password: value('changed stringData') } }),
    secret('data', { data: { password: Buffer.from(value('data')).toString('base64') } }),
    secret('no base64', { data: { password: `${value('broken base64')}!!` } }),
    secret('a number', { data: { password: 42, note: value('note beside a number') } }),
    secret('an object', { data: { password: { nested: value('nested object') } } }),
    secret('a list', { stringData: [value('list item')] }),
    secret('a text', { data: value('text for a map') }),
    secret('a key that is none', { stringData: { 'no key!': value('value of a bad key') } }),
    secret('an unknown field', { stringDatta: { password: value('unknown field') } }),
    secret('an immutable type', { type: 'kubernetes.io/tls', stringData: { password: value('wrong type') } }),
    secret('missing keys', { type: 'kubernetes.io/tls', stringData: { a: value('missing tls keys') } }, 'missing-keys'),
    secret(
      'a type of power',
      { type: 'kubernetes.io/service-account-token', stringData: { token: value('account token') } },
      'power',
    ),
    secret('a bad name', { stringData: { a: value('bad name') } }, 'Not_A_Name'),
    secret('no namespace', { metadata: { name: 'nowhere' }, stringData: { a: value('no namespace') } }),
    secret('another version', { apiVersion: 'v7', stringData: { a: value('unknown version') } }),
    secret('another kind', { kind: 'Secrets', stringData: { a: value('unknown kind') } }),
    secret('no kind', { kind: undefined, stringData: { a: value('missing kind') } }),
    secret('elsewhere', {
      metadata: { name: 'applied', namespace: 'platform' },
      stringData: { a: value('elsewhere') },
    }),
    secret('last applied', {
      metadata: {
        name: 'annotated',
        namespace: 'shop',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"a":"${value('last-applied')}"}}`,
        },
      },
    }),
    {
      title: 'a List',
      manifest: JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'beside', namespace: 'shop' }, data: { a: 'b' } },
          {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: { name: 'listed', namespace: 'shop' },
            stringData: { a: value('List') },
          },
          { apiVersion: 'v1', kind: 'Secret', metadata: {}, stringData: { a: value('broken List item') } },
        ],
      }),
    },
    yaml('an open quote', 'stringData:', `  password: "${value('open quote')}`),
    yaml('a bad indent', 'stringData:', `  password: ${value('bad indent')}`, ` other: ${value('worse indent')}`),
    yaml('an alias', 'stringData:', `  password: *${value('unknown alias')}`),
    yaml('an anchor', 'stringData:', `  password: &x ${value('anchor')}`, '  again: *x', '  <<: *x'),
    yaml('a tag', 'stringData:', `  password: !${value('tag')} ${value('tagged')}`),
    yaml('a binary tag', 'stringData:', `  password: !!binary ${value('binary tag')}`),
    yaml('a number tag', 'stringData:', `  password: !!int ${value('int tag')}`),
    yaml('a long number', 'stringData:', `  password: ${longNumber()}`),
    yaml('a key twice', 'stringData:', `  password: ${value('first of two')}`, `  password: ${value('second of two')}`),
    yaml('a tab', 'stringData:', `\tpassword: ${value('tab')}`),
    yaml('a colon', 'stringData:', `  password: ${value('colon')}: ${value('after colon')}`),
    yaml('a bracket', 'stringData:', `  password: [${value('bracket')}`),
    yaml('a brace', `stringData: { password: ${value('brace')}`),
    yaml('a block', 'stringData:', '  password: |', `   ${value('block')}`, ` ${value('outdented')}`),
    yaml('an escape', 'stringData:', `  password: "\\q${value('escape')}"`),
    yaml('a complex key', 'stringData:', `  ? [${value('complex key')}]`, '  : x'),
    yaml('a control character', 'stringData:', `  password: "${value('control')}\u0007"`),
    {
      title: 'no YAML at all',
      manifest: `%${value('directive')}\n--- ${value('scalar document')}\n...\n@${value('reserved')}`,
    },
    {
      title: 'JSON that breaks off',
      manifest: `{"apiVersion":"v1","kind":"Secret","stringData":{"a":"${value('cut JSON')}`,
    },
  ];
}

/** Everything the answer says, with what its ids and cursors say when they are read. */
function collect(exit: string, answer: unknown): void {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g)].map(([token]) =>
    Buffer.from(token, 'base64').toString(),
  );
  cage.collect(exit, [text, ...decoded].join('\n'));
}

const transports: readonly ((url: string, token: string | undefined) => Transport)[] = [overHttp, overWebSocket];

async function ofEveryone(
  ask: (transport: Transport, caller: (typeof callers)[number]) => Promise<void>,
  ways: typeof transports = transports,
): Promise<void> {
  for (const caller of callers) {
    for (const way of ways) {
      await using transport = way(gateway.url, caller.token);
      await ask(transport, caller);
    }
  }
}

const applyFields = `__typename
  ... on Error { message code }
  ... on ValidationError { issues { path message code line column } }
  ... on ConflictError { managers { manager field } }
  ... on ApplyManifestSuccess {
    warnings changes { operation path before after }
    operation { id action failure { code message } target { id name } writes { name object { yaml json } } object { yaml json } }
    documents { name action warnings changes { operation path before after } object { yaml json annotations { key value } } error { message code } }
  }`;

const applyAs = (variables: string) =>
  `mutation ($input: ApplyManifestInput!) { applyManifest(input: ${variables}) { ${applyFields} } }`;

async function apply(
  transport: Transport,
  manifest: string,
  rest: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const input = { cluster: 'far', manifest, dryRun: true, ...rest };
  const text = `{ ${Object.entries(input)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')} }`;
  return transport.request(`mutation { applyManifest(input: ${text}) { ${applyFields} } }`);
}

describe('canaries', { timeout: 60_000 }, () => {
  it('stay in while everything that can be asked is asked', { timeout: 180_000 }, async () => {
    const world = await askable();
    await ofEveryone(async (transport, { title }) => {
      // Others see less of the same, and a socket executes what HTTP does: they need less depth.
      const depth = transport.name === 'HTTP' && title === 'administrator' ? 3 : 1;
      const operations = deepOperations(world, 'Query', { depth, things: world.asked });
      for await (const { title: what, answer } of answersTo(transport, operations)) {
        collect(`${what} as ${title}`, answer);
      }
    });
  });

  it('stay in while manifests of Secrets are applied, sound and broken', async () => {
    const all = manifests();
    await ofEveryone(async (transport, { title }) => {
      for (const { title: what, manifest } of all) {
        const exit = `apply of ${what} as ${title} over ${transport.name}`;
        collect(exit, await apply(transport, manifest));
        collect(
          exit,
          await apply(transport, manifest, {
            dryRun: false,
            idempotencyKey: `key-${title}-${what}`.replaceAll(' ', '-'),
          }),
        );
        collect(exit, await apply(transport, manifest, { dryRun: false, force: true, namespace: 'shop' }));
        // The same key with other input, and the same again.
        collect(exit, await apply(transport, manifest, { dryRun: false, idempotencyKey: `key-${title}-sound` }));
      }
    });
  });

  it('stay in while Secrets are made and changed by forms, sound and broken (CMP-97, CMP-98)', async () => {
    const value = (what: string) => cage.plant(`a form's ${what}`);
    const registry = (password: unknown) => ({ address: 'registry.example', username: 'puller', password });
    const config = (auth: string) => JSON.stringify({ auths: { 'registry.example': { auth } } });
    const contents: readonly unknown[] = [
      { opaque: [{ key: 'password', text: value('text') }] },
      { opaque: [{ key: 'password', base64: Buffer.from(value('base64')).toString('base64') }] },
      { opaque: [{ key: 'password', base64: `${value('broken base64')}!` }] },
      { opaque: [{ key: 'no key!', text: value('value of a bad key') }] },
      { opaque: [{ key: 'password', text: value('text of both'), base64: value('base64 of both') }] },
      { opaque: [{ key: 'password', text: { nested: value('nested text') } }] },
      { registryCredentials: registry(value('password')) },
      { registryCredentials: registry([value('password in a list')]) },
      { registryCredentials: { ...registry(value('password beside a bad address')), address: 'no address' } },
      { dockerConfigJson: config(value('docker config')) },
      { dockerConfigJson: `{"auths": ${value('broken docker config')}` },
      { tls: { certificate: value('certificate'), privateKey: value('private key') } },
      { tls: { privateKey: value('private key without certificate') } },
      { opaque: [{ key: 'a', text: value('one of two') }], dockerConfigJson: value('two of two') },
      { nothing: value('unknown content') },
      value('content as a text'),
    ];
    const answer = `__typename ... on Error { message code } ... on ValidationError { issues { path message code } }`;
    const success =
      'warnings changes { path before after } operation { id changes { path before after } } secret { id json yaml }';
    for (const { title, token } of callers) {
      const send = async (query: string, variables: object): Promise<string> => {
        const response = await fetch(`${gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query, variables }),
        });
        return response.text();
      };
      for (const [index, content] of contents.entries()) {
        for (const dryRun of [true, false]) {
          const place = { cluster: 'far', namespace: 'shop', name: `form-${title}-${index}`, dryRun };
          const made = await send(
            `mutation ($input: CreateSecretInput!) { createSecret(input: $input) { ${answer} ... on CreateSecretSuccess { ${success} } } }`,
            { input: { ...place, content } },
          );
          collect(`a Secret by form as ${title}`, made);
          const id = /"secret":\{"id":"([^"]+)"/.exec(made)?.[1];
          if (id === undefined || dryRun) continue;
          for (const change of [
            { set: [{ key: 'password', text: value('changed text') }] },
            { set: [{ key: 'password', base64: value('changed base64') }] },
            { registryCredentials: registry(value('changed password')) },
            { tls: { certificate: value('changed certificate'), privateKey: value('changed key') } },
          ]) {
            const changed = await send(
              `mutation ($input: UpdateSecretInput!) { updateSecret(input: $input) { ${answer} ... on UpdateSecretSuccess { ${success} } } }`,
              { input: { id, ...change } },
            );
            collect(`a Secret changed by form as ${title}`, changed);
          }
        }
      }
    }
    const names = cluster.store.list(cluster.store.resource('', 'secrets')).map(({ metadata }) => metadata.name);
    expect(names.filter((name) => name.startsWith('form-')).length).toBeGreaterThan(5);
  });

  it('stay in while clusters are registered, sound and broken (CMP-11)', async () => {
    const value = (what: string) => cage.plant(`a registration's ${what}`);
    // The token of the cluster itself is among the canaries: with it the registration is sound.
    const sound = { token: { server: cluster.url, certificateAuthority: cluster.caCertificate, token: cluster.token } };
    const withUser = (user: string) => ({
      kubeconfig: { text: cluster.kubeconfig.replace(/token: .*/, user) },
    });
    const accesses: readonly unknown[] = [
      sound,
      { token: { ...sound.token, token: value('wrong token') } },
      { token: { ...sound.token, token: `${value('token of two lines')}\n` } },
      { token: { ...sound.token, server: `https://user:${value('password in an address')}@127.0.0.1` } },
      { token: { ...sound.token, certificateAuthority: value('authority that is none') } },
      { token: { ...sound.token, token: [value('token in a list')] } },
      withUser(`token: ${value('wrong token of a kubeconfig')}`),
      withUser(`token: "${value('open quote')}`),
      withUser(`client-key-data: ${value('key without a certificate')}`),
      withUser(`exec: { command: ${value('program')} }`),
      withUser(`username: somebody, password: ${value('password')}`),
      { kubeconfig: { text: value('no kubeconfig at all') } },
      { kubeconfig: { text: cluster.kubeconfig, context: value('context') } },
    ];
    const query = `mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) {
      __typename ... on Error { message code } ... on ValidationError { issues { path message code } }
      ... on RegisterClusterSuccess { registration { id name server } cluster { name problem state } changes { path before after } operation { id } } } }`;
    const told: string[] = [];
    for (const { title, token } of callers) {
      for (const [index, access] of accesses.entries()) {
        const response = await fetch(`${gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query, variables: { input: { name: `registered-${title}-${index}`, access } } }),
        });
        const text = await response.text();
        collect(`a registration as ${title}`, text);
        told.push(text);
      }
    }
    const [made] = told.filter((text) => text.includes('RegisterClusterSuccess'));
    expect(told.filter((text) => text.includes('RegisterClusterSuccess'))).toHaveLength(1);
    const { clusterRegistry } = gateway.gateway.rooms;
    for (const [name, { uuid }] of clusterRegistry.all) {
      collect('what is known of a registration', JSON.stringify([name, uuid, clusterRegistry.all.get(name)]));
    }
    collect('the table core_clusters', JSON.stringify(await readClusters()));
    const { registration } = JSON.parse(made ?? '').data.registerCluster;
    const { data } = await overHttp(gateway.url, callers[2]?.token ?? '').request(
      `mutation { unregisterCluster(input: { id: "${registration.id}", confirm: "${registration.name}" }) { __typename } }`,
    );
    expect(data?.unregisterCluster).toEqual({ __typename: 'UnregisterClusterSuccess' });
  });

  it('stay in while the request itself is wrong', async () => {
    const value = (what: string) => cage.plant(`a bad request's ${what}`);
    const inline = (what: string) => `apiVersion: v1\\nkind: Secret\\nstringData: {a: ${value(what)}}`;
    const documents = [
      { query: `mutation { applyManifest("${inline('text for arguments')}") { __typename } }` },
      { query: `mutation { applyManifest(input: {"${inline('text for a name')}": 1}) { __typename } }` },
      { query: `"${inline('text for a document')}"` },
      {
        query: `mutation { applyManifest(input: { cluster: "far", manifest: "${inline('unknown field')}", nope: 1 }) { __typename } }`,
      },
      {
        query: `mutation { applyManifest(input: { cluster: 5, manifest: "${inline('wrong type beside')}" }) { __typename } }`,
      },
      {
        query: `mutation { applyManifest(input: { cluster: "far", manifest: ["${inline('list')}"] }) { __typename } }`,
      },
      { query: `mutation { applyManifest(input: { cluster: "far", manifest: "${inline('syntax')}" ) { __typename }` },
      { query: `mutation { applyManifest(manifest: "${inline('unknown argument')}") { __typename } }` },
      { query: `mutation { applyManifest(input: "${inline('text for input')}") { __typename } }` },
      {
        query: `mutation { applyManifest(input: { cluster: "far", manifest: "${inline('open quote')} }) { __typename } }`,
      },
      {
        query: `{ nodes(ids: ["${value('id')}"]) { id } secret(cluster: "far", namespace: "shop", name: "opaque") { value(key: 7) } }`,
      },
      ...[
        { cluster: 'far', manifest: value('manifest beside an unknown variable'), nope: 1 },
        { cluster: 5, manifest: value('manifest beside a wrong variable') },
        { cluster: 'far', manifest: [value('manifest as a list'), 1] },
        { cluster: 'far', manifest: { text: value('manifest as an object') } },
        { manifest: value('manifest without cluster') },
        value('input as a text'),
        [value('input as a list'), { a: 1 }],
      ].map((input) => ({ query: applyAs('$input'), variables: { input } })),
      { query: applyAs('$input'), variables: { input: null, [value('unknown variable')]: 1 } },
      { query: applyAs('$input'), variables: value('variables as a text') },
      { query: { text: value('query as an object') } },
      { query: '{ viewer { id } }', extensions: { persistedQuery: value('extensions') }, operationName: 'nope' },
    ];
    for (const { title, token } of callers) {
      for (const body of [
        ...documents.map((document) => JSON.stringify(document)),
        `{"query": "${value('broken body')}`,
        `[${value('no JSON')}]`,
      ]) {
        for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
          const response = await fetch(`${gateway.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
            body,
          });
          const headers = JSON.stringify([...response.headers]);
          collect(`a bad request of ${title}`, `${headers}\n${await response.text()}`);
        }
      }
      await using socket = overWebSocket(gateway.url, token);
      for (const { query } of documents) {
        if (typeof query === 'string')
          collect(`a bad request of ${title} over WebSocket`, await socket.request(query).catch(String));
      }
    }
  });

  it('stay in while tokens are refused', async () => {
    const forged = () => cage.plant('a forged token');
    for (const header of [
      `Bearer ${forged()}`,
      `Basic ${forged()}`,
      forged(),
      `Bearer ${forged()} ${forged()}`,
      `bearer\t${forged()}`,
    ]) {
      for (const path of ['/graphql', '/metrics', '/readyz?verbose', `/graphql?token=${forged()}`]) {
        const response = await fetch(`${gateway.url}${path}`, {
          headers: { authorization: header, cookie: `token=${forged()}` },
        });
        collect(`a refused token at ${path}`, `${JSON.stringify([...response.headers])}${await response.text()}`);
      }
      await using socket = overWebSocket(gateway.url, header);
      collect(
        'a refused token at connection_init',
        await socket.request('{ viewer { id } }').catch((error) => inspect(error)),
      );
    }
  });

  it('come out at one guarded field, for who may open it', async () => {
    const open = (name: string, namespace: string, key: string, encoding = 'UTF8') =>
      `{ secret(cluster: "far", namespace: "${namespace}", name: "${name}") { name value(key: "${key}", encoding: ${encoding}) } }`;
    await ofEveryone(async (transport, { title, mayOpen }) => {
      const text = JSON.stringify(await transport.request(open('opened', 'shop', 'password')));
      expect([title, text.includes(opened)]).toEqual([title, mayOpen]);
      collect(`value of a missing key as ${title}`, await transport.request(open('opened', 'shop', 'nope')));
      // Bytes that are no text: the error must not quote them.
      collect(`value of bytes as ${title}`, await transport.request(open('opaque', 'shop', 'binary')));
      if (title === 'administrator') return;
      collect(`value of power as ${title}`, await transport.request(open('helm', 'shop', 'release', 'BASE64')));
      collect(`value elsewhere as ${title}`, await transport.request(open('bootstrap', 'kube-system', 'token-secret')));
      if (title === 'developer')
        collect(`value elsewhere as ${title}`, await transport.request(open('hidden', 'platform', 'password')));
    });
  });

  it('stay in trusted documents, whatever becomes of these', async () => {
    for (const { title, token } of callers) {
      for (const documentId of ['sound', 'refused', 'wrong', cage.plant('an id that is a secret')]) {
        for (const variables of [undefined, { nobody: cage.plant('a variable of a trusted document') }]) {
          const response = await fetch(`${gateway.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify({ documentId, variables }),
          });
          collect(`a trusted document as ${title}`, await response.text());
        }
      }
    }
    expect(cluster.store.get(cluster.store.resource('', 'secrets'), 'shop', 'trusted')).toBeDefined();
  });

  it('that are opened are kept by nobody: each time the cluster is asked, and others get nothing', async () => {
    const document = '{ secret(cluster: "far", namespace: "shop", name: "opened") { name value(key: "password") } }';
    const asked = () =>
      proxy.requests.filter(({ target }) => /^GET \/api\/v1\/namespaces\/shop\/secrets\/opened\b/.test(target)).length;
    for (const { token, mayOpen } of callers) {
      const before = asked();
      // Often enough to be compiled, and to be found among answers that are given again.
      for (let time = 0; time < 6; time += 1) {
        const { data } = await overHttp(gateway.url, token).request(document);
        expect(data).toEqual({ secret: mayOpen ? { name: 'opened', value: opened } : null });
      }
      expect(asked() - before).toBe(mayOpen ? 6 : 0);
    }
  });

  it('stay in while the cluster repeats in its errors what it was sent and what it holds', async () => {
    const held = cage.plant('what the cluster holds');
    const sent = cage.plant("a manifest that the cluster's error repeats");
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'repeated', namespace: 'shop' },
      stringData: { password: sent },
    });
    const words = (body: string) => [
      `failed to create typed patch object (shop/repeated; /v1, Kind=Secret): .data.password: expected string, got &value.valueUnstructured{Value:"${held} ${sent}"}`,
      `Secret "repeated" is invalid: data[password]: Invalid value: "${held}": ${body}`,
      `admission webhook "policy.example" denied the request: ${body} ${held}`,
      `json: cannot unmarshal string ${held} into Go struct field Secret.data`,
    ];
    let interceptions = 0;
    // Somebody between the gateway and the cluster repeats the gateway's own credentials.
    const configMap = manifest.replace('"Secret"', '"ConfigMap"').replace('stringData', 'data').replace(sent, 'x');
    const repeatCredentials = async (status: number): Promise<void> => {
      proxy.intercept = ({ target, headers }) => {
        const isAsked = / \/(apis\/networking|api\/v1\/namespaces\/shop\/configmaps)/.test(target);
        if (!isAsked || target.includes('watch=')) return undefined;
        interceptions += 1;
        return { status, body: `<pre>${JSON.stringify(headers)}</pre>`, headers: { 'content-type': 'text/html' } };
      };
      await ofEveryone(async (transport, { title }) => {
        collect(`a repeating proxy as ${title}`, await apply(transport, configMap));
        collect(`a repeating proxy as ${title}`, await apply(transport, configMap, { dryRun: false }));
        collect(
          `a repeating proxy as ${title}`,
          await transport.request(
            '{ objects(cluster: "far", apiVersion: "networking.k8s.io/v1", kind: "Ingress") { nodes { name } problems { code message } } }',
          ),
        );
      });
    };
    for (const status of [400, 403, 404, 409, 422]) await repeatCredentials(status);
    expect(interceptions).toBeGreaterThan(30);

    // A policy lets the Secret pass, and quotes what it dislikes in a warning.
    proxy.intercept = ({ target }, body) => {
      if (!/PATCH \/api\/v1\/namespaces\/shop\/secrets/.test(target)) return undefined;
      interceptions += 1;
      const object = JSON.parse(body) as { metadata: object; stringData: Record<string, string> };
      const metadata = {
        ...object.metadata,
        uid: 'u',
        resourceVersion: '1',
        creationTimestamp: '2026-01-01T00:00:00Z',
      };
      return {
        status: 200,
        body: JSON.stringify({ ...object, metadata, extra: sent }),
        headers: { warning: `299 - "the policy dislikes ${Object.values(object.stringData).join()}"` },
      };
    };
    await ofEveryone(async (transport, { title }) => {
      const answer = await apply(transport, manifest);
      collect(`a warning cluster as ${title}`, answer);
      if (title !== 'neighbour') expect(JSON.stringify(answer)).toContain('its words are not shown');
    });
    // Those that count as an outage come last: after a few of them nothing is sent for a while.
    for (const status of [400, 403, 404, 405, 409, 410, 413, 415, 422, 429, 200, 500, 503, 401]) {
      for (let index = 0; index < 4; index += 1) {
        proxy.intercept = ({ target, headers }, body) => {
          if (!/ \/api\/v1\/namespaces\/shop\/secrets/.test(target)) return undefined;
          interceptions += 1;
          const message = words(body)[index];
          const details = {
            name: 'repeated',
            kind: 'secrets',
            causes: [{ reason: 'FieldValueInvalid', field: 'data.password', message: `Invalid value: "${held}"` }],
          };
          const asStatus = JSON.stringify({
            kind: 'Status',
            apiVersion: 'v1',
            status: 'Failure',
            reason: 'Invalid',
            message,
            details,
            code: status,
          });
          const asText = `<html>${message} ${JSON.stringify(headers)}</html>`;
          return {
            status,
            body: index % 2 === 0 ? asStatus : asText,
            headers: {
              'content-type': index % 2 === 0 ? 'application/json' : 'text/html',
              'x-echo': held,
              warning: `299 - "the policy dislikes ${held}"`,
            },
          };
        };
        for (const { title, token } of callers) {
          const transport = overHttp(gateway.url, token);
          collect(`a repeating cluster as ${title}`, await apply(transport, manifest));
          collect(`a repeating cluster as ${title}`, await apply(transport, manifest, { dryRun: false }));
          collect(
            `a repeating cluster as ${title}`,
            await transport.request(
              '{ secret(cluster: "far", namespace: "shop", name: "opened") { value(key: "password") } }',
            ),
          );
        }
      }
    }
    expect(interceptions).toBeGreaterThan(150);
    await repeatCredentials(502);
    proxy.intercept = undefined;
  });

  it('stay in while Secrets change under open streams', async () => {
    const world = await askable();
    const opening = callers.map(async ({ title, token }) => {
      const transport = stack.use(overWebSocket(gateway.url, token));
      const seen: string[] = [];
      const operations = deepOperations(world, 'Subscription', { depth: 1, things: world.asked });
      const snapshots = operations.map(
        ({ document }) =>
          new Promise<void>((resolve) => {
            const note = (message: unknown) => {
              const text = JSON.stringify(message);
              seen.push(text);
              collect(`streams of ${title}`, text);
              resolve();
            };
            transport
              .stream(document, 'snapshot', (message) => {
                note(message);
                return false;
              })
              .then(({ messages }) => messages.forEach(note), note);
          }),
      );
      await Promise.all(snapshots.slice(0, 10));
      return { title, seen };
    });
    const streams = await Promise.all(opening);
    const { store } = cluster;
    const secrets = store.resource('', 'secrets');
    for (let round = 0; round < 5; round += 1) {
      const current = store.get(secrets, 'shop', 'opaque');
      if (!current) throw new Error('the Secret is gone');
      store.update(secrets, {
        ...current,
        metadata: {
          ...current.metadata,
          labels: { round: String(round) },
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': cage.plant('last-applied of a change'),
          },
        },
        data: { password: Buffer.from(cage.plant('a changed value')).toString('base64') },
      });
    }
    const administrator = overHttp(gateway.url, callers[2]?.token);
    await apply(
      administrator,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'streamed', namespace: 'shop' },
        stringData: { a: cage.plant('a value applied under streams') },
      }),
      { dryRun: false },
    );
    store.delete(secrets, 'shop', 'tls');
    for (const { title, seen } of streams) {
      if (title === 'neighbour') continue;
      await until(() => expect(seen.join('\n')).toMatch(/"round".*"4"|round: "4"/));
    }
  });

  it('stay in where the gateway tells about itself', async () => {
    const token = gateway.gateway.rooms.signIn.adminToken;
    for (const path of ['/metrics', '/readyz?verbose', '/readyz', '/livez']) {
      const response = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(200);
      collect(path, `${JSON.stringify([...response.headers])}${await response.text()}`);
    }
    const { settings } = {
      settings: loadSettings({
        mode: 'dev',
        argv: ['--config', join(gateway.dataDir, '..', 'longshore.yaml')],
        env: {},
      }),
    };
    collect('the effective settings', JSON.stringify(describeSettings(settings)));
    const report = gateway.gateway.report();
    // The one place where the random token is shown on purpose, to who starts the gateway.
    expect(report.split(token ?? '?')).toHaveLength(2);
    collect('the report of the start', report.replaceAll(token ?? '?', ''));
  });

  it('stay out of the database', async () => {
    const { db } = gateway.gateway.foundation.database;
    const tables = await db.execute<{ schema: string; name: string }>(
      sql`select table_schema as schema, table_name as name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    expect([...tables].length).toBeGreaterThan(3);
    const rows = new Map<string, number>();
    for (const { schema, name } of tables) {
      const found = await db.execute<{ row: string }>(
        sql`select t::text as row from ${sql.identifier(schema)}.${sql.identifier(name)} t`,
      );
      rows.set(name, [...found].length);
      collect(`the table ${name}`, [...found].map(({ row }) => row).join('\n'));
    }
    // Not empty, each of those that the gateway writes by itself.
    expect([...rows.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
    for (const name of ['core_operations', 'journal', 'journal_streams', 'journal_seen']) {
      expect([name, rows.get(name)]).toEqual([name, expect.any(Number)]);
      expect(rows.get(name), name).toBeGreaterThan(0);
    }
  });

  it('stay in where a start fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-canary-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const value = (what: string) => cage.plant(`a wrong setting: ${what}`);
    const files: Record<string, string> = {
      'a bad URL': JSON.stringify({ databaseUrl: `mysql://u:${value('databaseUrl')}@h/db` }),
      'a key that is none': JSON.stringify({ secretKey: value('secretKey') }),
      'a token for its hash': JSON.stringify({
        tokens: [{ name: 'a', sha256: value('tokens.sha256'), roles: ['ADMIN'] }],
      }),
      'a misspelt token': JSON.stringify({ tokens: [{ name: 'a', token: value('tokens.token'), roles: ['ADMIN'] }] }),
      'a misspelt key': JSON.stringify({ databseUrl: `postgres://u:${value('databseUrl')}@h/db` }),
      'a metrics token': JSON.stringify({ metrics: { tokenSha256: value('metrics.tokenSha256') } }),
      'a list for a secret': JSON.stringify({ secretKey: [value('secretKey as a list')] }),
      'an object for a secret': JSON.stringify({ databaseUrl: { password: value('databaseUrl as an object') } }),
      'broken YAML': `secretKey: "${value('open quote')}\ntokens: [`,
      'a tab': `databaseUrl:\tpostgres://u:${value('tab')}@h/db\n\tx: [`,
      'a key twice': `secretKey: ${value('first key')}\nsecretKey: ${value('second key')}\n`,
      'no map': `- ${value('a list for settings')}`,
    };
    for (const [title, text] of Object.entries(files)) {
      const path = join(folder, `${title.replaceAll(' ', '-')}.yaml`);
      await writeFile(path, text);
      let failure: unknown;
      try {
        loadSettings({ mode: 'serve', argv: ['--config', path], env: {} });
      } catch (error) {
        failure = error;
      }
      expect(failure, title).toBeInstanceOf(Error);
      // Two tokens may be told apart in words; what was given may not be repeated.
      collect(`settings with ${title}`, `${String(failure)}\n${inspect(failure, { depth: 6 })}`);
    }
    const environment = {
      DATABASE_URL: `mysql://u:${value('DATABASE_URL')}@h/db`,
      LONGSHORE_SECRET_KEY: value('LONGSHORE_SECRET_KEY'),
      LONGSHORE_METRICS_TOKEN_SHA256: value('LONGSHORE_METRICS_TOKEN_SHA256'),
      LONGSHORE_DATABASE_PASSWORD: value('an unknown variable'),
    };
    try {
      loadSettings({
        mode: 'serve',
        argv: [`--secret-key=${value('a flag')}`, '--database-url', value('a flag apart')],
        env: environment,
      });
    } catch (error) {
      collect('settings of the environment', inspect(error, { depth: 6 }));
    }
  });

  it('stay in where the database or a kubeconfig cannot be used', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-canary-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const settings = (rest: object) => async () => {
      const path = join(folder, `settings-${randomBytes(4).toString('hex')}.yaml`);
      await writeFile(path, JSON.stringify({ embedded: { enabled: false }, ...rest }));
      return loadSettings({ mode: 'dev', argv: ['--port', '0', '--data-dir', folder, '--config', path], env: {} });
    };
    const kubeconfig = async (text: string) => {
      const path = join(folder, `kubeconfig-${randomBytes(4).toString('hex')}`);
      await writeFile(path, text);
      return path;
    };
    const password = cage.plant('the password of a database that is away');
    const broken = [
      await kubeconfig(`users: [{ name: x, user: { token: "${cage.plant('a kubeconfig with an open quote')} } }]`),
      await kubeconfig(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          users: [{ name: 'x', user: { token: cage.plant('a kubeconfig without contexts') } }],
        }),
      ),
      await kubeconfig(cage.plant('a kubeconfig that is none')),
      await kubeconfig(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          'current-context': 'x',
          clusters: [
            {
              name: 'x',
              cluster: { server: `https://user:${cage.plant('the password in a server URL')}@127.0.0.1:1` },
            },
          ],
          users: [
            {
              name: 'x',
              user: {
                'client-key-data': Buffer.from(cage.plant('a client key')).toString('base64'),
                'client-certificate-data': 'bm9uZQ==',
              },
            },
          ],
          contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
        }),
      ),
    ];
    const starts = [
      {
        load: settings({ databaseUrl: `postgres://longshore:${password}@127.0.0.1:1/longshore` }),
        databaseUrl: undefined,
      },
      ...broken.map((path) => ({
        load: settings({ clusters: [{ name: 'x', kubeconfig: path }] }),
        databaseUrl: 'memory:',
      })),
      ...broken.slice(0, 1).map((path) => ({ load: settings({ kubeconfig: path }), databaseUrl: 'memory:' })),
    ];
    for (const { load, databaseUrl } of starts) {
      try {
        const started = await startGateway({
          settings: await load(),
          logger,
          hostModules: { 'longshore/sdk': sdk },
          ...(databaseUrl === undefined ? {} : { databaseUrl }),
        });
        const admin = started.rooms.signIn.adminToken;
        collect('a start with a broken kubeconfig', started.report().replaceAll(admin ?? '?', ''));
        const transport = overHttp(started.url, admin);
        collect(
          'a broken kubeconfig',
          await transport.request('{ clusters { nodes { name state problem version } } }'),
        );
        collect(
          'a broken kubeconfig',
          await transport.request('{ pods { nodes { name } problems { cluster code message } } }'),
        );
        const ready = await fetch(`${started.url}/readyz?verbose`, { headers: { authorization: `Bearer ${admin}` } });
        collect('a broken kubeconfig', await ready.text());
        await started.stop();
      } catch (error) {
        collect('a start that fails', `${String(error)}\n${inspect(error, { depth: 8 })}`);
      }
    }
  });

  it('stay in where the gateway itself has made them: service tokens and those of impersonation', async () => {
    const admin = gateway.gateway.rooms.signIn.adminToken ?? '';
    const made = async (name: string, input: object): Promise<string> => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const { data } = await gateway.query<Record<string, { token?: string }>, object>(
        `mutation ($input: ${type}Input!) { ${name}(input: $input) { ... on ${type}Success { token } } }` as never,
        { input },
        { token: admin },
      );
      const token = data?.[name]?.token ?? '';
      expect(token).toMatch(/^lsi?_/);
      cage.adopt(`the token of ${name}`, token);
      cage.adopt(`what is random in the token of ${name}`, token.replace(/^lsi?_/, ''));
      return token;
    };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const tokens = [await made('createServiceToken', { name: 'canary', roles: ['DEVELOPER'], expiresAt })];
    const { data } = await gateway.query<{ users: { nodes: { id: string; roles: string[] }[] } }, object>(
      '{ users { nodes { id roles } } }' as never,
      {},
      { token: admin },
    );
    const id = data?.users.nodes.find(({ roles }) => !roles.includes('ADMIN'))?.id;
    tokens.push(await made('startImpersonation', { id, reason: 'canaries are sought' }));
    const asked = `{ viewer { id method serviceToken { name } } sessions { nodes { id principal { id name } userAgent } }
      serviceTokens { nodes { id name principalId } } operationRecords { nodes { action target { name id } requestId } } }`;
    for (const token of tokens) {
      for (const bearer of [token, `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`, `${token} ${token}`]) {
        collect('what a token of the gateway’s own is answered', await gateway.query(asked, {}, { token: bearer }));
      }
    }
    for (const [exit, who] of [
      ['an administrator', admin],
      ['the token itself', tokens[0] ?? ''],
    ] as const) {
      collect(`lists for ${exit}`, await gateway.query(asked, {}, { token: who }));
    }
    const { db } = gateway.gateway.foundation.database;
    for (const table of ['core_service_tokens', 'core_sessions', 'core_impersonations', 'core_operations', 'journal']) {
      // A digest is no token, but digests of the settings' tokens are sought here too.
      collect(`the table ${table}`, await db.execute(`select to_jsonb(t) - 'digest' as row from ${table} t` as never));
    }
  });

  it('are nowhere in all that came out', () => {
    expect(cage.planted).toBeGreaterThanOrEqual(60);
    expect(cage.collectedBytes).toBeGreaterThan(1_000_000);
    process.stdout.write(`canaries: ${cage.planted} planted, ${Math.round(cage.collectedBytes / 1024)} KiB searched\n`);
    expect(cage.escaped()).toEqual([]);
  });

  it('would be noticed in any disguise', () => {
    for (const disguise of [
      (text: string) => text,
      (text: string) => `x${Buffer.from(`x${text}y`).toString('base64')}`,
      (text: string) => Buffer.from(`{"a":"${text}"}`).toString('base64url'),
      (text: string) => Buffer.from(text).toString('hex').toUpperCase(),
      (text: string) => text.toUpperCase(),
    ]) {
      const trap = createCanaryCage();
      trap.collect('somewhere', disguise(trap.plant('a secret')));
      expect(trap.escaped()).toHaveLength(1);
    }
  });
});

/** The schema of the running gateway, and the things of its cluster that can be asked about one by one. */
async function askable() {
  const answer = await overHttp(gateway.url, callers[2]?.token).request(getIntrospectionQuery());
  const schema = buildClientSchema(answer.data as unknown as IntrospectionQuery);
  const { registry } = gateway.gateway.services;
  const secret = registry.kinds.get('core/Secret')?.kind;
  const asked = ['opaque', 'tls', 'docker', 'helm', 'opened'].map(
    (name): Thing => ({
      position: 'own',
      subject: 'core/Secret',
      kind: secret,
      cluster: 'far',
      namespace: 'shop',
      name,
      id: encodeGlobalId({ of: 'kubernetes', cluster: 'far', group: '', kind: 'Secret', namespace: 'shop', name }),
      exists: true,
      mark: undefined,
    }),
  );
  return { schema, registry, rootFields: [...registry.rootFields.values()], asked };
}
