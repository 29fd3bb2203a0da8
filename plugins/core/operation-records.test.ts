import { encodeGlobalId } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetOldOperations } from './services/operation/forget-old-operations.ts';
import { ada, bea, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore({
    regions: [{ name: 'here', displayName: 'Here', zones: [{ name: 'a', deploymentUnits: [] }] }],
  });
  for (const name of ['shop', 'bank']) {
    await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "${name}"}) { __typename } }`);
  }
  await apply(dan, 'shop', 'one');
  await apply(ada, 'shop', 'two');
  await apply(bea, 'bank', 'three');
});
afterAll(() => core[Symbol.asyncDispose]());

async function apply(as: typeof ada, namespace: string, name: string, more = ''): Promise<void> {
  const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }) + more;
  const { data } = await core.run(
    as,
    'mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename } }',
    { manifest },
  );
  expect(data.applyManifest).toEqual({ __typename: 'ApplyManifestSuccess' });
}

const list = async (as: typeof ada, args = '') => {
  const { data, errors } = await core.run(
    as,
    `{ operationRecords${args} { totalCount pageInfo { hasNextPage endCursor } nodes { action operator target { name } } } }`,
  );
  if (errors.length > 0) return { errors };
  const { totalCount, pageInfo, nodes } = data.operationRecords as {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: { action: string; operator: string; target: { name: string } }[];
  };
  return { totalCount, pageInfo, names: nodes.map(({ operator, target }) => `${operator} ${target.name}`) };
};

describe('operationRecords', () => {
  it('are all for an administrator, newest first', async () => {
    expect(await list(ada)).toMatchObject({
      totalCount: 5,
      names: ['bea three', 'ada two', 'dan one', 'ada bank', 'ada shop'],
    });
  });

  it('are its own and those of its namespaces for a developer (CORE-18)', async () => {
    expect(await list(dan)).toMatchObject({ totalCount: 3, names: ['ada two', 'dan one', 'ada shop'] });
    expect(await list(bea)).toMatchObject({ names: ['bea three', 'ada bank'] });
  });

  it('filter (CORE-19)', async () => {
    expect(await list(ada, '(filter: {operators: ["ada"], actions: ["applyManifest"]})')).toMatchObject({
      names: ['ada two'],
    });
    expect(await list(ada, '(filter: {namespaces: ["bank"], statuses: [SUCCEEDED]})')).toMatchObject({
      names: ['bea three', 'ada bank'],
    });
    expect(await list(ada, '(filter: {kind: "Namespace", name: "shop", cluster: "dev"})')).toMatchObject({
      names: ['ada shop'],
    });
    expect(await list(ada, '(filter: {statuses: [FAILED]})')).toMatchObject({ totalCount: 0, names: [] });
    expect(await list(ada, '(filter: {to: "2020-01-01T00:00:00Z"})')).toMatchObject({ names: [] });
    expect(await list(dan, '(filter: {namespaces: ["bank"]})')).toMatchObject({ totalCount: 0 });
  });

  it('page without repeating or skipping, also when newer ones come (CORE-19)', async () => {
    const first = await list(bea, '(first: 1)');
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, names: ['bea three'] });
    await apply(bea, 'bank', 'four');
    expect(await list(bea, `(first: 5, after: "${first.pageInfo?.endCursor}")`)).toMatchObject({
      pageInfo: { hasNextPage: false },
      names: ['ada bank'],
    });
  });

  it('refuse a bad cursor and a bad size (CORE-19)', async () => {
    expect(await list(ada, '(after: "eHg")')).toEqual({ errors: [expect.stringContaining('BAD_USER_INPUT')] });
    expect(await list(ada, '(first: 1001)')).toEqual({ errors: [expect.stringContaining('first must be 0 to 1000')] });
  });
});

describe('OperationRecord', () => {
  const newest = '{ operationRecords(first: 1, filter: {operators: ["dan"]}) { nodes { id } } }';
  const idOfNewest = async () =>
    String(((await core.run(ada, newest)).data.operationRecords?.nodes as { id: string }[])[0]?.id);
  const fields =
    '{ __typename id ... on OperationRecord { status object { name } writes { verb kind name object { name } } writeCount failure { code } finishedAt } }';

  it('leads to what was done, and is a node', async () => {
    const id = await idOfNewest();
    const { data, errors } = await core.run(
      dan,
      `query ($id: ID!) { node(id: $id) ${fields} operationRecord(id: $id) { id } }`,
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.operationRecord).toEqual({ id });
    expect(data.node).toMatchObject({
      __typename: 'OperationRecord',
      id,
      status: 'SUCCEEDED',
      object: { name: 'one' },
      writes: [{ verb: 'APPLY', kind: 'ConfigMap', name: 'one', object: { name: 'one' } }],
      writeCount: 1,
      failure: null,
    });
  });

  it('is not there for others', async () => {
    const id = await idOfNewest();
    expect(
      (await core.run(bea, 'query ($id: ID!) { node(id: $id) { id } operationRecord(id: $id) { id } }', { id })).data,
    ).toEqual({ node: null, operationRecord: null });
  });

  it('shows no write to what the caller may not see', async () => {
    const both = `\n---\n${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'far', namespace: 'bank' } })}`;
    await apply(ada, 'shop', 'near', both);
    expect((await list(ada, '(first: 1)')).names).toEqual(['ada near']);
    expect((await list(dan)).names).not.toContain('ada near');
  });
});

describe('subscription operationRecordChanges', () => {
  it('tells of records as they are made and closed, to who may see them', async () => {
    const stream = await core.follow(
      dan,
      'subscription { operationRecordChanges { type record { operator status target { name } } } }',
    );
    try {
      expect((await stream.next()).operationRecordChanges).toMatchObject({ type: 'SNAPSHOT' });
      await apply(bea, 'bank', 'hidden');
      await apply(ada, 'shop', 'shown');
      const told: unknown[] = [];
      while (!JSON.stringify(told).includes('SUCCEEDED')) told.push((await stream.next()).operationRecordChanges);
      expect(told.at(-1)).toEqual({
        type: 'MODIFIED',
        record: { operator: 'ada', status: 'SUCCEEDED', target: { name: 'shown' } },
      });
      expect(JSON.stringify(told)).not.toContain('hidden');
    } finally {
      stream.close();
    }
  });
});

describe('subscription clusterChanges', () => {
  it('begins with the clusters there are', async () => {
    const stream = await core.follow(dan, 'subscription { clusterChanges { type cluster { name state } } }');
    try {
      expect((await stream.next()).clusterChanges).toEqual({ type: 'ADDED', cluster: { name: 'dev', state: 'READY' } });
      expect((await stream.next()).clusterChanges).toMatchObject({ type: 'SNAPSHOT' });
    } finally {
      stream.close();
    }
  });
});

describe('what a record tells', () => {
  const detailed = `{ operationRecords(first: 1) { nodes { category detail hasMoreChanges steps { name }
    changes { operation path before after object { name } } writes { verb auditId } } } }`;

  it('is what changed, field by field, each with its object (CORE-18)', async () => {
    await apply(dan, 'shop', 'one', `\n---\n${JSON.stringify(configMap('shop', 'other', { color: 'blue' }))}`);
    const { data } = await core.run(dan, detailed);
    const [record] = data.operationRecords?.nodes as { changes: unknown[] }[];
    expect(record).toMatchObject({ category: 'WRITE', detail: null, hasMoreChanges: false, steps: [] });
    expect(record?.changes).toContainEqual({
      operation: 'ADD',
      path: '/data/color',
      before: null,
      after: 'blue',
      object: { name: 'other' },
    });
  });

  it('is what was deleted, for who may still read such objects there (CORE-18)', async () => {
    const id = encodeGlobalId({
      of: 'kubernetes',
      cluster: 'dev',
      group: '',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'other',
    });
    await core.run(dan, 'mutation ($id: ID!) { deleteObject(input: {id: $id, confirm: "确认删除"}) { __typename } }', {
      id,
    });
    const { data } = await core.run(dan, detailed);
    expect(data.operationRecords?.nodes).toMatchObject([{ writes: [{ verb: 'DELETE' }] }]);
    expect(JSON.stringify(data)).toContain('"path":"/data/color","before":"blue","after":null');
  });

  it('never is a value of a Secret or of what is named like one (P23)', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'shop' },
      stringData: { a: 'canary-1' },
    };
    const map = configMap('shop', 'settings', { password: 'canary-2', url: 'https://u:canary-3@x' });
    await apply(dan, 'shop', 'one', `\n---\n${JSON.stringify(secret)}\n---\n${JSON.stringify(map)}`);
    const { data } = await core.run(dan, detailed);
    expect(JSON.stringify(data)).toContain('/data/password');
    expect(JSON.stringify(data)).not.toContain('canary');
    expect(JSON.stringify(await core.operations.list({}, { first: 1 }))).not.toContain('canary');
  });

  it('is not what changed in objects that the caller may not read (CORE-18, refused)', async () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r', namespace: 'shop' },
      rules: [],
    };
    await apply(ada, 'shop', 'one', `\n---\n${JSON.stringify(role)}`);
    const asDan = await core.run(dan, detailed);
    expect(JSON.stringify(asDan.data)).not.toContain('Role');
    expect(JSON.stringify((await core.run(ada, detailed)).data)).toContain('Role');
  });
});

describe('a write of a record', () => {
  it("carries the id under which the cluster's own audit log has it (CORE-18)", async () => {
    await apply(dan, 'shop', 'audited');
    const asked = '{ operationRecords(first: 1) { nodes { id writes { auditId } } } }';
    const [record] = (await core.run(dan, asked)).data.operationRecords?.nodes as {
      id: string;
      writes: { auditId: string }[];
    }[];
    const uuid = Buffer.from(record?.id ?? '', 'base64url')
      .toString()
      .split('|')[2];
    expect(record?.writes).toEqual([{ auditId: uuid }]);
  });
});

describe('operations of an object', () => {
  it('are what was done to it, in either order (CORE-20)', async () => {
    await apply(dan, 'shop', 'tracked');
    await apply(ada, 'shop', 'tracked');
    const at = (
      order: string,
    ) => `{ object(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "tracked") {
      operations(orderBy: [{field: CREATED_AT, direction: ${order}}]) { totalCount nodes { operator } } } }`;
    const operators = async (order: string) => (await core.run(dan, at(order))).data.object?.operations;
    expect(await operators('DESC')).toEqual({ totalCount: 2, nodes: [{ operator: 'ada' }, { operator: 'dan' }] });
    expect(await operators('ASC')).toEqual({ totalCount: 2, nodes: [{ operator: 'dan' }, { operator: 'ada' }] });
  });
});

describe('what is seen and what is refused', () => {
  const value = (as: typeof ada) =>
    core.run(as, '{ secret(cluster: "dev", namespace: "shop", name: "db") { value(key: "a") } }');
  const newest = async () =>
    (
      await core.run(
        ada,
        '{ operationRecords(first: 1) { nodes { category action status operator detail target { name } failure { code } } } }',
      )
    ).data.operationRecords?.nodes;

  it('is each value of a Secret, before anybody has it (CORE-18)', async () => {
    expect((await value(dan)).data.secret).toEqual({ value: 'canary-1' });
    expect(await newest()).toEqual([
      {
        category: 'SECRET_READ',
        action: 'readSecretValue',
        status: 'SUCCEEDED',
        operator: 'dan',
        detail: 'key a',
        target: { name: 'db' },
        failure: null,
      },
    ]);
  });

  it('is no value of which nobody would know (CORE-18, refused)', async () => {
    const stop = core.operations.onWrite(() => Promise.reject(new Error('nothing can be written')));
    const { data, errors } = await value(dan);
    stop();
    expect(data.secret).toEqual({ value: null });
    expect(errors).toHaveLength(1);
  });

  it('is an attempt on a value that one may not read (CORE-18, refused)', async () => {
    const token = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'tls', namespace: 'shop' },
      stringData: { 'tls.crt': 'x', 'tls.key': 'y' },
    };
    await apply(ada, 'shop', 'one', `\n---\n${JSON.stringify({ ...token, type: 'acme.example/hidden' })}`);
    const asked = await core.run(
      dan,
      '{ secret(cluster: "dev", namespace: "shop", name: "tls") { value(key: "tls.key") } }',
    );
    expect(asked.errors).toEqual([expect.stringContaining('FORBIDDEN')]);
    expect(await newest()).toMatchObject([
      {
        category: 'SECRET_READ',
        status: 'REFUSED',
        operator: 'dan',
        target: { name: 'tls' },
        failure: { code: 'FORBIDDEN' },
      },
    ]);
  });

  it('is a mutation that the roles of the caller do not have at all (CORE-19, refused)', async () => {
    await core.run(dan, 'mutation { createDepartment(input: {identifier: "x", displayName: "X"}) { __typename } }');
    expect(await newest()).toMatchObject([
      {
        category: 'WRITE',
        action: 'createDepartment',
        status: 'REFUSED',
        operator: 'dan',
        failure: { code: 'FORBIDDEN' },
      },
    ]);
  });
});

describe('records of a workspace', () => {
  const member = { ...bea, id: 'dev:mia', name: 'mia', roles: [], namespaces: [] };
  const place = 'region: "here", networkType: VPC, zones: ["a"]';
  const asked = (id: string, more = 'workspace { identifier }') =>
    `{ workspace: node(id: "${id}") { ... on Workspace { operations { totalCount nodes { action target { name } ${more} } } } } }`;
  let [workspace, other] = ['', ''];

  beforeAll(async () => {
    const make = async (identifier: string) => {
      const { data } = await core.run(
        ada,
        `mutation { createWorkspace(input: {identifier: "${identifier}", displayName: "W", ${place}}) { ... on CreateWorkspaceSuccess { workspace { id } } } }`,
      );
      return (data.createWorkspace as unknown as { workspace: { id: string } }).workspace.id;
    };
    [workspace, other] = [await make('mine'), await make('other')];
    for (const [id, namespace] of [
      [workspace, 'leased'],
      [other, 'foreign'],
    ]) {
      await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "${namespace}"}) { __typename } }`);
      const bound = await core.run(
        ada,
        `mutation { bindNamespaces(input: {id: "${id}", namespaces: [{cluster: "dev", namespace: "${namespace}"}]}) { __typename } }`,
      );
      expect(bound.data.bindNamespaces).toEqual({ __typename: 'BindNamespacesSuccess' });
    }
    await core.run(
      ada,
      `mutation { addMembers(input: {id: "${workspace}", members: [{kind: PRINCIPAL, name: "dev:mia", role: "DEVELOPER"}]}) { __typename } }`,
    );
    await apply(ada, 'leased', 'inside');
    await apply(ada, 'foreign', 'outside');
  });

  it('are what was done to it and to what lay in it then, for its members too (CORE-17, CORE-20)', async () => {
    const { data } = await core.run(member, asked(workspace));
    const { nodes } = (data.workspace as unknown as { operations: { nodes: object[] } }).operations;
    expect(nodes.map((node) => (node as { action: string }).action)).toEqual([
      'applyManifest',
      'addMembers',
      'bindNamespaces',
      'createWorkspace',
    ]);
    expect(nodes[0]).toMatchObject({ target: { name: 'inside' }, workspace: { identifier: 'mine' } });
  });

  it('stay theirs where the namespace has gone to another workspace since (CORE-20)', async () => {
    const move = (what: 'bind' | 'unbind', id: string) =>
      core.run(
        ada,
        `mutation { ${what}Namespaces(input: {id: "${id}", namespaces: [{cluster: "dev", namespace: "leased"}]}) { __typename } }`,
      );
    await move('unbind', workspace);
    await apply(ada, 'leased', 'later');
    const { data } = await core.run(member, asked(workspace));
    expect(JSON.stringify(data)).toContain('inside');
    expect(JSON.stringify(data)).not.toContain('later');
  });

  it('from before the namespace was theirs are not there for those who took it over (CORE-20, refused)', async () => {
    const noa = { ...member, id: 'dev:noa', name: 'noa' };
    const namespaces = '[{cluster: "dev", namespace: "leased"}]';
    await core.run(
      ada,
      `mutation { bindNamespaces(input: {id: "${other}", namespaces: ${namespaces}}) { __typename }
        addMembers(input: {id: "${other}", members: [{kind: PRINCIPAL, name: "dev:noa", role: "DEVELOPER"}]}) { __typename } }`,
    );
    await apply(ada, 'leased', 'taken');
    const found = async (as: object, args: string) => JSON.stringify(await list(as as typeof ada, args));
    for (const args of ['', '(filter: {namespaces: ["leased"]})']) {
      const seen = await found(noa, args);
      expect(seen).toContain('taken');
      expect(seen).not.toContain('inside');
      // It was nobody's then.
      expect(seen).not.toContain('later');
    }
    const { records } = await core.operations.list({ name: 'inside' }, { first: 1 });
    const id = encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: records[0]?.id ?? '' });
    expect((await core.run(noa, `{ node(id: "${id}") { id } }`)).data).toEqual({ node: null });
    // Who has the namespace by a token of their own reads what was done in it, whoever had it then.
    const owner = { ...bea, namespaces: [{ cluster: '*', namespace: 'leased' }] };
    expect(await found(owner, '(filter: {namespaces: ["leased"]})')).toContain('inside');
  });

  it('of another are not there for them, by any road (CORE-17, refused)', async () => {
    expect((await core.run(member, asked(other))).data.workspace).toBeNull();
    const lists = [
      '',
      `(filter: {workspaceId: "${other}"})`,
      '(filter: {namespaces: ["foreign"]})',
      '(filter: {name: "outside"})',
    ];
    for (const args of lists) {
      const found = JSON.stringify(await list(member as typeof ada, args));
      expect(found).not.toContain('outside');
      expect(found).not.toContain('other');
    }
    expect(await list(member as typeof ada, `(filter: {workspaceId: "${other}"})`)).toMatchObject({ totalCount: 0 });
    const { records } = await core.operations.list({ name: 'outside' }, { first: 1 });
    const id = encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: records[0]?.id ?? '' });
    const asOne = await core.run(member, `{ node(id: "${id}") { id } operationRecord(id: "${id}") { id } }`);
    expect(asOne.data).toEqual({ node: null, operationRecord: null });
  });
});

