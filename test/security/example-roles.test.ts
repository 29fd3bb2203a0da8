import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type Thing, type ThingKind, type ThingRow, thingsServiceRef } from '../fixtures/example-plugin/things.ts';
import { sha256 } from './support/principals.ts';

const examplePath = fileURLToPath(new URL('../fixtures/example-plugin/plugin.ts', import.meta.url));
const secretOf = (name: string): string => `test-token-of-${name}-0123456789abcdef`;
const people = [
  { name: 'ann', groups: [] },
  { name: 'bob', groups: [] },
  { name: 'ops', groups: ['operators-of-shop'] },
  { name: 'eve', groups: [] },
  { name: 'zoe', groups: [] },
] as const;
type Who = (typeof people)[number]['name'] | 'admin';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let projects: { readonly shop: string; readonly bank: string };

/** Ann, Bob and Ops belong to the project of the namespace `shop`, Eve to that of `bank`, Zoe to none; Zoe has a token for `shop` anywhere. */
beforeAll(async () => {
  gateway = stack.use(
    await startTestGateway({
      plugins: [examplePath],
      settings: {
        roles: [
          {
            name: 'auditor',
            description: 'Reads all of a project.',
            isForMembers: true,
            rules: [{ actions: ['READ'], subjects: 'ALL' }],
          },
          { name: 'root', description: 'Not for members.', rules: [{ actions: 'ALL', subjects: 'ALL' }] },
        ],
        tokens: people.map(({ name, groups }) => ({
          name,
          sha256: sha256(secretOf(name)),
          roles: [name === 'zoe' ? 'DEVELOPER' : 'GUEST'],
          namespaces: name === 'zoe' ? ['shop'] : [],
          groups,
        })),
      },
    }),
  );
  await mutate('createNamespace', { cluster: 'embedded', name: 'bank' }, 'changes { path }');
  projects = { shop: await makeProject('shop', ['ann', 'bob', 'ops']), bank: await makeProject('bank', ['eve']) };
}, 60_000);

afterAll(() => stack.disposeAsync());

async function makeProject(namespace: string, members: readonly string[]): Promise<string> {
  const { project } = await mutate<{ project: { id: string } }>(
    'createProject',
    { identifier: `of-${namespace}`, displayName: namespace },
    'project { id }',
  );
  await mutate('bindNamespaces', { id: project.id, namespaces: [{ cluster: 'embedded', namespace }] }, 'warnings');
  const input = members.map((name) => ({ kind: 'PRINCIPAL', name: `token:${name}`, role: 'DEVELOPER' }));
  await mutate('addMembers', { id: project.id, members: input }, 'warnings');
  const parsed = parseGlobalId(project.id);
  return parsed?.of === 'row' ? parsed.key : '';
}

async function mutate<T>(name: string, input: object, fields: string): Promise<T> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } } }`;
  const { data, errors } = await gateway.query<Record<string, { __typename: string }>>(document, { input });
  if (data?.[name]?.__typename !== `${type}Success`) throw new Error(JSON.stringify({ data, errors }));
  return data[name] as T;
}

function make(kind: ThingKind, row: Partial<ThingRow> = {}): Promise<Thing> {
  const things = gateway.gateway.services.service(thingsServiceRef);
  if (!things) throw new Error('the example is not there');
  return things.make(kind, {
    id: randomUUID(),
    title: `thing-${randomUUID()}`,
    cluster: null,
    namespace: null,
    projectId: null,
    owner: null,
    operators: [],
    visibility: null,
    createdAt: new Date(),
    ...row,
  });
}

const tokenOf = (who: Who) => (who === 'admin' ? {} : { token: secretOf(who) });
const actionOf = (kind: ThingKind) => (kind === 'Order' ? 'EXAMPLE_CONFIRM' : 'UPDATE');
const mutationOf = (kind: ThingKind) => (kind === 'Order' ? 'confirmExampleOrder' : `renameExample${kind}`);

/** What a caller gets of a thing by each road. */
async function roadsTo({ kind, nodeId, title }: Thing, who: Who) {
  const mutation = mutationOf(kind);
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const of = `... on Example${kind} { title viewerCan(action: ${actionOf(kind)}) }`;
  const { data, errors } = await gateway.query<{
    node: { title: string; viewerCan: boolean } | null;
    nodes: (object | null)[];
    list: { totalCount: number; nodes: { title: string }[] };
  }>(
    `query ($id: ID!, $title: String!) {
      node(id: $id) { ${of} }
      nodes(ids: [$id]) { id }
      list: example${kind}s(filter: { titlePrefix: $title }) { totalCount nodes { title } }
    }`,
    { id: nodeId, title },
    tokenOf(who),
  );
  if (!data) throw new Error(JSON.stringify(errors));
  const act = await gateway.query<Record<string, { __typename: string }>>(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename } }`,
    { input: { id: nodeId, title: 'other', dryRun: true } },
    tokenOf(who),
  );
  const stream = gateway.subscribe(
    `subscription ($title: String!) { example${kind}Changes(filter: { titlePrefix: $title }) { type thing { title } } }`,
    { title },
    tokenOf(who),
  );
  await stream.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
  await stream.stop();
  return {
    node: data.node?.title === title,
    nodes: data.nodes[0] !== null,
    list: data.list.nodes.length === 1,
    totalCount: data.list.totalCount === 1,
    stream: JSON.stringify(stream.received).includes(title),
    viewerCan: data.node?.viewerCan ?? false,
    mutation: act.data?.[mutation]?.__typename ?? act.errors?.[0]?.extensions?.code,
  };
}

