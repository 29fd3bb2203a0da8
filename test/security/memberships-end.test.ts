import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namespaceBindings } from '../../plugins/core/tables.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { openEventStream } from '../support/event-stream.ts';
import { until } from '../support/until.ts';
import { sha256 } from './support/principals.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let workspaceId = '';
let projectId = '';

const secretOf = (name: string): string => `test-token-of-${name}-0123456789abcdef`;
const people = ['worker', 'stayer', 'grouped'];
const tokens = people.map((name) => ({
  name,
  sha256: sha256(secretOf(name)),
  roles: ['DEVELOPER'],
  namespaces: [],
  groups: name === 'grouped' ? ['team'] : [],
}));

async function mutate(
  name: string,
  input: object,
  fields = 'warnings',
  at = gateway,
  options: { readonly token?: string } = {},
): Promise<Record<string, never>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await at.query<Record<string, { __typename: string } & Record<string, never>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } } }`,
    { input },
    options,
  );
  const payload = data?.[name];
  if (payload?.__typename !== `${type}Success`) throw new Error(JSON.stringify({ data, errors }));
  return payload;
}

const principal = (name: string) => ({ kind: 'PRINCIPAL', name: `token:${name}` });
const add = (id: string, member: object, role = 'DEVELOPER') =>
  mutate('addMembers', { id, members: [{ ...member, role }] });
const remove = (id: string, member: object) => mutate('removeMembers', { id, members: [member] });
const inTeam = { kind: 'GROUP', name: 'team' };

beforeAll(async () => {
  gateway = stack.use(await startTestGateway({ settings: { tokens } }));
  for (const name of ['inside', 'beside']) {
    await mutate('createNamespace', { cluster: 'embedded', name });
    await mutate('applyManifest', { cluster: 'embedded', manifest: configMap(name, 'first') });
  }
  const made = { displayName: 'Made', region: 'embedded', networkType: 'CLASSIC', zones: ['embedded-a'] };
  const { workspace } = await mutate('createWorkspace', { ...made, identifier: 'home' }, 'workspace { id }');
  workspaceId = (workspace as unknown as { id: string }).id;
  const input = { identifier: 'work', displayName: 'Work', workspaceId };
  const { project } = await mutate('createProject', input, 'project { id }');
  projectId = (project as unknown as { id: string }).id;
  await add(workspaceId, principal('stayer'), 'ADMIN');
}, 60_000);

afterAll(() => stack.disposeAsync());

function configMap(namespace: string, mark: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'noted', namespace },
    data: { mark },
  });
}

const configMaps = `subscription { objectChanges(cluster: "embedded", apiVersion: "v1", kind: "ConfigMap", filter: { name: { equals: "noted" } })
  { type object { namespace json(pointer: "/data/mark") } } }`;
const workspaces = 'subscription { workspaceChanges { type workspace { identifier displayName } } }';

async function open(name: string, document: string, mark: string) {
  return openAs(secretOf(name), document, mark);
}

async function openAs(token: string, document: string, mark: string) {
  const stream = gateway.subscribe(document, {}, { token });
  await stream.next((message) => JSON.stringify(message).includes(mark));
  return stream;
}

/** Something open, over whatever transport. */
interface OpenStream {
  readonly isOver: Promise<unknown>;
  told(): string;
}

/** Fifty at once: objects and tenants, over sockets and over HTTP. */
async function openFifty(token: string): Promise<readonly OpenStream[]> {
  const overSocket = async (document: string): Promise<OpenStream> => {
    const stream = await openAs(token, document, 'SNAPSHOT');
    const isOver = stream.closed.then((end) => expect(end).toMatchObject({ code: 4403 }));
    return { isOver, told: () => JSON.stringify(stream.received) };
  };
  const overHttp = async (document: string): Promise<OpenStream> => {
    const stream = await openEventStream(gateway.url, document, {}, { token });
    const told = () => JSON.stringify(stream.events);
    await until(() => expect(told()).toContain('SNAPSHOT'));
    return { isOver: stream.ended, told };
  };
  const opened: Promise<OpenStream>[] = [];
  for (let round = 0; round < 10; round += 1) {
    opened.push(...[configMaps, workspaces, configMaps, workspaces].map(overSocket), overHttp(configMaps));
  }
  return Promise.all(opened);
}

let made = 0;

/** A token of the worker's own for what the workspace holds. */
async function makeServiceToken(): Promise<{ readonly token: string; readonly id: string }> {
  made += 1;
  const input = {
    name: `ci ${made}`,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    tenants: [{ id: workspaceId, role: 'DEVELOPER' }],
  };
  const asWorker = { token: secretOf('worker') };
  const answer = await mutate('createServiceToken', input, 'token serviceToken { id }', gateway, asWorker);
  const { token, serviceToken } = answer as unknown as { token: string; serviceToken: { id: string } };
  return { token, id: serviceToken.id };
}

async function userId(name: string): Promise<string> {
  const { data } = await gateway.query<{ users: { nodes: { id: string }[] } }, object>(
    'query ($ids: [String!]) { users(filter: { principalIds: $ids }) { nodes { id } } }',
    { ids: [`token:${name}`] },
  );
  return data?.users.nodes[0]?.id ?? '';
}

let touches = 0;

async function touch(namespace: string): Promise<string> {
  touches += 1;
  const mark = `touch-${touches}-end`;
  await mutate('applyManifest', { cluster: 'embedded', manifest: configMap(namespace, mark) });
  return mark;
}

const place = { cluster: 'embedded', namespace: 'inside' };

/** They see what changes, end within 10 s of the end of the right, and have told nothing of what came after it. */
async function expectToEnd(
  streams: readonly OpenStream[],
  end: () => Promise<unknown>,
  witness: { next(test: (message: unknown) => boolean): Promise<unknown> },
): Promise<void> {
  expect(streams.length).toBe(50);
  const seen = await touch('inside');
  await until(() => expect(streams[0]?.told()).toContain(seen));
  const startedAt = performance.now();
  await end();
  await Promise.all(streams.map(({ isOver }) => isOver));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  const hidden = await touch('inside');
  await witness.next((message) => JSON.stringify(message).includes(hidden));
  for (const { told } of streams) expect(told()).not.toContain(hidden);
}

describe('streams of members (P22)', () => {
  it.each([
    {
      title: 'is removed from the workspace',
      who: 'worker',
      before: () => add(workspaceId, principal('worker')),
      end: () => remove(workspaceId, principal('worker')),
      after: async () => {},
    },
    {
      title: 'is of a group that is removed',
      who: 'grouped',
      before: () => add(workspaceId, inTeam),
      end: () => remove(workspaceId, inTeam),
      after: async () => {},
    },
    {
      title: 'gets another role in it',
      who: 'worker',
      before: () => add(workspaceId, principal('worker'), 'ADMIN'),
      end: () => add(workspaceId, principal('worker'), 'DEVELOPER'),
      after: () => remove(workspaceId, principal('worker')),
    },
    {
      title: 'belongs to a project whose namespace goes back to the workspace',
      who: 'worker',
      before: async () => {
        await add(projectId, principal('worker'));
        await mutate('bindNamespaces', { id: projectId, namespaces: [place] });
      },
      end: () => mutate('bindNamespaces', { id: workspaceId, namespaces: [place] }),
      after: () => remove(projectId, principal('worker')),
    },
    {
      title: 'belongs to a workspace that lets the namespace go',
      who: 'worker',
      before: () => add(workspaceId, principal('worker')),
      end: () => mutate('unbindNamespaces', { id: workspaceId, namespaces: [place] }),
      after: () => remove(workspaceId, principal('worker')),
    },
    {
      title: 'is disabled',
      who: 'worker',
      before: () => add(workspaceId, principal('worker')),
      end: async () => mutate('disableUser', { id: await userId('worker'), reason: 'left' }),
      after: async () => {
        await mutate('enableUser', { id: await userId('worker') });
        await remove(workspaceId, principal('worker'));
      },
    },
  ])('close where the caller $title, and tell nothing after it (CORE-07, CORE-09)', async ({
    who,
    before,
    end,
    after,
  }) => {
    await mutate('bindNamespaces', { id: workspaceId, namespaces: [place] });
    await before();
    const witness = gateway.subscribe(configMaps, {});
    await witness.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    const streams = await openFifty(secretOf(who));
    await expectToEnd(streams, end, witness);
    await witness.stop();
    await after();
  });

  it('close where a service token is revoked, and tell nothing after it', async () => {
    await mutate('bindNamespaces', { id: workspaceId, namespaces: [place] });
    await add(workspaceId, principal('worker'));
    const witness = gateway.subscribe(configMaps, {});
    await witness.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    const { token, id } = await makeServiceToken();
    const streams = await openFifty(token);
    await expectToEnd(streams, () => mutate('revokeServiceToken', { id }), witness);
    await witness.stop();
    await remove(workspaceId, principal('worker'));
  });

  it('close with the membership of who made the service token', async () => {
    await mutate('bindNamespaces', { id: workspaceId, namespaces: [place] });
    await add(workspaceId, principal('worker'));
    const witness = gateway.subscribe(configMaps, {});
    await witness.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    const { token } = await makeServiceToken();
    const streams = await openFifty(token);
    await expectToEnd(streams, () => remove(workspaceId, principal('worker')), witness);
    await witness.stop();
  });

  it('close where a project is deleted, whose members then see its workspace no more (CORE-05)', async () => {
    const input = { identifier: 'brief', displayName: 'Brief', workspaceId };
    const { project } = await mutate('createProject', input, 'project { id }');
    const { id } = project as unknown as { id: string };
    await add(id, principal('worker'));
    const stream = await open('worker', workspaces, 'home');
    await mutate('deleteProject', { id, confirm: 'brief' });
    expect(await stream.closed).toMatchObject({ code: 4403 });
    const { data } = await gateway.query('{ workspaces { totalCount } }', {}, { token: secretOf('worker') });
    expect(data).toEqual({ workspaces: { totalCount: 0 } });
  });

  it('stay open where nothing of the caller’s changes, and widen when the caller comes back (CORE-09)', async () => {
    const stayer = await open('stayer', workspaces, 'SNAPSHOT');
    await add(workspaceId, principal('worker'));
    await remove(workspaceId, principal('worker'));
    await mutate('updateWorkspace', { id: workspaceId, version: 1, displayName: 'Still' });
    await stayer.next((message) => JSON.stringify(message).includes('MODIFIED'));
    await stayer.stop();
  });
});

describe('answers that are given again', () => {
  it('are never shared between principals of different memberships (CORE-07)', async () => {
    await mutate('bindNamespaces', { id: workspaceId, namespaces: [place] });
    await add(workspaceId, inTeam);
    const query = '{ configMaps(filter: {name: {equals: "noted"}}) { nodes { namespace } } }';
    const ask = async (name: string) =>
      JSON.stringify((await gateway.query(query, {}, { token: secretOf(name) })).data);
    for (let round = 0; round < 3; round += 1) {
      expect(await ask('grouped')).toContain('inside');
      expect(await ask('stayer')).toContain('inside');
      expect(await ask('worker')).not.toContain('inside');
    }
    await remove(workspaceId, inTeam);
    expect(await ask('grouped')).not.toContain('inside');
    expect(await ask('stayer')).toContain('inside');
  });
});

const server = await startPostgres();

describe.skipIf(!server)('two replicas', () => {
  afterAll(() => server?.stop());

  it('both close the streams of who is removed, or whose token is revoked, at one of them, and go by the profile that is set at one (CORE-02, CORE-07)', async () => {
    const databaseUrl = (await server?.createDatabase()) ?? '';
    const settings = { tokens, embedded: { enabled: false } };
    await using here = await startTestGateway({ databaseUrl, settings });
    await using there = await startTestGateway({ databaseUrl, settings });
    const made = { identifier: 'shared', displayName: 'Shared', region: 'here', networkType: 'VPC', zones: ['a'] };
    const { workspace } = await mutate('createWorkspace', made, 'workspace { id }', here);
    const { id } = workspace as unknown as { id: string };
    const members = [{ ...principal('worker'), role: 'DEVELOPER' }];
    await mutate('addMembers', { id, members }, 'warnings', here);
    const asWorker = { token: secretOf('worker') };
    await expect
      .poll(async () => (await there.query('{ workspaces { totalCount } }', {}, asWorker)).data, { timeout: 10_000 })
      .toEqual({ workspaces: { totalCount: 1 } });
    const stream = there.subscribe(workspaces, {}, asWorker);
    await stream.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    await expectTokenToEnd(id, { here, there });
    await mutate('removeMembers', { id, members: [principal('worker')] }, 'warnings', here);
    expect(await stream.closed).toMatchObject({ code: 4403 });

    // A profile that is changed at one of them is in force at both.
    const profileAt = (at: TestGateway) => at.gateway.services.profiles.at({ cluster: 'far', namespace: 'away' }).name;
    const { database } = here.gateway.foundation;
    await database.db.insert(namespaceBindings).values({
      cluster: 'far',
      namespace: 'away',
      workspaceId: uuidOf(id),
      projectId: null,
      createdAt: new Date(),
    });
    for (const [version, profile] of ['tcs', 'csk'].entries()) {
      await mutate('updateWorkspace', { id, version: version + 1, profile }, 'warnings', here);
      expect(profileAt(here)).toBe(profile);
      await expect.poll(() => profileAt(there), { timeout: 10_000 }).toBe(profile);
    }
  });
});

/** What is revoked, or a session that is ended, at one replica closes streams and is refused at the other. */
async function expectTokenToEnd(tenantId: string, { here, there }: { here: TestGateway; there: TestGateway }) {
  const asWorker = { token: secretOf('worker') };
  const input = {
    name: 'ci',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    tenants: [{ id: tenantId, role: 'DEVELOPER' }],
  };
  for (const how of ['revoke', 'end'] as const) {
    const made = await mutate('createServiceToken', input, 'token serviceToken { id }', here, asWorker);
    const { token, serviceToken } = made as unknown as { token: string; serviceToken: { id: string } };
    const asToken = { token };
    const ask = async (query: string) => (await there.query<Record<string, never>>(query, {}, asToken)).data;
    await expect
      .poll(() => ask('{ workspaces { totalCount } }'), { timeout: 10_000 })
      .toMatchObject({
        workspaces: { totalCount: 1 },
      });
    const stream = there.subscribe(workspaces, {}, asToken);
    await stream.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    if (how === 'revoke') await mutate('revokeServiceToken', { id: serviceToken.id }, 'warnings', here, asWorker);
    else {
      const sessions = await ask('{ sessions { nodes { id isCurrent } } }');
      const { nodes } = (sessions as unknown as { sessions: { nodes: { id: string; isCurrent: boolean }[] } }).sessions;
      await mutate('endSession', { id: nodes.find(({ isCurrent }) => isCurrent)?.id }, 'warnings', here);
    }
    expect(await stream.closed).toMatchObject({ code: 4403 });
    const { errors } = await there.query('{ viewer { id } }', {}, asToken);
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  }
}

const uuidOf = (id: string): string => Buffer.from(id, 'base64url').toString().split('|').at(-1) ?? '';