describe('forgetOldOperations', () => {
  it('keeps what is younger than the profile of its workspace or cluster says, and what is under way (CON-32)', async () => {
    const day = 24 * 60 * 60 * 1_000;
    const session = await core.operations.openSession({
      action: 'openTerminal',
      category: 'TERMINAL',
      principal: ada,
      requestId: 'r',
      target: { plugin: 'core', type: 'Pod', id: 'p', cluster: 'dev', namespace: 'shop' },
    });
    const days = { dev: 30, other: 400 };
    const profiles = {
      at: ({ cluster }: { cluster?: string | undefined }) => ({
        get: () => (cluster === 'dev' ? days.dev : days.other),
      }),
      get: (name: string) => (name === 'long' ? { get: () => 500 } : undefined),
    };
    const clusters = { all: [{ name: 'dev' }] };
    let workspaces: { uuid: string; profile: string }[] | undefined = [];
    const profiledWorkspaces = () => workspaces;
    const parts = { operations: core.operations, clusters, profiles, profiledWorkspaces } as never;
    const run = (afterDays: number) =>
      forgetOldOperations(parts, { now: () => Date.now() + afterDays * day }, undefined);
    const left = async () => (await core.operations.count({})) ?? 0;
    const all = await left();
    workspaces = undefined;
    expect(await run(1_000)).toBe(0);
    // What lay in a workspace is kept as long as its own profile says, and for ever where that is not there.
    const { records } = await core.operations.list({ name: 'inside' }, { first: 1 });
    const workspaceId = records[0]?.tenants.workspaceId ?? '';
    const ofWorkspace = await core.operations.count({ workspaceId });
    expect(ofWorkspace).toBeGreaterThan(2);
    workspaces = [{ uuid: workspaceId, profile: 'lost' }];
    expect(await run(29)).toBe(0);
    expect(await run(31)).toBeGreaterThan(0);
    expect(await left()).toBeLessThan(all);
    expect(await core.operations.count({ cluster: 'dev' })).toBeGreaterThan(1);
    await run(1_000);
    expect(await core.operations.count({ workspaceId })).toBe(ofWorkspace);
    workspaces = [{ uuid: workspaceId, profile: 'long' }];
    await run(499);
    expect(await core.operations.count({ workspaceId })).toBe(ofWorkspace);
    await run(501);
    expect(await left()).toBe(1);
    await session.end();
  });
});

const configMap = (namespace: string, name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});
