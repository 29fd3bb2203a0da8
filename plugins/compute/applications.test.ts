import { createHash } from 'node:crypto';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  const token = (name: string, text: string, role: string) => {
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { name, sha256, roles: [role], namespaces: ['shop'] };
  };
  const rules = [
    { actions: ['READ'], subjects: 'ALL', where: 'namespaces' },
    { actions: ['UPDATE'], subjects: ['compute/Application'], where: 'namespaces' },
  ];
  const roles = [{ name: 'curator', description: 'Looks after applications.', extends: ['GUEST'], rules }];
  const tokens = [token('stranger', stranger, 'DEVELOPER'), token('curator', curator, 'curator')];
  gateway = await startTestGateway({ settings: { tokens, roles } });
});
afterAll(() => gateway?.stop());

const developer = 'dev-developer';
/** May change applications, and make nothing. */
const curator = 'curator-token-of-thirty-two-characters-x';
/** Works in the same namespace, and is in no workspace. */
const stranger = 'stranger-token-of-thirty-two-characters';

async function ask<Data>(source: string, variables?: object, token?: string): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, token ? { token } : {});
  expect(errors).toBeUndefined();
  return data as Data;
}

type Answer<T> = T & { readonly __typename: string };

/** What a mutation answers: the fields of its success, or those of its error. */
async function mutate<T = Record<string, never>>(name: string, input: object, fields = 'warnings', token?: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await ask<Record<string, Answer<T>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message code } ... on ValidationError { issues { path code } } ... on PreconditionError { reason } } }`,
    { input },
    token,
  );
  return data[name] as Answer<T>;
}

interface Made {
  readonly application: { readonly id: string; readonly version: number; readonly state: string };
}

async function create(name: string, more: object = {}, token?: string): Promise<Made['application']> {
  const input = { name, cluster: 'embedded', namespace: 'shop', ...more };
  const answer = await mutate<Made>('createApplication', input, 'application { id version state }', token);
  expect(answer).toMatchObject({ __typename: 'CreateApplicationSuccess' });
  return answer.application;
}

/** A Deployment that carries a name as label; it wants no pods unless said otherwise. */
async function deploy(name: string, application: string | undefined, replicas = 0): Promise<string> {
  const labels = { app: name };
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'acme/main:1' }] } },
    },
  };
  const input = { cluster: 'embedded', manifest: JSON.stringify(manifest), ...(application ? { application } : {}) };
  const answer = await mutate<{ documents: { object: { id: string } }[] }>(
    'applyManifest',
    input,
    'documents { object { id } }',
  );
  expect(answer).toMatchObject({ __typename: 'ApplyManifestSuccess' });
  return answer.documents[0]?.object.id ?? '';
}

describe('applications', () => {
  it('group what carries their name as label in their namespace, YAML import included (CMP-38, CMP-43, CORE-28)', async () => {
    const description = 'What shall it be?';
    const { id, state } = await create('ballot', { description }, developer);
    expect(state).toBe('NO_WORKLOAD');
    await deploy('ballot-box', 'ballot');
    const read = `query ($id: ID!) { application(id: $id) { name description state namespace cluster { name }
      workloads { nodes { name } } workloadCounts { total stopped } } }`;
    await expect
      .poll(async () => (await ask<{ application: object }>(read, { id }, developer)).application)
      .toEqual({
        name: 'ballot',
        description,
        state: 'STOPPED',
        namespace: 'shop',
        cluster: { name: 'embedded' },
        workloads: { nodes: [{ name: 'ballot-box' }] },
        workloadCounts: { total: 1, stopped: 1 },
      });
  });

  it('are taken up within seconds, and tell each new state to who follows them (CMP-37, CMP-39)', async () => {
    interface Message {
      readonly applicationChanges: {
        readonly type: string;
        readonly application: { readonly name: string; readonly phase: string; readonly state: string } | null;
      };
    }
    await using stream: TestStream<Message> = gateway.subscribe(
      'subscription { applicationChanges(filter: { name: { equals: "live" } }) { type application { name phase state } } }',
    );
    await stream.next(({ data }) => data?.applicationChanges.type === 'SNAPSHOT');
    await create('live');
    const told = (type: string, phase: string, state: string) =>
      stream.next(({ data }) => {
        const { type: seen, application } = data?.applicationChanges ?? {};
        return seen === type && application?.phase === phase && application.state === state;
      });
    await told('ADDED', 'CREATING', 'NO_WORKLOAD');
    await told('MODIFIED', 'CREATED', 'NO_WORKLOAD');
    await deploy('live-one', 'live');
    await told('MODIFIED', 'CREATED', 'STOPPED');
  });

  it('are listed by name and state, sorted before the page is cut (CMP-43)', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await create(name, { alias: `Alias of ${name}` });
    await deploy('list-b-one', 'list-b');
    const list = (args: string) =>
      ask<{ applications: { totalCount: number; nodes: { name: string }[] } }>(
        `{ applications(${args}) { totalCount nodes { name state } } }`,
      );
    expect(
      await list('filter: { name: { contains: "list-" } }, orderBy: [{ field: NAME, direction: DESC }], first: 2'),
    ).toMatchObject({ applications: { totalCount: 3, nodes: [{ name: 'list-c' }, { name: 'list-b' }] } });
    const stopped = 'filter: { name: { contains: "list-" }, states: [STOPPED] }';
    await expect
      .poll(() => list(stopped))
      .toMatchObject({ applications: { totalCount: 1, nodes: [{ name: 'list-b' }] } });
    expect(
      await list('filter: { name: { contains: "list-" } }, orderBy: [{ field: STATE, direction: DESC }], first: 1'),
    ).toMatchObject({ applications: { nodes: [{ name: 'list-b', state: 'STOPPED' }] } });
  });

  it('have a name of their own in their namespace (refused, CMP-37)', async () => {
    await create('unique');
    expect(await mutate('createApplication', { name: 'unique', cluster: 'embedded', namespace: 'shop' })).toMatchObject(
      {
        __typename: 'ValidationError',
        issues: [{ path: ['name'], code: 'name_in_use' }],
      },
    );
    const check = (name: string) =>
      ask(`{ nameCheck(of: APPLICATION, name: "${name}", cluster: "embedded", namespace: "shop") { isUsable } }`);
    expect(await check('unique')).toEqual({ nameCheck: { isUsable: false } });
    expect(await check('another')).toEqual({ nameCheck: { isUsable: true } });
  });

  it.each([
    { why: 'no place', input: {}, issue: { path: [], code: 'no_place' } },
    { why: 'half a place', input: { cluster: 'embedded' }, issue: { path: ['namespace'], code: 'required' } },
    {
      why: 'two places',
      input: { cluster: 'embedded', namespace: 'shop', workspaceId: 'x' },
      issue: { path: ['workspaceId'], code: 'two_places' },
    },
    {
      why: 'a name that is no label',
      input: { name: 'a b', cluster: 'embedded', namespace: 'shop' },
      issue: { path: ['name'] },
    },
    {
      why: 'two lines as alias',
      input: { cluster: 'embedded', namespace: 'shop', alias: 'a\nb' },
      issue: { path: ['alias'] },
    },
  ])('are not made with $why (refused, CMP-37, CMP-38)', async ({ input, issue }) => {
    expect(await mutate('createApplication', { name: 'bad', ...input })).toMatchObject({
      __typename: 'ValidationError',
      issues: [issue],
    });
  });

  it('are not made where there is no such namespace, nor in one that is hidden (refused, CMP-38)', async () => {
    const input = { name: 'nowhere', cluster: 'embedded', namespace: 'no-such' };
    expect(await mutate('createApplication', input)).toMatchObject({ __typename: 'NotFoundError' });
    const hidden = { name: 'nowhere', cluster: 'embedded', namespace: 'platform' };
    expect(await mutate('createApplication', hidden, 'warnings', developer)).toMatchObject({
      __typename: 'NotFoundError',
    });
  });

  it('change what is said of them, and never their tech stack (CMP-37)', async () => {
    const { id } = await create('changing');
    const said = { id, version: 1, alias: 'Changing', techStack: 'Spring Boot', techStackVersion: '2.0' };
    const fields = 'application { alias techStack version } changes { path }';
    expect(await mutate('updateApplication', said, fields, developer)).toMatchObject({
      application: { alias: 'Changing', techStack: 'Spring Boot', version: 2 },
      changes: [{ path: '/alias' }, { path: '/techStack' }, { path: '/techStackVersion' }],
    });
    expect(await mutate('updateApplication', { id, version: 2, techStack: 'SOFABoot' })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['techStack'], code: 'immutable' }],
    });
    expect(await mutate('updateApplication', { id, version: 1, alias: 'Late' })).toMatchObject({
      __typename: 'ConflictError',
    });
  });
});

describe('operations on applications', () => {
  const stateOf = async (id: string) =>
    (
      await ask<{ application: { state: string } | null }>('query ($id: ID!) { application(id: $id) { state } }', {
        id,
      })
    ).application?.state;

  it('stop, start and redeploy all workloads of one, each by what it may (CMP-42)', async () => {
    const { id } = await create('operated');
    await deploy('operated-a', 'operated', 1);
    await deploy('operated-b', 'operated', 1);
    await expect.poll(() => stateOf(id), { timeout: 15_000 }).toBe('RUNNING');
    const fields = 'application { name } results { outcome workload { name desiredReplicas } error { message } }';
    const results = (replicas: number) => ({
      application: { name: 'operated' },
      results: ['operated-a', 'operated-b'].map((name) => ({
        outcome: 'DONE',
        workload: { name, desiredReplicas: replicas },
        error: null,
      })),
    });
    expect(await mutate('redeployApplication', { id }, fields, developer)).toMatchObject(results(1));
    expect(await mutate('startApplication', { id })).toMatchObject({ reason: 'APPLICATION_NOT_STOPPED' });
    expect(await mutate('stopApplication', { id }, fields, developer)).toMatchObject(results(0));
    await expect.poll(() => stateOf(id), { timeout: 15_000 }).toBe('STOPPED');
    expect(await mutate('stopApplication', { id })).toMatchObject({ reason: 'APPLICATION_STOPPED' });
    expect(await mutate('redeployApplication', { id })).toMatchObject({ reason: 'APPLICATION_STOPPED' });
    expect(await mutate('startApplication', { id }, fields, developer)).toMatchObject(results(1));
  });

  it('answer for each of several by itself (CMP-42, CORE-26)', async () => {
    const [full, empty] = [await create('batch-full'), await create('batch-empty')];
    await deploy('batch-one', 'batch-full', 1);
    await expect.poll(() => stateOf(full.id), { timeout: 15_000 }).toBe('RUNNING');
    const answer = await mutate(
      'stopApplications',
      { ids: [full.id, empty.id] },
      'results { ok error { message code } } okCount',
    );
    expect(answer).toMatchObject({
      okCount: 1,
      results: [
        { ok: true },
        { ok: false, error: { code: 'PRECONDITION_FAILED', message: "'batch-empty' has no workload" } },
      ],
    });
  });

  it('link several workloads and take them out again, and the pods go on (CMP-41)', async () => {
    const { id } = await create('linked');
    const workloadIds = [await deploy('link-a', undefined), await deploy('link-b', undefined)];
    const read = `query ($id: ID!) { application(id: $id) { workloads { nodes { name application { name } } } } }`;
    expect(await mutate('linkWorkloads', { id, workloadIds }, 'results { outcome }', developer)).toMatchObject({
      results: [{ outcome: 'DONE' }, { outcome: 'DONE' }],
    });
    const node = (name: string) => ({ name, application: { name: 'linked' } });
    expect(await ask(read, { id })).toEqual({
      application: { workloads: { nodes: [node('link-a'), node('link-b')] } },
    });
    expect(
      await mutate('unlinkWorkloads', { id, workloadIds: workloadIds.slice(0, 1) }, 'changes { path }', developer),
    ).toMatchObject({
      __typename: 'UnlinkWorkloadsSuccess',
    });
    expect(await ask(read, { id })).toEqual({ application: { workloads: { nodes: [node('link-b')] } } });
  });

  it('link nothing of another application, of another namespace, or with another label unasked (refused, CMP-41)', async () => {
    const [one, other] = [await create('mine'), await create('yours')];
    const taken = await deploy('yours-one', 'yours');
    expect(await mutate('linkWorkloads', { id: one.id, workloadIds: [taken] })).toMatchObject({
      reason: 'IN_ANOTHER_APPLICATION',
    });
    expect(await mutate('unlinkWorkloads', { id: one.id, workloadIds: [taken] })).toMatchObject({
      reason: 'NOT_IN_APPLICATION',
    });
    const elsewhere = await ask<{ workload: { id: string } }>(
      '{ workload(cluster: "embedded", kind: DAEMON_SET, namespace: "platform", name: "node-exporter") { id } }',
    );
    expect(
      await mutate('linkWorkloads', {
        id: one.id,
        workloadIds: [elsewhere.workload.id],
        acknowledge: ['APPLICATION_LABEL_REPLACED'],
      }),
    ).toMatchObject({
      reason: 'OUTSIDE_APPLICATION',
    });
    const chart = await deploy('chart-made', 'some-chart');
    expect(await mutate('linkWorkloads', { id: other.id, workloadIds: [chart] })).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
    });
    const acknowledge = ['APPLICATION_LABEL_REPLACED'];
    expect(await mutate('linkWorkloads', { id: other.id, workloadIds: [chart], acknowledge })).toMatchObject({
      __typename: 'LinkWorkloadsSuccess',
    });
  });

  it('delete one and leave its workloads, or take them along (CMP-42)', async () => {
    const read = '{ workloads(filter: { name: { contains: "doomed-" } }) { nodes { name } } }';
    const { id } = await create('doomed');
    await deploy('doomed-one', 'doomed');
    expect(await mutate('deleteApplication', { id, deleteWorkloads: false }, 'id', developer)).toMatchObject({ id });
    expect(await stateOf(id)).toBeUndefined();
    expect(await ask(read)).toEqual({ workloads: { nodes: [{ name: 'doomed-one' }] } });
    const again = await create('doomed');
    expect(again.state).toBe('STOPPED');
    expect(
      await mutate('deleteApplication', { id: again.id, deleteWorkloads: true }, 'id results { outcome }'),
    ).toMatchObject({
      results: [{ outcome: 'DONE' }],
    });
    await expect.poll(() => ask(read)).toEqual({ workloads: { nodes: [] } });
  });

  it('show the Services that select its pods and the Ingresses that lead there (CMP-38, CMP-43)', async () => {
    const { id } = await create('networked');
    await deploy('networked-one', 'networked');
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front-door', namespace: 'shop' },
      spec: { selector: { app: 'networked-one' }, ports: [{ port: 80 }] },
    };
    const backend = { service: { name: 'front-door', port: { number: 80 } } };
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'gate', namespace: 'shop' },
      spec: { rules: [{ host: 'vote.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    };
    for (const object of [service, ingress]) {
      const input = { cluster: 'embedded', manifest: JSON.stringify(object) };
      expect(await mutate('applyManifest', input)).toMatchObject({ __typename: 'ApplyManifestSuccess' });
    }
    const read = `query ($id: ID!) { application(id: $id) { services { nodes { name } }
      ingresses { nodes { name hosts paths { path serviceName servicePort } } } } }`;
    await expect
      .poll(() => ask(read, { id }, developer))
      .toEqual({
        application: {
          services: { nodes: [{ name: 'front-door' }] },
          ingresses: {
            nodes: [
              {
                name: 'gate',
                hosts: ['vote.example'],
                paths: [{ path: '/', serviceName: 'front-door', servicePort: 80 }],
              },
            ],
          },
        },
      });
  });
});

interface Records {
  readonly nodes: readonly { readonly action: string; readonly status: string }[];
}

describe('records of applications', () => {
  it('are with the application, its making first, for who may see them (CORE-20)', async () => {
    const { id } = await create('recorded');
    await mutate('updateApplication', { id, version: 1, alias: 'Told' });
    await mutate('stopApplication', { id });
    const read = `query ($id: ID!) { application(id: $id) { operations { totalCount nodes { action status } } } }`;
    expect(await ask(read, { id }, developer)).toEqual({
      application: {
        operations: {
          totalCount: 3,
          nodes: [
            { action: 'stopApplication', status: 'FAILED' },
            { action: 'updateApplication', status: 'SUCCEEDED' },
            { action: 'createApplication', status: 'SUCCEEDED' },
          ],
        },
      },
    });
  });

  it('of a workspace are for its members, and for nobody else (CORE-20)', async () => {
    const place = { region: 'here', networkType: 'VPC', zones: ['one'] };
    const made = await mutate<{ workspace: { id: string } }>(
      'createWorkspace',
      { identifier: 'catalogue', displayName: 'Catalogue', ...place },
      'workspace { id }',
    );
    const workspaceId = made.workspace.id;
    const members = [{ kind: 'PRINCIPAL', name: 'dev:dev-developer', role: 'DEVELOPER' }];
    await mutate('addMembers', { id: workspaceId, members }, 'workspace { id }');
    const { id } = await create('catalogued', { cluster: undefined, namespace: undefined, workspaceId });
    const policy = { applicationId: id, metric: 'PODS_NOT_READY', threshold: 1, isEnabled: false };
    await mutate('createAlarmPolicy', { ...policy, displayName: 'Catalogued' }, 'alarmPolicy { id }');
    await mutate('stopApplications', { ids: [id] }, 'okCount');
    await mutate('deleteApplications', { ids: [id], deleteWorkloads: false }, 'okCount');
    const read = async (token?: string) => {
      const source = `query ($workspaceId: ID!) { operationRecords(first: 50, filter: { workspaceId: $workspaceId }) { nodes { action status } } }`;
      const { operationRecords } = await ask<{ operationRecords: Records }>(source, { workspaceId }, token);
      return operationRecords.nodes.map(({ action }) => action);
    };
    const all = [
      ...['deleteApplication', 'deleteApplications', 'stopApplication', 'stopApplications'],
      ...['createAlarmPolicy', 'createApplication', 'addMembers', 'createWorkspace'],
    ];
    expect((await read()).sort()).toEqual([...all].sort());
    await expect.poll(async () => (await read(developer)).sort()).toEqual([...all].sort());
    expect(await read(stranger)).toEqual([]);
  });
});

describe('several workloads of an application', () => {
  const template = { containers: [{ name: 'main', image: 'acme/main:1' }] };
  const form = (name: string, more: object = {}) => ({
    name,
    kind: { deployment: { replicas: 0 } },
    template,
    ...more,
  });
  const fields = `application { workloadCounts { total } }
    results { kind name outcome workload { name application { name } } manifest error { code message } }
    operation { action status }`;
  const names = async () => {
    const read = '{ workloads(filter: { name: { contains: "many-" } }) { nodes { name } } }';
    return (await ask<{ workloads: { nodes: { name: string }[] } }>(read)).workloads.nodes.map(({ name }) => name);
  };

  it('are made together, each answered by itself, with one record, and those that are there stay (CMP-40)', async () => {
    const { id } = await create('many');
    await deploy('many-old', undefined);
    const jobs = { name: 'many-old', kind: { cronJob: { schedule: '0 3 * * *' } }, template };
    const workloads = [form('many-a'), form('many-old'), jobs];
    const preview = await mutate<{ results: object[] }>(
      'addApplicationWorkloads',
      { id, workloads, dryRun: true },
      fields,
    );
    const done = (name: string, kind: string) => ({ kind, name, outcome: 'DONE', error: null });
    const skipped = {
      kind: 'Deployment',
      name: 'many-old',
      outcome: 'SKIPPED',
      workload: null,
      error: { code: 'CONFLICT' },
    };
    const results = [done('many-a', 'Deployment'), skipped, done('many-old', 'CronJob')];
    expect(preview).toMatchObject({ results, operation: null });
    expect(preview.results[0]).toMatchObject({ manifest: { kind: 'Deployment', metadata: { name: 'many-a' } } });
    expect(await names()).toEqual(['many-old']);

    const input = { id, workloads, idempotencyKey: 'many-at-once' };
    const made = await mutate<{ results: object[] }>('addApplicationWorkloads', input, fields, developer);
    expect(made).toMatchObject({ results, operation: { action: 'addApplicationWorkloads', status: 'SUCCEEDED' } });
    expect(made.results[0]).toMatchObject({
      workload: { name: 'many-a', application: { name: 'many' } },
      manifest: null,
    });
    const again = await mutate('addApplicationWorkloads', input, fields, developer);
    expect(again).toMatchObject({ application: { workloadCounts: { total: 2 } }, results: [] });
    const record = `query ($id: ID!) { application(id: $id) { operations(first: 1) { nodes { writeCount changes { object { id } } } } } }`;
    interface Recorded {
      readonly application: { readonly operations: { readonly nodes: readonly { readonly writeCount: number }[] } };
    }
    expect((await ask<Recorded>(record, { id })).application.operations.nodes[0]?.writeCount).toBe(2);
  });

  it.each([
    {
      why: 'a form that is wrong',
      second: form('many-bad', { template: {} }),
      path: ['workloads', 1, 'template', 'containers'],
    },
    { why: 'one name twice', second: form('many-first'), path: ['workloads', 1, 'name'] },
    { why: 'a bare pod', second: form('many-bad', { kind: { pod: {} } }), path: ['workloads', 1, 'kind'] },
    {
      why: 'another namespace',
      second: form('many-bad', { namespace: 'platform' }),
      path: ['workloads', 1, 'namespace'],
    },
    {
      why: 'what the cluster does not take',
      second: form('many-bad', { template: { containers: [{ ...template.containers[0], name: 'Not A Name' }] } }),
      path: ['workloads', 1, 'template', 'containers', 0, 'name'],
    },
  ])('are not made at all with $why (refused, CMP-40)', async ({ why, second, path }) => {
    const { id } = await create(`refusing-${path.at(-1)}-${why.length}`);
    const before = await names();
    const answer = await mutate('addApplicationWorkloads', { id, workloads: [form('many-first'), second] });
    expect(answer).toMatchObject({ __typename: 'ValidationError', issues: [{ path: path.map(String) }] });
    expect(await names()).toEqual(before);
  });

  it('are made only by who may make each of them, and the attempt is recorded (refused, CMP-40, CORE-17)', async () => {
    const { id } = await create('curated');
    const before = await names();
    const input = { id, workloads: [form('many-curated')] };
    const refused = { __typename: 'ForbiddenError' };
    for (const dryRun of [true, false]) {
      const answer = await mutate('addApplicationWorkloads', { ...input, dryRun }, 'warnings', curator);
      expect(answer).toMatchObject(refused);
    }
    expect(await names()).toEqual(before);
    const read = `query ($id: ID!) { application(id: $id) { operations(first: 1) { nodes { action status } } } }`;
    expect(await ask(read, { id })).toEqual({
      application: { operations: { nodes: [{ action: 'addApplicationWorkloads', status: 'REFUSED' }] } },
    });
  });

  it('tell what is collected of their logs and for how long, in the application and in each container (CMP-63)', async () => {
    const { id } = await create('logged');
    const files = [{ directory: '/home/admin', pattern: '*.log' }];
    const logCollection = { standardOutput: false, files, logStore: 'shop', retentionDays: 14 };
    const containers = [
      { name: 'main', image: 'acme/main:1', logCollection },
      { name: 'quiet', image: 'acme/main:1' },
    ];
    const workloads = [form('many-logged', { template: { containers } })];
    expect(await mutate('addApplicationWorkloads', { id, workloads })).toMatchObject({
      __typename: 'AddApplicationWorkloadsSuccess',
    });
    const collected = '{ standardOutput files { directory pattern } logStore retentionDays }';
    const read = `query ($id: ID!) { application(id: $id) { logCollections { container workload { name } collection ${collected} }
      workloads { nodes { template { containers { name logCollection ${collected} } } } } } }`;
    expect(await ask(read, { id }, developer)).toEqual({
      application: {
        logCollections: [{ container: 'main', workload: { name: 'many-logged' }, collection: logCollection }],
        workloads: {
          nodes: [
            {
              template: {
                containers: [
                  { name: 'main', logCollection },
                  { name: 'quiet', logCollection: null },
                ],
              },
            },
          ],
        },
      },
    });
  });

  it('are only so many in one call, by the profile (refused, CMP-40)', async () => {
    const { id } = await create('too-many');
    const workloads = Array.from({ length: 21 }, (_, index) => form(`many-x${index}`));
    for (const some of [[], workloads]) {
      expect(await mutate('addApplicationWorkloads', { id, workloads: some })).toMatchObject({
        issues: [{ path: ['workloads'] }],
      });
    }
  });
});