/** Everybody gets the same by every road: all of it, the reading, or nothing. */
async function expectRoads(thing: Thing, rights: { acts: readonly Who[]; reads: readonly Who[] }): Promise<void> {
  const success = `${mutationOf(thing.kind).charAt(0).toUpperCase()}${mutationOf(thing.kind).slice(1)}Success`;
  for (const who of [...people.map(({ name }) => name), 'admin'] as const) {
    const acts = rights.acts.includes(who);
    const reads = acts || rights.reads.includes(who);
    const roads = await roadsTo(thing, who);
    expect([who, roads]).toEqual([
      who,
      {
        node: reads,
        nodes: reads,
        list: reads,
        totalCount: reads,
        stream: reads,
        viewerCan: acts,
        mutation: acts ? success : reads ? 'ForbiddenError' : 'NotFoundError',
      },
    ]);
  }
}

describe('images', () => {
  it.each([
    { visibility: 'PERSONAL' as const, acts: ['ann', 'admin'], reads: [] },
    { visibility: 'PROJECT' as const, acts: ['ann', 'bob', 'ops', 'admin'], reads: [] },
    { visibility: 'PLATFORM' as const, acts: ['ann', 'admin'], reads: ['bob', 'ops', 'eve', 'zoe'] },
  ])('that are $visibility are seen and changed by whom they are for, and by no road by others (CORE-13, refused)', async ({
    visibility,
    acts,
    reads,
  }) => {
    const thing = await make('Image', { owner: 'token:ann', projectId: projects.shop, visibility });
    await expectRoads(thing, { acts: acts as Who[], reads: reads as Who[] });
  });
});

describe('templates', () => {
  it('are seen and edited by every member of their project, and by no road by others (CORE-14, refused)', async () => {
    const thing = await make('Template', { owner: 'token:ann', projectId: projects.shop });
    await expectRoads(thing, { acts: ['ann', 'bob', 'ops', 'admin'], reads: [] });
  });
});

describe('volumes', () => {
  it.each([
    { cluster: 'embedded', namespace: 'shop', acts: ['ann', 'bob', 'ops', 'zoe', 'admin'] },
    { cluster: 'embedded', namespace: 'bank', acts: ['eve', 'admin'] },
    { cluster: 'elsewhere', namespace: 'shop', acts: ['zoe', 'admin'] },
  ])('of $namespace in $cluster are of those who work there, in one list over all clusters (CORE-15, refused)', async ({
    cluster,
    namespace,
    acts,
  }) => {
    await expectRoads(await make('Volume', { cluster, namespace }), { acts: acts as Who[], reads: [] });
  });
});

