import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OidcServer, type SigningKey, startOidcServer } from '../../src/access/testing/start-oidc-server.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const administrator = 'token-of-an-administrator-0123456789';
const stack = new AsyncDisposableStack();
let oidc: OidcServer;
let key: SigningKey;
let gateway: TestGateway;
let workspaceId: string;

beforeAll(async () => {
  oidc = stack.use(await startOidcServer());
  key = await oidc.makeKey('first', 'RS256');
  oidc.shown = [key.jwk];
  const cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  const { store } = cluster;
  for (const name of ['shop', 'bank']) {
    store.create(store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    store.create(store.resource('', 'secrets'), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'opaque', namespace: name },
      data: { key: Buffer.from('open sesame').toString('base64') },
    } as never);
  }
  const file = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      settings: {
        embedded: { enabled: false },
        egress: { allow: ['127.0.0.1'] },
        trustedProxies: ['127.0.0.1'],
        clusters: [
          { name: 'far', kubeconfig: file.path },
          { name: 'seeing', kubeconfig: file.path, identity: 'impersonate' },
        ],
        tokens: [staticToken('boss', administrator, { roles: ['ADMIN'] })],
        oidc: [
          {
            issuer: oidc.issuer,
            audience: 'longshore',
            usernameClaim: 'name',
            rolesFromGroups: { shop: 'DEVELOPER', bosses: 'ADMIN' },
            namespacesFromGroups: { shop: ['shop'] },
          },
        ],
      },
    }),
  );
  await until(async () => {
    const { data } = await ask<{ namespaces: { totalCount: number } }>('{ namespaces { totalCount } }', administrator);
    expect(data?.namespaces.totalCount).toBeGreaterThanOrEqual(4);
  });
  const { workspace } = await change<{ workspace: { id: string } }>(
    'createWorkspace',
    { identifier: 'ws', displayName: 'Workspace', region: 'here', networkType: 'VPC', zones: ['z'] },
    'workspace { id }',
  );
  workspaceId = workspace.id;
  await change('bindNamespaces', { id: workspaceId, namespaces: [{ cluster: 'far', namespace: 'bank' }] }, 'warnings');
}, 60_000);
afterAll(() => stack.disposeAsync());

let people = 0;
/** Somebody whom nobody has seen before, with a token of the identity provider. */
async function somebody(groups: unknown = 'shop') {
  people += 1;
  const name = `person-${people}`;
  const token = await tokenOf(name, groups);
  const { data } = await ask<{ viewer: { id: string } }>('{ viewer { id } }', token);
  if (!data) throw new Error('nobody');
  return { name, token, id: data.viewer.id };
}

let issued = 0;
function tokenOf(name: string, groups: unknown, claims: object = {}): Promise<string> {
  issued += 1;
  // Each newer than the one before: what counts is what the newest says.
  const now = Math.floor(Date.now() / 1_000) - 1_000 + issued;
  return oidc.sign(key, { sub: name, name, aud: 'longshore', iat: now, exp: now + 5_000, groups, ...claims });
}

function ask<T>(document: string, token: string, variables: object = {}, headers: Record<string, string> = {}) {
  return gateway.query<T, object>(document as never, variables, { token, headers });
}

