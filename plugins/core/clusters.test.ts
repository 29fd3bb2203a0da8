import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { staticToken } from '../../test/support/static-token.ts';
import { until } from '../../test/support/until.ts';

const token = 'the-token-of-an-administrator-who-registers';
const developerToken = 'the-token-of-a-developer-who-registers-not';
const settings = {
  devTokens: false,
  embedded: { enabled: true, engines: [] },
  egress: { allow: ['127.0.0.1'] },
  tokens: [
    staticToken('operator', token, { roles: ['ADMIN'] }),
    staticToken('developer', developerToken, { roles: ['DEVELOPER'] }),
  ],
};

const payload = `__typename
  ... on ValidationError { issues { path code message } } ... on PreconditionError { reason message }
  ... on ConflictError { message } ... on InUseError { message references { id } } ... on UpstreamError { message }
  ... on ForbiddenError { message } ... on NotFoundError { message }`;
const registration = `registration { id name server identity profile namespaces description version registeredBy { name } }
  cluster { name registration { id } } changes { path } warnings`;
const registerCluster = `mutation ($input: RegisterClusterInput!) {
  answer: registerCluster(input: $input) { ${payload} ... on RegisterClusterSuccess { ${registration} } } }`;
const updateRegistration = `mutation ($input: UpdateClusterRegistrationInput!) {
  answer: updateClusterRegistration(input: $input) { ${payload} ... on UpdateClusterRegistrationSuccess { ${registration} } } }`;
const unregisterCluster = `mutation ($input: UnregisterClusterInput!) {
  answer: unregisterCluster(input: $input) { ${payload} ... on UnregisterClusterSuccess { id } } }`;

// biome-ignore lint/suspicious/noExplicitAny: answers of several mutations.
type Answer = any;

async function ask(gateway: TestGateway, query: string, input: object, by = token): Promise<Answer> {
  const { data, errors } = await gateway.query<{ answer: Answer }>(query, { input }, { token: by });
  return data?.answer ?? { errors };
}

async function clusterNames(gateway: TestGateway): Promise<readonly string[]> {
  const { data } = await gateway.query<{ clusters: { nodes: { name: string }[] } }>(
    '{ clusters { nodes { name } } }',
    {},
    { token },
  );
  return data?.clusters.nodes.map(({ name }) => name) ?? [];
}

const server = await startPostgres();
afterAll(() => server?.stop());