describe('orders', () => {
  const place = { cluster: 'embedded', namespace: 'shop' };

  it.each([
    { of: { owner: 'token:ann' }, acts: ['ann', 'admin'], reads: ['bob', 'ops', 'zoe'] },
    { of: { operators: ['token:bob'] }, acts: ['bob', 'admin'], reads: ['ann', 'ops', 'zoe'] },
    { of: { operators: ['group:operators-of-shop'] }, acts: ['ops', 'admin'], reads: ['ann', 'bob', 'zoe'] },
    { of: { owner: 'token:eve' }, acts: ['admin'], reads: ['ann', 'bob', 'ops', 'zoe'] },
  ])('of $of are confirmed by owner or operations engineer alone (CORE-12, CORE-17, refused)', async ({
    of,
    acts,
    reads,
  }) => {
    await expectRoads(await make('Order', { ...place, ...of }), { acts: acts as Who[], reads: reads as Who[] });
  });

  it('are searched by the beginning of their title, which counts nothing that is hidden (CORE-33)', async () => {
    const start = randomUUID();
    await make('Order', { ...place, title: `${start} one` });
    await make('Order', { ...place, title: `second ${start}` });
    await make('Order', { cluster: 'embedded', namespace: 'bank', title: `${start} hidden` });
    const search = async (titlePrefix: string, who: Who) => {
      const { data } = await gateway.query<{ exampleOrders: { totalCount: number; nodes: { title: string }[] } }>(
        'query ($titlePrefix: String) { exampleOrders(filter: { titlePrefix: $titlePrefix }) { totalCount nodes { title } } }',
        { titlePrefix },
        tokenOf(who),
      );
      return [data?.exampleOrders.totalCount, data?.exampleOrders.nodes.map(({ title }) => title)];
    };
    expect(await search(start, 'ann')).toEqual([1, [`${start} one`]]);
    expect(await search(`${start} hidden`, 'ann')).toEqual([0, []]);
    expect(await search(start.slice(1), 'admin')).toEqual([0, []]);
  });
});

describe('a role of the settings', () => {
  it('is given to a member, and holds inside the project alone (CORE-05, CORE-09, refused)', async () => {
    const id = Buffer.from(`core|Project|${projects.bank}`).toString('base64url');
    const members = [{ kind: 'PRINCIPAL', name: 'token:zoe', role: 'auditor' }];
    await mutate('addMembers', { id, members }, 'warnings');
    const inside = await make('Volume', { cluster: 'embedded', namespace: 'bank' });
    const template = await make('Template', { projectId: projects.bank });
    const elsewhere = await make('Template', { projectId: projects.shop });
    expect(await roadsTo(inside, 'zoe')).toMatchObject({ node: true, list: true, totalCount: true, viewerCan: false });
    expect(await roadsTo(inside, 'zoe')).toMatchObject({ stream: true, mutation: 'ForbiddenError' });
    expect(await roadsTo(template, 'zoe')).toMatchObject({ node: true, list: true, stream: true, viewerCan: false });
    expect(await roadsTo(elsewhere, 'zoe')).toMatchObject({ node: false, list: false, mutation: 'NotFoundError' });
    await mutate('removeMembers', { id, members: members.map(({ kind, name }) => ({ kind, name })) }, 'warnings');
    expect(await roadsTo(inside, 'zoe')).toMatchObject({ node: false, list: false, mutation: 'NotFoundError' });
  });

  it.each(['root', 'nobody'])('that is not for members is given to none: %s (CORE-09, refused)', async (role) => {
    const id = Buffer.from(`core|Project|${projects.bank}`).toString('base64url');
    const members = [{ kind: 'PRINCIPAL', name: 'token:zoe', role }];
    const { data } = await gateway.query(
      'mutation ($input: AddMembersInput!) { addMembers(input: $input) { ... on ValidationError { issues { path message } } } }',
      { input: { id, members } },
    );
    expect(data?.addMembers).toEqual({
      issues: [
        {
          path: ['members', '0', 'role'],
          message: `role must be one of ADMIN, DEVELOPER, GUEST, auditor, got "${role}"`,
        },
      ],
    });
  });

  it('is told with its rules to everybody who signed in (CORE-09)', async () => {
    const { data } = await gateway.query(
      '{ roles(filter: { name: { equals: "auditor" } }) { nodes { name definedBy isForMembers rules { actions subjects condition } } } }',
      {},
      tokenOf('eve'),
    );
    expect(data?.roles).toEqual({
      nodes: [
        {
          name: 'auditor',
          definedBy: 'settings',
          isForMembers: true,
          rules: [{ actions: ['READ'], subjects: ['ALL'], condition: null }],
        },
      ],
    });
  });
});