/** A mutation's answer, whatever it is. */
async function attempt(name: string, input: object, fields: string, token: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await ask<Record<string, Record<string, unknown>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message } ... on ValidationError { issues { path code } } ... on PreconditionError { reason } } }`,
    token,
    { input },
  );
  return data?.[name] ?? { __typename: String(errors?.[0]?.extensions?.code) };
}

/** The same, which must succeed. */
async function change<T>(name: string, input: object, fields: string, token = administrator): Promise<T> {
  const answer = await attempt(name, input, fields, token);
  if (!String(answer.__typename).endsWith('Success')) throw new Error(JSON.stringify(answer));
  return answer as T;
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const shop = { roles: ['DEVELOPER'], namespaces: [{ cluster: '*', namespace: 'shop' }] };

interface Made {
  readonly token: string;
  readonly serviceToken: { readonly id: string; readonly principalId: string };
}

let tokens = 0;
async function makeToken(token: string, scope: object = shop): Promise<Made> {
  tokens += 1;
  const input = { name: `ci ${tokens}`, description: 'deploys', expiresAt: inDays(30), ...scope };
  return change<Made>('createServiceToken', input, 'token serviceToken { id principalId }', token);
}

async function viewerOf(token: string) {
  const { data, errors } = await ask<{ viewer: Record<string, unknown> }>(
    '{ viewer { id name roles namespaces { namespace } } }',
    token,
  );
  return data?.viewer ?? errors?.[0]?.extensions?.code;
}

async function openStream(token: string) {
  const socket = rawWebSocket(gateway.url);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await until(() => expect(socket.received.at(0)?.type).toBe('connection_ack'));
  socket.send({ id: 's', type: 'subscribe', payload: { query: 'subscription { kubernetesEvents { type } }' } });
  await until(() => expect(socket.received.length).toBeGreaterThan(1));
  return socket;
}

describe('a service token', () => {
  it('is shown once, signs in as itself for its owner, and stands nowhere (CORE-09)', async () => {
    const ann = await somebody();
    const { token, serviceToken } = await makeToken(ann.token);
    expect(token).toMatch(/^ls_[0-9A-Za-z]{49}$/);
    expect(await viewerOf(token)).toMatchObject({
      id: serviceToken.principalId,
      roles: ['DEVELOPER'],
      namespaces: [{ namespace: 'shop' }],
    });
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'by-token', namespace: 'shop' } };
    const applied = await change<{ operation: object }>(
      'applyManifest',
      { cluster: 'far', manifest: JSON.stringify(configMap) },
      'operation { operatorId owner { id name } impersonatedBy { id } }',
      token,
    );
    expect(applied.operation).toEqual({
      operatorId: serviceToken.principalId,
      owner: { id: ann.id, name: ann.name },
      impersonatedBy: null,
    });
    const fields = 'id name owner { id } roles expiresAt lastUsedAt lastUsedFrom revokedAt';
    await until(async () => {
      const { data } = await ask<{ sessions: object; serviceTokens: { nodes: { lastUsedAt: string | null }[] } }>(
        `{ sessions { nodes { id } } serviceTokens { nodes { ${fields} } } }`,
        ann.token,
      );
      expect(data?.serviceTokens.nodes).toMatchObject([{ id: serviceToken.id, owner: { id: ann.id } }]);
      expect(data?.serviceTokens.nodes[0]?.lastUsedAt).not.toBeNull();
      expect(JSON.stringify(data)).not.toContain(token.slice(3));
    });
    const rows = await gateway.gateway.foundation.database.db.execute(
      'select to_jsonb(t) as t from core_service_tokens t' as never,
    );
    expect(JSON.stringify(rows)).toContain(serviceToken.principalId.slice('service-token:'.length));
    expect(JSON.stringify(rows)).not.toContain(token.slice(3));
  });

  it.each([
    ['more roles than its owner', { roles: ['ADMIN'], namespaces: [] }, 'ForbiddenError'],
    [
      'a namespace that its owner has not',
      { roles: ['DEVELOPER'], namespaces: [{ cluster: 'far', namespace: 'bank' }] },
      'ForbiddenError',
    ],
    ['a name that is none', { name: '-' }, 'ValidationError'],
    ['no rights at all', { roles: [], namespaces: [] }, 'ValidationError'],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'ValidationError'],
    ['an end later than the profile allows', { expiresAt: inDays(91) }, 'ValidationError'],
    ['a workspace that its owner does not see', { tenants: 'hidden' }, 'NotFoundError'],
  ])('is not made with %s (CORE-09, refused)', async (_title, wrong, type) => {
    const ann = await somebody();
    const input = {
      name: 'ci',
      expiresAt: inDays(1),
      ...shop,
      ...wrong,
      ...('tenants' in wrong ? { tenants: [{ id: workspaceId }] } : {}),
    };
    expect((await attempt('createServiceToken', input, 'token', ann.token)).__typename).toBe(type);
  });

  it('is not made by a service token, nor twice under one name, nor in a dry run (refused)', async () => {
    const ann = await somebody();
    const { token } = await makeToken(ann.token);
    const input = { name: 'twice', expiresAt: inDays(1), ...shop };
    expect((await attempt('createServiceToken', input, 'token', token)).__typename).toBe('ForbiddenError');
    const dry = await attempt('createServiceToken', { ...input, dryRun: true }, 'token', ann.token);
    expect(dry).toMatchObject({ __typename: 'CreateServiceTokenSuccess', token: null });
    const once = await attempt('createServiceToken', { ...input, idempotencyKey: 'k' }, 'token', ann.token);
    expect(once.token).toMatch(/^ls_/);
    // A repetition has the same effect, and does not show it again.
    const again = await attempt(
      'createServiceToken',
      { ...input, idempotencyKey: 'k' },
      'token serviceToken { name }',
      ann.token,
    );
    expect(again).toMatchObject({ token: null, serviceToken: { name: 'twice' } });
    expect((await attempt('createServiceToken', input, 'token', ann.token)).__typename).toBe('ConflictError');
  });

  it('narrows with its owner: groups at the next sign-in, memberships at once', async () => {
    const ann = await somebody();
    const direct = await makeToken(ann.token);
    const members = [{ kind: 'PRINCIPAL', name: ann.id }];
    await change(
      'addMembers',
      { id: workspaceId, members: members.map((each) => ({ ...each, role: 'DEVELOPER' })) },
      'warnings',
    );
    const ofWorkspace = await makeToken(ann.token, { tenants: [{ id: workspaceId }] });
    expect(
      (
        await attempt(
          'createServiceToken',
          { name: 'x', expiresAt: inDays(1), tenants: [{ id: workspaceId, role: 'ADMIN' }] },
          'token',
          ann.token,
        )
      ).__typename,
    ).toBe('ForbiddenError');
    const seen = '{ namespaces { nodes { name } } }';
    const namespacesOf = async (token: string) =>
      (await ask<{ namespaces: { nodes: { name: string }[] } }>(seen, token)).data?.namespaces.nodes.map(
        ({ name }) => name,
      );
    expect(await namespacesOf(direct.token)).toEqual(['shop']);
    expect(await namespacesOf(ofWorkspace.token)).toEqual(['bank']);
    await using stream = await openStream(ofWorkspace.token);
    await change('removeMembers', { id: workspaceId, members }, 'warnings');
    expect((await stream.closed).code).toBe(4403);
    expect(await namespacesOf(ofWorkspace.token)).toBeUndefined();
    expect(await namespacesOf(direct.token)).toEqual(['shop']);
    await using second = await openStream(direct.token);
    // The identity provider says something else of her by now.
    await viewerOf(await tokenOf(ann.name, []));
    expect((await second.closed).code).toBe(4403);
    await until(async () => expect(await namespacesOf(direct.token)).toBeUndefined());
  });

  it('is refused and its streams end once it is revoked, by its owner or an administrator (P22)', async () => {
    const ann = await somebody();
    for (const by of [ann.token, administrator]) {
      const { token, serviceToken } = await makeToken(ann.token);
      await using stream = await openStream(token);
      await change('revokeServiceToken', { id: serviceToken.id }, 'serviceToken { revokedAt }', by);
      expect((await stream.closed).code).toBe(4403);
      expect(await viewerOf(token)).toBe('UNAUTHENTICATED');
    }
  });

  it('of somebody else is not there (refused)', async () => {
    const [ann, bob] = [await somebody(), await somebody()];
    const { serviceToken } = await makeToken(ann.token);
    expect((await attempt('revokeServiceToken', { id: serviceToken.id }, 'warnings', bob.token)).__typename).toBe(
      'NotFoundError',
    );
    const { data } = await ask<object>(
      `{ node(id: "${serviceToken.id}") { id } serviceTokens { totalCount } }`,
      bob.token,
    );
    expect(data).toEqual({ node: null, serviceTokens: { totalCount: 0 } });
  });

  it('is told of live, to its owner alone', async () => {
    const [ann, bob] = [await somebody(), await somebody()];
    const document = 'subscription { serviceTokenChanges(snapshot: false) { type serviceToken { id revokedAt } } }';
    const [hers, his] = [ann, bob].map(({ token }) => gateway.subscribe(document as never, {}, { token }));
    if (!hers || !his) throw new Error('no streams');
    await Promise.all([hers, his].map((stream) => stream.next()));
    const { serviceToken } = await makeToken(ann.token);
    expect((await hers.next()).data).toMatchObject({
      serviceTokenChanges: { type: 'ADDED', serviceToken: { id: serviceToken.id } },
    });
    await change('revokeServiceToken', { id: serviceToken.id }, 'warnings', ann.token);
    expect((await hers.next()).data).toMatchObject({ serviceTokenChanges: { type: 'MODIFIED' } });
    const used = await makeToken(ann.token);
    expect((await hers.next()).data).toMatchObject({ serviceTokenChanges: { type: 'ADDED' } });
    const [session] = await sessionsOf(used.token);
    await change('endSession', { id: session?.id }, 'warnings');
    expect((await hers.next()).data).toMatchObject({
      serviceTokenChanges: {
        type: 'MODIFIED',
        serviceToken: { id: used.serviceToken.id, revokedAt: expect.any(String) },
      },
    });
    expect(his.received).toHaveLength(1);
    await Promise.all([hers.stop(), his.stop()]);
  });
});

interface SessionRow {
  readonly id: string;
  readonly principal: { readonly id: string };
  readonly openStreams: number;
  readonly isCurrent: boolean;
  readonly [field: string]: unknown;
}

async function sessionsOf(token: string): Promise<readonly SessionRow[]> {
  const { data } = await ask<{ sessions: { nodes: readonly SessionRow[] } }>(
    '{ sessions { nodes { id principal { id } method address userAgent openStreams expiresAt endedAt isCurrent impersonatedBy { name } impersonationReason } } }',
    token,
    {},
    { 'user-agent': 'console/1' },
  );
  return data?.sessions.nodes ?? [];
}

/** The same token: the last letter of a signature has bits that belong to none of its bytes. */
function inAnotherSpelling(token: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${token.slice(0, -1)}${letters[letters.indexOf(token.slice(-1)) ^ 1]}`;
}