describe('clusters that are registered while the gateway runs', () => {
  let gateway: TestGateway;
  let east: EmbeddedCluster;
  beforeAll(async () => {
    [gateway, east] = await Promise.all([
      startTestGateway({ settings }),
      startEmbeddedCluster({ name: 'east', sample: 'shop', speed: 40 }),
    ]);
  });
  afterAll(async () => {
    await gateway?.stop();
    await east?.stop();
  });

  it('are read, followed and written like any other, and gone when they are unregistered (CMP-11)', async () => {
    await using pods = gateway.subscribe<Answer>(
      'subscription { podChanges { type reason pod { name cluster { name } } } }',
      {},
      { token },
    );
    await pods.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    await using clusters = gateway.subscribe<Answer>(
      'subscription { clusterChanges(snapshot: false) { type cluster { name } } }',
      {},
      { token },
    );
    const dry = await ask(gateway, registerCluster, {
      name: 'east',
      access: { kubeconfig: { text: east.kubeconfig } },
      dryRun: true,
    });
    expect(dry).toMatchObject({ __typename: 'RegisterClusterSuccess', cluster: null });
    expect(await clusterNames(gateway)).toEqual(['embedded']);

    const made = await ask(gateway, registerCluster, {
      name: 'east',
      description: 'the second one',
      access: { kubeconfig: { text: east.kubeconfig } },
    });
    expect(made).toMatchObject({
      __typename: 'RegisterClusterSuccess',
      registration: {
        name: 'east',
        identity: 'GATEWAY',
        profile: null,
        version: 1,
        registeredBy: { name: 'operator' },
      },
      cluster: { name: 'east' },
    });
    expect(JSON.stringify(made)).not.toContain(east.token);
    await clusters.next(({ data }) => data?.clusterChanges.type === 'ADDED');
    await pods.next(({ data }) => data?.podChanges.pod?.cluster.name === 'east');
    await until(async () => {
      const { data } = await gateway.query<Answer>(
        '{ pods(filter: { cluster: "east", namespaces: ["shop"] }) { nodes { name } problems { code } } }',
        {},
        { token },
      );
      expect(data?.pods.nodes.length).toBe(5);
    });
    const { data: found } = await gateway.query<Answer>(
      '{ workloads(filter: { cluster: "east", kinds: [DEPLOYMENT] }, first: 1) { nodes { id } } }',
      {},
      { token },
    );
    const { data: scaled } = await gateway.query<Answer>(
      `mutation { scaleWorkload(input: { id: "${found?.workloads.nodes[0].id}", replicas: 1 }) { __typename } }`,
      {},
      { token },
    );
    expect(scaled?.scaleWorkload.__typename).toBe('ScaleWorkloadSuccess');

    const { id } = made.registration;
    expect(await ask(gateway, unregisterCluster, { id, confirm: 'west' })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['confirm'] }],
    });
    expect(await ask(gateway, unregisterCluster, { id, confirm: 'east' })).toEqual({
      __typename: 'UnregisterClusterSuccess',
      id,
    });
    await clusters.next(({ data }) => data?.clusterChanges.type === 'DELETED');
    const begun = await pods.next(({ data }) => data?.podChanges.type === 'RESYNC');
    expect(begun.data?.podChanges.reason).toBe('CLUSTER_REMOVED');
    await pods.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    const after = pods.received.slice(pods.received.indexOf(begun)).map(({ data }) => data?.podChanges.pod);
    expect(after.filter((pod) => pod?.cluster.name === 'east')).toEqual([]);
    expect(await clusterNames(gateway)).toEqual(['embedded']);
    const again = await ask(gateway, unregisterCluster, { id, confirm: 'east' });
    expect(again.__typename).toBe('NotFoundError');
  });

  it('change their credentials and what holds for them, with the version that was read (CMP-11)', async () => {
    const access = { token: tokenAccess(east) };
    const { registration: made } = await ask(gateway, registerCluster, { name: 'changing', access });
    const changed = await ask(gateway, updateRegistration, {
      id: made.id,
      version: 1,
      profile: 'default',
      namespaces: ['shop'],
      access,
    });
    expect(changed).toMatchObject({
      registration: { version: 2, profile: 'default', namespaces: ['shop'] },
      warnings: ['Its credentials were replaced.'],
    });
    const late = await ask(gateway, updateRegistration, { id: made.id, version: 1, description: 'late' });
    expect(late.__typename).toBe('ConflictError');
    const wrong = await ask(gateway, updateRegistration, { id: made.id, version: 2, profile: 'nothing' });
    expect(wrong).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['profile'] }] });
    await ask(gateway, unregisterCluster, { id: made.id, confirm: 'changing' });
  });

  it('stay while namespaces of theirs belong to workspaces (CMP-13)', async () => {
    const { registration: made } = await ask(gateway, registerCluster, {
      name: 'bound',
      access: { kubeconfig: { text: east.kubeconfig } },
    });
    const { data } = await gateway.query<Answer>(
      `mutation { createWorkspace(input: { identifier: "team", displayName: "Team", region: "embedded", networkType: VPC, zones: ["embedded-a", "embedded-b"] }) { ... on CreateWorkspaceSuccess { workspace { id } } ... on ValidationError { issues { path message } } } }`,
      {},
      { token },
    );
    const workspace = data?.createWorkspace.workspace.id;
    const { data: bound } = await gateway.query<Answer>(
      `mutation ($input: BindNamespacesInput!) { bindNamespaces(input: $input) { __typename ... on PreconditionError { reason message } } }`,
      { input: { id: workspace, namespaces: [{ cluster: 'bound', namespace: 'shop' }] } },
      { token },
    );
    expect(bound?.bindNamespaces).toEqual({ __typename: 'BindNamespacesSuccess' });
    expect(await ask(gateway, unregisterCluster, { id: made.id, confirm: 'bound' })).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: expect.any(String) }],
    });
    expect(await clusterNames(gateway)).toContain('bound');
  });

  it.each([
    ['a name of the configuration', { name: 'embedded' }, 'ConflictError'],
    ['no name', { name: 'East!' }, 'ValidationError'],
    ['a profile that is none', { name: 'other', profile: 'none' }, 'ValidationError'],
    ['a namespace that is none', { name: 'other', namespaces: ['Shop'] }, 'ValidationError'],
    ['900 namespaces', { name: 'other', namespaces: Array.from({ length: 900 }, () => 'a') }, 'ValidationError'],
  ])('are refused with %s (CMP-11, bad input)', async (_what, fields, type) => {
    const access = { kubeconfig: { text: east.kubeconfig } };
    expect((await ask(gateway, registerCluster, { access, ...fields })).__typename).toBe(type);
  });

  it('are refused with a kubeconfig that would run a program or read a file, and nothing of it is told (CMP-11, bad input)', async () => {
    const text = east.kubeconfig.replace(/token: .*/, 'exec: { command: "steal-this" }');
    const answer = await ask(gateway, registerCluster, { name: 'other', access: { kubeconfig: { text } } });
    expect(answer).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['access', 'kubeconfig', 'text'] }],
    });
    expect(JSON.stringify(answer)).not.toContain('steal-this');
  });

  it('are refused where they do not answer, or refuse the credentials (CMP-11)', async () => {
    const wrong = east.kubeconfig.replace(/token: .*/, 'token: nobody');
    for (const text of [wrong, east.kubeconfig.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')]) {
      const answer = await ask(gateway, registerCluster, { name: 'other', access: { kubeconfig: { text } } });
      expect(answer.__typename).toBe('UpstreamError');
    }
    expect(await clusterNames(gateway)).not.toContain('other');
  });

  it.each([
    'https://169.254.169.254',
    'https://10.0.0.1:6443',
    'https://127.0.0.2:6443',
  ])('are not reached at %s, which the operator has not allowed (CMP-11, refused)', async (address) => {
    const answer = await ask(gateway, registerCluster, {
      name: 'other',
      access: { token: { server: address, token: 'abc' } },
    });
    expect(answer).toMatchObject({ __typename: 'UpstreamError', message: expect.stringContaining('egress') });
  });

  it('are no business of developers (CMP-11, refused)', async () => {
    const access = { kubeconfig: { text: east.kubeconfig } };
    const answer = await ask(gateway, registerCluster, { name: 'other', access }, developerToken);
    expect(answer.errors?.[0]?.extensions.code ?? answer.__typename).toMatch(/FORBIDDEN|ForbiddenError/);
    const { data } = await gateway.query<Answer>(
      '{ clusters { nodes { name registration { id } } } }',
      {},
      { token: developerToken },
    );
    expect(data?.clusters.nodes.map((node: { registration: unknown }) => node.registration)).toEqual(
      data?.clusters.nodes.map(() => null),
    );
  });
});