describe('a platform whose nodes are not its own (aks-private)', () => {
  const document = `query { clusterNodes(first: 1) { nodes { id name update: viewerCan(action: UPDATE) cordon: viewerCan(action: CORDON) read: viewerCan(action: READ) } } }`;
  interface Nodes {
    readonly clusterNodes: {
      readonly nodes: readonly { id: string; name: string; update: boolean; cordon: boolean; read: boolean }[];
    };
  }

  async function changeNode(at: TestGateway) {
    const { data } = await at.query<Nodes>(document);
    const node = data?.clusterNodes.nodes[0];
    if (!node) throw new Error('there is no node');
    const { id, name, ...can } = node;
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { a: 'b' } } });
    const answers = await at.query<Record<string, { __typename: string; message?: string }>>(
      `mutation ($id: ID!, $name: String!, $manifest: String!) {
        deleteObject(input: { id: $id, confirm: $name, dryRun: true }) { __typename ... on Error { message } }
        applyManifest(input: { cluster: "embedded", manifest: $manifest, dryRun: true }) { __typename ... on Error { message } }
      }`,
      { id, name, manifest },
    );
    return { can, answers: answers.data };
  }

  it('lets an administrator change nodes elsewhere (CORE-10, CORE-16)', async () => {
    expect(await changeNode(gateway)).toEqual({
      can: { update: true, cordon: true, read: true },
      answers: {
        deleteObject: { __typename: 'DeleteObjectSuccess' },
        applyManifest: { __typename: 'ApplyManifestSuccess' },
      },
    });
  });

  it('shows nodes, and lets nobody change them, not even an administrator (CORE-16, refused)', async () => {
    const embedded = { enabled: true, engines: ['cluster-api' as const] };
    await using its = await startTestGateway({ settings: { profile: 'aks-private', embedded } });
    const { can, answers } = await changeNode(its);
    expect(can).toEqual({ update: false, cordon: false, read: true });
    const refusal = {
      __typename: 'ForbiddenError',
      message: expect.stringContaining("its profile has 'node.editable' switched off") as unknown as string,
    };
    for (const answer of Object.values(answers ?? {})) expect(answer).toEqual(refusal);

    // Each mutation of nodes that there is, and machines by their manifests.
    const { data: seen } = await its.query<Nodes>(document);
    const { id, name } = seen?.clusterNodes.nodes[0] as Nodes['clusterNodes']['nodes'][number];
    const inputs: Readonly<Record<string, object>> = {
      cordonNode: { id },
      uncordonNode: { id },
      drainNode: { id },
      cancelNodeDrain: { id },
      deleteNode: { id, confirm: name },
      updateNodeLabels: { id, labels: [{ key: 'disk', value: 'ssd' }] },
      updateNodeTaints: { id, set: [{ key: 'gpu', value: 'yes', effect: 'NO_SCHEDULE' }] },
      ...Object.fromEntries(
        ['Machine', 'MachineDeployment', 'Cluster'].map((kind) => [
          `applyManifest ${kind}`,
          {
            cluster: 'embedded',
            manifest: JSON.stringify({
              apiVersion: 'cluster.x-k8s.io/v1beta2',
              kind,
              metadata: { name: 'more', namespace: 'shop' },
              spec: {},
            }),
          },
        ]),
      ),
    };
    const ofNodes = [...its.gateway.services.registry.rootFields.values()].filter(
      ({ type, guard }) =>
        type === 'Mutation' && 'subjects' in guard && guard.subjects.every((each) => each === 'core/Node'),
    );
    const names = ofNodes.map((field) => field.name);
    expect(names.filter((each) => !(each in inputs))).toEqual(['cordonNodes', 'uncordonNodes']);
    for (const [key, input] of Object.entries(inputs)) {
      const [mutation = ''] = key.split(' ');
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
      const { data } = await its.query<Record<string, object>>(
        `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename ... on Error { message } } }`,
        { input },
      );
      expect(data?.[mutation], key).toEqual(refusal);
    }
    const { data } = await its.query<Record<string, { results: { ok: boolean; error: object }[] }>>(
      `mutation ($input: CordonNodesInput!) { cordonNodes(input: $input) { ... on CordonNodesSuccess { results { ok error { __typename message } } } } }`,
      { input: { ids: [id] } },
    );
    expect(data?.cordonNodes?.results).toEqual([{ ok: false, error: refusal }]);
  });
});