describe('a session', () => {
  it('is seen by who is signed in, with what is open, and nobody else’s (CORE-09)', async () => {
    const ann = await somebody();
    await somebody();
    await using stream = await openStream(ann.token);
    expect(stream.received.length).toBeGreaterThan(0);
    expect(await sessionsOf(ann.token)).toMatchObject([
      {
        principal: { id: ann.id },
        method: 'OIDC',
        userAgent: 'console/1',
        openStreams: 1,
        isCurrent: true,
        endedAt: null,
      },
    ]);
    const all = await sessionsOf(administrator);
    expect(all.filter(({ principal }) => principal.id === ann.id)).toMatchObject([{ isCurrent: false }]);
  });

  it.each(['herself', 'an administrator'])('is ended by %s: its token is refused, and only that (P22)', async (who) => {
    const ann = await somebody();
    const other = await tokenOf(ann.name, 'shop');
    const mine = (await sessionsOf(ann.token)).find(({ isCurrent }) => isCurrent);
    await using stream = await openStream(ann.token);
    await change('endSession', { id: mine?.id }, 'session { endedAt }', who === 'herself' ? ann.token : administrator);
    expect((await stream.closed).code).toBe(4403);
    expect(await viewerOf(ann.token)).toBe('UNAUTHENTICATED');
    expect(await viewerOf(inAnotherSpelling(ann.token))).toBe('UNAUTHENTICATED');
    expect(await viewerOf(other)).toMatchObject({ id: ann.id });
    const left = await sessionsOf(other);
    expect(left.find(({ id }) => id === mine?.id)?.endedAt).not.toBeNull();
  });

  it('is a whole sign-in where the provider names it: all its tokens end together, later ones too (P22)', async () => {
    const ann = await somebody();
    const [one, two] = [await tokenOf(ann.name, 'shop', { sid: 'a' }), await tokenOf(ann.name, 'shop', { sid: 'a' })];
    await viewerOf(one);
    const other = await tokenOf(ann.name, 'shop', { sid: 'b' });
    await using stream = await openStream(two);
    const mine = (await sessionsOf(two)).find(({ isCurrent }) => isCurrent);
    await change('endSession', { id: mine?.id }, 'session { endedAt }', one);
    expect((await stream.closed).code).toBe(4403);
    for (const token of [one, two, await tokenOf(ann.name, 'shop', { sid: 'a' })]) {
      expect(await viewerOf(token)).toBe('UNAUTHENTICATED');
    }
    for (const token of [other, ann.token]) expect(await viewerOf(token)).toMatchObject({ id: ann.id });
  });

  it('is seen from where a trusted proxy says, which a caller cannot say (P24)', async () => {
    const ann = await somebody();
    await ask('{ viewer { id } }', ann.token, {}, { 'x-forwarded-for': '127.0.0.1, 203.0.113.7, 203.0.113.8' });
    const { data } = await ask<{ sessions: { nodes: readonly SessionRow[] } }>(
      '{ sessions { nodes { address isCurrent } } }',
      ann.token,
      {},
      { 'x-forwarded-for': '192.0.2.1, 198.51.100.7', forwarded: 'for=192.0.2.2' },
    );
    expect(data?.sessions.nodes).toEqual([{ address: '198.51.100.7', isCurrent: true }]);
  });

  it('is one however its token is spelled (CORE-09)', async () => {
    const ann = await somebody();
    expect(await viewerOf(inAnotherSpelling(ann.token))).toMatchObject({ id: ann.id });
    expect(await sessionsOf(ann.token)).toMatchObject([{ isCurrent: true }]);
  });

  it('of somebody else is not there (refused)', async () => {
    const [ann, bob] = [await somebody(), await somebody()];
    const [hers] = await sessionsOf(ann.token);
    expect((await attempt('endSession', { id: hers?.id }, 'warnings', bob.token)).__typename).toBe('NotFoundError');
    expect(await viewerOf(ann.token)).toMatchObject({ id: ann.id });
  });
});