it('no cluster is registered where the fixed dev tokens let anybody in (refused)', async () => {
  await using gateway = await startTestGateway({ settings: { ...settings, devTokens: true } });
  await using east = await startEmbeddedCluster({ name: 'east', controllers: false });
  const access = { kubeconfig: { text: east.kubeconfig } };
  expect(await ask(gateway, registerCluster, { name: 'east', access })).toMatchObject({
    __typename: 'PreconditionError',
    reason: 'SIGN_IN_OPEN',
  });
});

describe.skipIf(!server)('clusters registered at one of two replicas on one PostgreSQL', () => {
  it('are served by both, over restarts, with credentials that are sealed', async () => {
    const databaseUrl = (await server?.createDatabase()) ?? '';
    const east = await startEmbeddedCluster({ name: 'east', sample: 'shop', speed: 40 });
    let [one, two] = await Promise.all([
      startTestGateway({ settings, databaseUrl }),
      startTestGateway({ settings, databaseUrl }),
    ]);
    try {
      const access = { kubeconfig: { text: east.kubeconfig } };
      await ask(one, registerCluster, { name: 'east', access });
      await until(async () => expect(await clusterNames(two)).toEqual(['east', 'embedded']));
      await one.stop();
      one = await startTestGateway({ settings, databaseUrl });
      expect(await clusterNames(one)).toEqual(['east', 'embedded']);
      const rows = await one.gateway.foundation.database.db.execute('select * from core_clusters');
      expect(JSON.stringify(rows)).not.toContain(east.token);
      const { data } = await one.query<Answer>('{ cluster(name: "east") { registration { id } } }', {}, { token });
      await ask(one, unregisterCluster, { id: data?.cluster.registration.id, confirm: 'east' });
      await until(async () => expect(await clusterNames(two)).toEqual(['embedded']));
    } finally {
      await Promise.all([one.stop(), two.stop(), east.stop()]);
    }
  });
});

function tokenAccess({ url, token: bearer, caCertificate }: EmbeddedCluster) {
  return { server: url, token: bearer, certificateAuthority: caCertificate };
}

describe('the diagnosis of a gateway', () => {
  const diagnosis = '{ diagnosis { area subject state message cure } }';

  it('says of settings, database, clusters and plugins whether they work, for administrators alone', async () => {
    await using gateway = await startTestGateway({ settings });
    await until(async () => {
      const { data } = await gateway.query<Answer>(diagnosis, {}, { token });
      const states = new Map(data?.diagnosis.map(({ area, subject, state }: Answer) => [`${area} ${subject}`, state]));
      expect(states.get('DATABASE tables')).toBe('OK');
      expect(states.get('CLUSTER embedded')).toBe('OK');
      expect(states.get('PLUGIN core')).toBe('OK');
    });
    const refused = await gateway.query(diagnosis, {}, { token: developerToken });
    expect(refused.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