async function userOf(principalId: string): Promise<{ readonly id: string; readonly disabledAt: string | null }> {
  const { data } = await ask<{ users: { nodes: { id: string; disabledAt: string | null }[] } }>(
    'query ($ids: [String!]) { users(filter: { principalIds: $ids }) { nodes { id disabledAt } } }',
    administrator,
    { ids: [principalId] },
  );
  const [user] = data?.users.nodes ?? [];
  if (!user) throw new Error(`nobody is '${principalId}'`);
  return user;
}

describe('a user', () => {
  it('who is disabled is refused with every token, and let in again when enabled (P22)', async () => {
    const ann = await somebody();
    const service = await makeToken(ann.token);
    const streams = await Promise.all([openStream(ann.token), openStream(service.token)]);
    const { id } = await userOf(ann.id);
    await change('disableUser', { id, reason: 'left the company' }, 'user { disabledReason }');
    for (const stream of streams) expect((await stream.closed).code).toBe(4403);
    for (const token of [ann.token, service.token, await tokenOf(ann.name, 'shop')]) {
      expect(await viewerOf(token)).toBe('UNAUTHENTICATED');
    }
    await change('enableUser', { id }, 'user { disabledAt }');
    for (const token of [ann.token, service.token]) expect(await viewerOf(token)).not.toBe('UNAUTHENTICATED');
  });

  it('is nobody’s to see or disable but an administrator’s, and nobody disables themselves (refused)', async () => {
    const ann = await somebody();
    const { id } = await userOf(ann.id);
    expect((await attempt('disableUser', { id, reason: 'because' }, 'warnings', ann.token)).__typename).toBe(
      'FORBIDDEN',
    );
    const own = await userOf('token:boss');
    expect(await attempt('disableUser', { id: own.id, reason: 'because' }, 'warnings', administrator)).toMatchObject({
      __typename: 'PreconditionError',
      reason: 'OWN_ACCOUNT',
    });
  });

  it('who is an administrator is not shut out together with who shuts them out (refused)', async () => {
    const bosses = [await somebody('bosses'), await somebody('bosses')];
    const ids = await Promise.all(bosses.map(async (boss) => (await userOf(boss.id)).id));
    const answers = await Promise.all(
      bosses.map(({ token }, index) =>
        attempt('disableUser', { id: ids[1 - index], reason: 'mutual' }, 'warnings', token),
      ),
    );
    expect(answers.filter(({ __typename }) => __typename === 'DisableUserSuccess')).toHaveLength(1);
    const here = await Promise.all(bosses.map(({ token }) => viewerOf(token)));
    expect(here.filter((viewer) => viewer === 'UNAUTHENTICATED')).toHaveLength(1);
  });
});

describe('an administrator who acts as somebody else', () => {
  async function impersonate(principalId: string, by = administrator) {
    const { id } = await userOf(principalId);
    const input = { id, reason: 'her list is empty', minutes: 5 };
    return change<{ token: string; session: { id: string; expiresAt: string } }>(
      'startImpersonation',
      input,
      'token session { id expiresAt }',
      by,
    );
  }

  it('sees what they see, is named beside them in records, and is seen by them (CORE-18)', async () => {
    const ann = await somebody();
    const { token, session } = await impersonate(ann.id);
    expect(token).toMatch(/^lsi_/);
    expect(await viewerOf(token)).toMatchObject({
      id: ann.id,
      roles: ['DEVELOPER'],
      namespaces: [{ namespace: 'shop' }],
    });
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'as-her', namespace: 'shop' } };
    const applied = await change<{ operation: object }>(
      'applyManifest',
      { cluster: 'far', manifest: JSON.stringify(configMap) },
      'operation { operatorId impersonatedBy { id name } }',
      token,
    );
    expect(applied.operation).toEqual({ operatorId: ann.id, impersonatedBy: { id: 'token:boss', name: 'boss' } });
    expect((await sessionsOf(ann.token)).find(({ id }) => id === session.id)).toMatchObject({
      method: 'IMPERSONATION',
      impersonatedBy: { name: 'boss' },
      impersonationReason: 'her list is empty',
    });
    const { records } = await gateway.gateway.rooms.operations.list({ actions: ['startImpersonation'] }, { first: 1 });
    expect(records[0]).toMatchObject({ principalId: 'token:boss', target: { name: ann.name }, status: 'SUCCEEDED' });
  });

  it('opens no secret, reaches no cluster that knows its callers, and makes nothing that stays (refused)', async () => {
    const ann = await somebody();
    const { token } = await impersonate(ann.id);
    const document =
      '{ secret(cluster: "far", namespace: "shop", name: "opaque") { value(key: "key") viewerCan(action: READ_SECRET_VALUE) } }';
    expect((await ask<object>(document, ann.token)).data).toEqual({
      secret: { value: 'open sesame', viewerCan: true },
    });
    const { data, errors } = await ask<object>(document, token);
    expect(data).toEqual({ secret: { value: null, viewerCan: false } });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect((await ask<object>('{ clusters { nodes { name } } }', token)).data).toEqual({
      clusters: { nodes: [{ name: 'far' }] },
    });
    const input = { name: 'stays', expiresAt: inDays(1), ...shop };
    expect((await attempt('createServiceToken', input, 'token', token)).__typename).toBe('ForbiddenError');
    const own = (await sessionsOf(ann.token)).find(({ isCurrent }) => isCurrent);
    expect((await attempt('endSession', { id: own?.id }, 'warnings', token)).__typename).toBe('ForbiddenError');
  });

  it('is not somebody else to an administrator, and not for developers (refused)', async () => {
    const boss = await somebody('bosses');
    const { id } = await userOf(boss.id);
    const input = { id, reason: 'curious' };
    expect((await attempt('startImpersonation', input, 'token', administrator)).__typename).toBe('ForbiddenError');
    const ann = await somebody();
    expect((await attempt('startImpersonation', input, 'token', ann.token)).__typename).toBe('FORBIDDEN');
    const { token } = await impersonate(ann.id);
    expect((await attempt('startImpersonation', input, 'token', token)).__typename).toBe('FORBIDDEN');
  });

  it('ends when either of them says so: the user, the administrator’s own session, a role that is gone (P22)', async () => {
    const ann = await somebody();
    const boss = await somebody('bosses');
    const byUser = await impersonate(ann.id, boss.token);
    await using first = await openStream(byUser.token);
    await change('endSession', { id: byUser.session.id }, 'warnings', ann.token);
    expect((await first.closed).code).toBe(4403);
    const bound = await impersonate(ann.id, boss.token);
    await using second = await openStream(bound.token);
    const own = (await sessionsOf(boss.token)).find(({ isCurrent }) => isCurrent);
    await change('endSession', { id: own?.id }, 'warnings');
    expect((await second.closed).code).toBe(4403);
    for (const { token } of [byUser, bound]) expect(await viewerOf(token)).toBe('UNAUTHENTICATED');
    const later = await tokenOf(boss.name, 'bosses');
    const third = await impersonate(ann.id, later);
    await viewerOf(await tokenOf(boss.name, 'shop'));
    await until(async () => expect(await viewerOf(third.token)).toBe('UNAUTHENTICATED'));
    expect(await viewerOf(ann.token)).toMatchObject({ id: ann.id });
  });
});

describe('a loop that carries out an order', () => {
  it('acts as who gave it, with what they have now, and never for who may not be here (CORE-23)', async () => {
    const { users } = gateway.gateway.rooms;
    const ann = await somebody();
    const made = await makeToken(ann.token);
    const { principalId } = made.serviceToken;
    const boss = { id: 'token:boss' };
    expect(users.actingAs({ id: ann.id })).toMatchObject({ id: ann.id, roles: ['DEVELOPER'] });
    expect(users.actingAs({ id: principalId })).toMatchObject({ id: principalId, owner: { id: ann.id } });
    expect(users.actingAs({ id: ann.id, impersonatedBy: boss })).toMatchObject({ id: ann.id, impersonatedBy: boss });
    expect(users.actingAs({ id: 'oidc:nowhere:nobody' })).toBeUndefined();
    // Neither the other way round, nor as one's equal.
    expect(users.actingAs({ id: 'token:boss', impersonatedBy: boss })).toBeUndefined();
    expect(users.actingAs({ id: ann.id, impersonatedBy: { id: ann.id } })).toBeUndefined();
    const { id } = await userOf(ann.id);
    await change('disableUser', { id, reason: 'left the company' }, 'warnings');
    expect(users.actingAs({ id: ann.id })).toBeUndefined();
    expect(users.actingAs({ id: principalId })).toBeUndefined();
    expect(users.actingAs({ id: ann.id, impersonatedBy: boss })).toBeUndefined();
  });
});
