import { createHash, randomUUID } from 'node:crypto';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOfRelease, idOfTask } from './services/orders/order-nodes.ts';
import { type MadeOrder, type MadeService, orderRows } from './testing/order-rows.ts';

let gateway: TestGateway;
const rows = orderRows(() => gateway);
const secret = (name: string) => `${name}-token-of-thirty-two-characters`;
/** All but the last of them work in the namespace `shop`. */
const people = ['owner', 'operator', 'member', 'guest', 'planner', 'stranger'] as const;
type Person = (typeof people)[number] | 'admin';
const tokenOf = (who: Person | undefined) => (who === undefined || who === 'admin' ? {} : { token: secret(who) });

beforeAll(async () => {
  const token = (name: (typeof people)[number]) => ({
    name,
    sha256: createHash('sha256').update(secret(name)).digest('hex'),
    roles: [{ guest: 'GUEST', planner: 'planner' }[name as string] ?? 'DEVELOPER'],
    namespaces: [name === 'stranger' ? 'elsewhere' : 'shop'],
  });
  // Makes orders, and may change no app service.
  const subjects = ['release/AppService', 'release/ReleaseOrder'];
  const rules = [
    { actions: ['READ'], subjects, where: 'namespaces' },
    { actions: ['CREATE'], subjects: ['release/ReleaseOrder'], where: 'namespaces' },
  ];
  const roles = [{ name: 'planner', description: 'Plans.', extends: ['GUEST'], rules }];
  gateway = await startTestGateway({ settings: { roles, tokens: people.map(token) } });
});
afterAll(() => gateway?.stop());

async function ask<Data>(source: string, variables: object = {}, who?: Person): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, tokenOf(who));
  expect(JSON.stringify(errors)).toBeUndefined();
  return data as Data;
}

interface Preview {
  readonly totalPods: number;
  readonly problem: string | null;
  readonly service: { readonly name: string };
  readonly version: { readonly number: number };
  readonly groups: readonly { readonly isBeta: boolean; readonly pods: readonly { readonly count: number }[] }[];
}

interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly reason?: string;
  readonly unacknowledged?: readonly { readonly code: string }[];
  readonly issues?: readonly {
    readonly path: readonly (string | number)[];
    readonly code: string;
    readonly message: string;
  }[];
  readonly releaseOrder: { readonly id: string; readonly title: string; readonly state: string };
  readonly preview: readonly Preview[];
}

/** What a mutation answers: the fields of its success, or those of its error. */
async function mutate(
  name: string,
  input: object,
  who?: Person,
  fields = 'releaseOrder { id title state }',
): Promise<Answer> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await ask<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message code } ... on ValidationError { issues { path code message } }
      ... on PreconditionError { reason unacknowledged { code } } } }`,
    { input },
    who,
  );
  return data[name] as Answer;
}

const create = (input: object, who?: Person) =>
  mutate(
    'createReleaseOrder',
    input,
    who,
    `releaseOrder { id title state }
    preview { totalPods problem service { name } version { number } groups { isBeta pods { unit count } } }`,
  );

const of = (...services: readonly MadeService[]) => services.map(({ id }) => ({ serviceId: id }));

async function countOrders(): Promise<number> {
  const { releaseOrders } = await ask<{ releaseOrders: { totalCount: number } }>('{ releaseOrders { totalCount } }');
  return releaseOrders.totalCount;
}

const codes = ({ issues }: Answer) => issues?.map(({ path, code }) => `${path.join('.')} ${code}`);

describe('createReleaseOrder', () => {
  it('releases the newest submitted version of one service under its name, beta group first (REL-19, REL-21, REL-29, REL-30)', async () => {
    const service = await rows.service({ replicas: 7, versions: ['PUBLISHED', 'SUBMITTED', 'DRAFT'] });
    const answer = await create({ services: of(service) }, 'member');
    expect(answer).toMatchObject({
      __typename: 'CreateReleaseOrderSuccess',
      releaseOrder: { title: `${service.name} 2` },
    });
    expect(answer.preview).toMatchObject([
      {
        totalPods: 7,
        problem: null,
        service: { name: service.name },
        version: { number: 2 },
        groups: [
          { isBeta: true, pods: [{ count: 1 }] },
          { isBeta: false, pods: [{ count: 2 }] },
          { isBeta: false, pods: [{ count: 2 }] },
          { isBeta: false, pods: [{ count: 2 }] },
        ],
      },
    ]);
    const { releaseOrder } = await ask<{ releaseOrder: object }>(
      `query ($id: ID!) { releaseOrder(id: $id) { title createdBy betaGroup units namespace cluster { name } workspace { id }
        viewerCan(action: START) events { nodes { kind actor sequence } }
        releases { serviceName service { name activeRelease { id } latestRelease { id } releases { totalCount } } version { number } fromVersion { id }
          dependsOn progress { updatedPods } rollbackPreview { outcome version { id } } } } }`,
      { id: answer.releaseOrder.id },
      'owner',
    );
    expect(releaseOrder).toMatchObject({
      createdBy: 'token:member',
      betaGroup: true,
      units: [],
      namespace: 'shop',
      cluster: { name: 'embedded' },
      workspace: null,
      viewerCan: true,
      releases: [
        {
          serviceName: service.name,
          service: { activeRelease: {}, latestRelease: {}, releases: { totalCount: 1 } },
          version: { number: 2 },
          fromVersion: null,
          dependsOn: [],
          progress: { updatedPods: 0 },
          rollbackPreview: { outcome: 'TO_EMPTY', version: null },
        },
      ],
    });
    expect((releaseOrder as { events: { nodes: object[] } }).events.nodes.at(-1)).toEqual({
      kind: 'CREATED',
      actor: 'token:member',
      sequence: 1,
    });
  });

  it('makes the version with the order where only an image or the number of pods is new (REL-13)', async () => {
    const service = await rows.service({ replicas: 4, versions: ['SUBMITTED', 'DRAFT'] });
    const change = { images: [{ container: 'web', image: 'acme/web:9.1' }], replicas: 6 };
    const versionsOf = async () => {
      const { appService } = await ask<{ appService: { versions: { nodes: object[] } } }>(
        `query ($id: ID!) { appService(id: $id) { versions { nodes { number editState manifest scaling { replicas } } } } }`,
        { id: service.id },
      );
      return appService.versions.nodes;
    };
    const before = await versionsOf();
    const tried = await create({ services: [{ serviceId: service.id, change }], dryRun: true }, 'member');
    expect(tried).toMatchObject({ preview: [{ totalPods: 6, version: { number: 2 } }] });
    expect(await versionsOf()).toEqual(before);
    const answer = await create({ services: [{ serviceId: service.id, change }] }, 'member');
    expect(answer).toMatchObject({ releaseOrder: { title: `${service.name} 2` }, preview: [{ totalPods: 6 }] });
    expect(await versionsOf()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          number: 2,
          editState: 'SUBMITTED',
          scaling: { replicas: 6 },
          manifest: expect.objectContaining({
            spec: expect.objectContaining({ containers: [expect.objectContaining({ image: 'acme/web:9.1' })] }),
          }),
        }),
        expect.objectContaining({ number: 3, editState: 'DRAFT' }),
      ]),
    );
  });

  it('makes neither a version nor an order of a change that changes nothing, or what is not there (REL-13, refused)', async () => {
    const service = await rows.service();
    const refused = async (change: object, more: object = {}) =>
      codes(await create({ services: [{ serviceId: service.id, change, ...more }] }, 'member'));
    expect(await refused({})).toEqual(['services.0.change nothing_to_change']);
    expect(await refused({ images: [{ container: 'other', image: 'a:1' }] })).toEqual([
      'services.0.change.images.0.container not_found',
    ]);
    expect(await refused({ replicas: 2 }, { versionId: service.versions[0]?.id })).toEqual([
      'services.0.change not_with_version',
    ]);
    expect((await refused({ replicas: -1 }))?.length).toBe(1);
  });

  it('keeps what depends on what (REL-20)', async () => {
    const [front, redis] = [await rows.service(), await rows.service()];
    const services = [{ serviceId: front.id, dependsOn: [redis.id, redis.id] }, { serviceId: redis.id }];
    const { releaseOrder } = await create({ title: 'Both', services });
    const read = await ask<{ releaseOrder: { releases: { id: string; dependsOn: string[] }[] } }>(
      'query ($id: ID!) { releaseOrder(id: $id) { releases { id dependsOn } } }',
      { id: releaseOrder.id },
    );
    const [first, second] = read.releaseOrder.releases;
    expect(first?.dependsOn).toEqual([second?.id]);
    expect(second?.dependsOn).toEqual([]);
  });

  it('shows the groups in a dry run, and leaves nothing behind (REL-19)', async () => {
    const service = await rows.service({ replicas: 3, deployment: { grouping: 'ALL_IN_ONE' } });
    const before = await countOrders();
    const answer = await create({ services: of(service), betaGroup: false, dryRun: true });
    expect(answer.preview).toMatchObject([{ groups: [{ isBeta: false, pods: [{ count: 3 }] }] }]);
    expect(await countOrders()).toBe(before);
    const { node } = await ask<{ node: object }>(
      'query ($id: ID!) { node(id: $id) { ... on AppService { state activeRelease { id } latestRelease { id } } } }',
      { id: service.id },
    );
    expect(node).toEqual({ state: 'PENDING_DEPLOY', activeRelease: null, latestRelease: null });
    expect(await create({ services: of(service) })).toMatchObject({ __typename: 'CreateReleaseOrderSuccess' });
  });

  it('refuses what does not fit, and says where', async () => {
    const [a, b, c] = [await rows.service(), await rows.service(), await rows.service({ versions: ['DRAFT'] })];
    const far = await rows.service({ namespace: 'elsewhere' });
    const title = 'Refused';
    const cases: [object, string[]][] = [
      [
        {
          title,
          services: [
            { serviceId: a.id, dependsOn: [b.id] },
            { serviceId: b.id, dependsOn: [a.id] },
          ],
        },
        ['services.0.dependsOn cycle'],
      ],
      [{ title, services: of(a, a) }, ['services.1 twice']],
      [{ title, services: [{ serviceId: a.id, dependsOn: [b.id] }] }, ['services.0.dependsOn.0 unknown']],
      [{ services: [{ serviceId: a.id, versionId: b.versions[0]?.id }] }, ['services.0.versionId unknown']],
      [{ services: [{ serviceId: c.id, versionId: c.versions[0]?.id }] }, ['services.0.versionId draft']],
      [{ services: of(c) }, ['services.0.versionId nothing_submitted']],
      [{ title, services: Array.from({ length: 201 }, () => of(a)[0]) }, ['services too_many']],
      [{ title, services: of(a, far) }, ['services several_places']],
      [{ services: of(a), units: ['nowhere'] }, ['units.0 unknown']],
      [{ services: of(a), workspaceId: far.id }, ['services.0.serviceId other_workspace']],
      [{ services: of(a, b) }, ['title required']],
      [{ title: 'x'.repeat(129), services: of(a) }, ['title too_long']],
      [{ title, services: [] }, ['services too_few']],
    ];
    for (const [input, expected] of cases) {
      const answer = await create(input);
      expect([input, codes(answer)?.filter((code) => !code.endsWith(' twice') || expected.includes(code))]).toEqual([
        input,
        expected,
      ]);
    }
    const [cycle] = cases;
    expect((await create(cycle?.[0] ?? {})).issues?.[0]?.message).toContain(`${a.name} → ${b.name} → ${a.name}`);
  });

  it('hides services of other people, and refuses who may only look (CORE-07)', async () => {
    const service = await rows.service();
    const [hidden, missing] = [
      await create({ services: of(service) }, 'stranger'),
      await create({ services: [{ serviceId: 'none' }] }),
    ];
    expect(hidden).toMatchObject({ __typename: 'NotFoundError' });
    expect(hidden).toEqual(missing);
    const input = { services: of(service) };
    const source = 'mutation ($input: CreateReleaseOrderInput!) { createReleaseOrder(input: $input) { __typename } }';
    const { errors } = await gateway.query(source, { input }, tokenOf('guest'));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it('refuses who may make orders, but not change what they would release, by a version or a change of it (refused)', async () => {
    const service = await rows.service();
    for (const more of [{}, { change: { replicas: 2 } }, { change: {} }]) {
      const answer = await create({ services: [{ serviceId: service.id, ...more }] }, 'planner');
      expect(answer).toMatchObject({ __typename: 'ForbiddenError', message: `You may not release '${service.name}'.` });
    }
  });

  it('refuses a service that is in another order, also after that has failed (REL-17, REL-33)', async () => {
    const [busy, failed] = [await rows.service(), await rows.service()];
    await create({ services: of(busy) });
    await rows.order({ state: 'FAILED', releases: [{ service: failed, state: 'FAILED' }] });
    const answers = [await create({ services: of(busy) }), await create({ services: of(failed) })];
    expect(answers).toMatchObject([
      { reason: 'RELEASE_ACTIVE', message: expect.stringContaining('another release order') },
      { reason: 'RELEASE_ACTIVE', message: expect.stringContaining('retry it or roll it back') },
    ]);
  });

  it('asks what the pre-flight of a version found first, and is blocked by what cannot work (REL-18)', async () => {
    const unpinned = await rows.service({ podSpec: { containers: [{ name: 'web', image: 'nginx' }] } });
    const input = { services: of(unpinned) };
    expect(await create(input)).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'IMAGE_UNPINNED' }],
    });
    const known = { ...input, acknowledge: ['IMAGE_UNPINNED'] };
    expect(await create(known)).toMatchObject({ __typename: 'CreateReleaseOrderSuccess' });
    const container = { name: 'web', image: 'nginx:1', envFrom: [{ configMapRef: { name: 'not-there' } }] };
    const broken = await rows.service({ podSpec: { containers: [container] } });
    expect(codes(await create({ services: of(broken) }))).toEqual(['services.0 reference_missing']);
  });

  it('lets one of two orders win that are made at the same time', async () => {
    const [a, b] = [await rows.service(), await rows.service()];
    const answers = await Promise.all([
      create({ title: 'One', services: of(a, b) }),
      create({ title: 'Two', services: of(b, a) }),
    ]);
    expect(answers.map((answer) => answer.reason ?? answer.__typename).sort()).toEqual([
      'CreateReleaseOrderSuccess',
      'RELEASE_ACTIVE',
    ]);
  });

  it('makes one order of a call that is repeated with its key', async () => {
    const service = await rows.service();
    const input = { services: of(service), idempotencyKey: randomUUID() };
    const [first, again] = [await create(input), await create(input)];
    expect(again).toMatchObject({ __typename: 'CreateReleaseOrderSuccess' });
    expect(again.releaseOrder.id).toBe(first.releaseOrder.id);
    expect(again.preview).toEqual(first.preview);
  });
});

describe('the board (REL-36, CORE-33)', () => {
  const titles = async (filter: object, who?: Person) => {
    const { releaseOrders } = await ask<{ releaseOrders: { nodes: { title: string }[] } }>(
      'query ($filter: ReleaseOrderFilter) { releaseOrders(filter: $filter) { nodes { title } } }',
      { filter },
      who,
    );
    return releaseOrders.nodes.map(({ title }) => title);
  };

  it('finds orders by the beginning of their title, by state, service, place, maker and time, the newest first', async () => {
    const service = await rows.service();
    const since = new Date().toISOString();
    const ended = { service, state: 'CANCELLED' as const };
    await rows.order({ title: 'Board 10%', state: 'CANCELLED', releases: [ended] });
    await rows.order({ title: 'Board 100', state: 'CANCELLED', releases: [ended] });
    await rows.order({ title: 'My Board 10%', state: 'SUCCEEDED', releases: [{ service, state: 'SUCCEEDED' }] });
    expect(await titles({ titlePrefix: 'board 10' })).toEqual(['Board 100', 'Board 10%']);
    expect(await titles({ titlePrefix: 'Board 10%' })).toEqual(['Board 10%']);
    expect(await titles({ titlePrefix: 'oard' })).toEqual([]);
    const mine = { serviceId: service.id };
    expect(await titles(mine)).toEqual(['My Board 10%', 'Board 100', 'Board 10%']);
    expect(await titles({ ...mine, states: ['SUCCEEDED', 'FAILED'] })).toEqual(['My Board 10%']);
    expect(
      await titles({ ...mine, cluster: 'embedded', namespaces: ['shop'], createdBy: 'me', createdFrom: since }),
    ).toHaveLength(3);
    expect(await titles({ ...mine, createdBefore: since })).toEqual([]);
    expect(await titles({ ...mine, createdBy: 'other' })).toEqual([]);
    expect(await titles({ ...mine, cluster: 'other' })).toEqual([]);
    expect(await titles({ ...mine, workspaceId: service.id })).toEqual([]);
    expect(await titles({ serviceId: 'none' })).toEqual([]);
    expect(await titles(mine, 'member')).toHaveLength(3);
    expect(await titles(mine, 'stranger')).toEqual([]);
  });

  it('shows nobody an order that is not for them, by no id of it', async () => {
    const service = await rows.service();
    const order = await rows.order({ state: 'READY', releases: [{ service, state: 'READY' }] });
    const source =
      'query ($id: ID!, $release: ID!) { releaseOrder(id: $id) { id } order: node(id: $id) { id } release: node(id: $release) { id } }';
    const ids = { id: order.id, release: idOfRelease(order.releases[0] ?? '') };
    expect(await ask(source, ids, 'stranger')).toEqual({ releaseOrder: null, order: null, release: null });
    expect(await ask(source, ids, 'member')).toMatchObject({
      releaseOrder: { id: order.id },
      release: { id: ids.release },
    });
  });
});

const stateOf = async ({ id }: MadeOrder) => {
  const { releaseOrder } = await ask<{
    releaseOrder: {
      state: string;
      possibleActions: string[];
      releases: { state: string; possibleActions: string[] }[];
    };
  }>('query ($id: ID!) { releaseOrder(id: $id) { state possibleActions releases { state possibleActions } } }', { id });
  return releaseOrder;
};

async function paused(service?: MadeService): Promise<MadeOrder> {
  return rows.order({ state: 'PAUSED', releases: [{ service: service ?? (await rows.service()), state: 'PAUSED' }] });
}

const waitingGroups = async ({ id }: MadeOrder) => {
  const { releaseOrder } = await ask<{ releaseOrder: { waitingGroups: { id: string }[] } }>(
    'query ($id: ID!) { releaseOrder(id: $id) { waitingGroups { id } } }',
    { id },
  );
  return releaseOrder.waitingGroups.map((group) => group.id);
};

describe('what people do to an order', () => {
  it('starts one service alone, then the rest, and refuses what its state does not allow (REL-22, REL-23)', async () => {
    const [a, b] = [await rows.service(), await rows.service()];
    const order = await rows.order({
      state: 'READY',
      releases: [a, b].map((service) => ({ service, state: 'READY' as const })),
    });
    expect((await stateOf(order)).possibleActions).toEqual(['START', 'CANCEL']);
    const [first = ''] = order.releases;
    const alone = { id: order.id, releaseIds: [idOfRelease(first)] };
    expect(await mutate('startReleaseOrder', alone, 'member')).toMatchObject({
      __typename: 'StartReleaseOrderSuccess',
    });
    expect(await mutate('startReleaseOrder', alone)).toMatchObject({ reason: 'RELEASE_STATE' });
    expect(
      await mutate('rollBackReleaseOrder', {
        id: order.id,
        releaseIds: [idOfRelease(order.releases[1] ?? '')],
        confirm: 'x',
      }),
    ).toMatchObject({ __typename: 'ValidationError' });
    expect(await mutate('confirmReleaseOrder', { id: order.id, rollback: true })).toMatchObject({
      reason: 'RELEASE_STATE',
    });
    expect(await mutate('startReleaseOrder', { id: order.id })).toMatchObject({
      __typename: 'StartReleaseOrderSuccess',
    });
    const elsewhere = await paused();
    const foreign = { id: order.id, releaseIds: [idOfRelease(elsewhere.releases[0] ?? '')] };
    expect(await mutate('startReleaseOrder', foreign)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await mutate('startReleaseOrder', { id: order.id, releaseIds: [] })).toMatchObject({
      __typename: 'ValidationError',
    });
  });

  it('lets owner, operators and administrators confirm, and nobody else (REL-30)', async () => {
    const named = { owner: 'token:owner', operators: ['token:operator'] };
    const expected: Partial<Record<Person, string>> = {
      owner: 'ConfirmReleaseOrderSuccess',
      operator: 'ConfirmReleaseOrderSuccess',
      admin: 'ConfirmReleaseOrderSuccess',
      member: 'ForbiddenError',
      stranger: 'NotFoundError',
    };
    for (const [who, type] of Object.entries(expected)) {
      const order = await paused(await rows.service(named));
      const input = { id: order.id, groupIds: await waitingGroups(order) };
      const answer = await mutate('confirmReleaseOrder', input, who as Person);
      expect([who, answer.__typename]).toEqual([who, type]);
      const { groups } = await ask<{ groups: { groups: { state: string; confirmedBy: string | null }[] } }>(
        'query ($id: ID!) { groups: node(id: $id) { ... on ServiceRelease { groups { state confirmedBy plannedPods { count } } } } }',
        { id: idOfRelease(order.releases[0] ?? '') },
      );
      const by = who === 'admin' ? 'dev:dev-admin' : `token:${who}`;
      expect(groups.groups[0]?.confirmedBy).toBe(type === 'ConfirmReleaseOrderSuccess' ? by : null);
      expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id: order.id }, who as Person)).toEqual({
        node: who === 'stranger' ? null : { id: order.id },
      });
    }
    const open = await paused();
    const input = { id: open.id, groupIds: await waitingGroups(open) };
    expect(await mutate('confirmReleaseOrder', input, 'member')).toMatchObject({
      __typename: 'ConfirmReleaseOrderSuccess',
    });
  });

  it('ends an order that waits only knowingly, and one service of several alone (REL-32)', async () => {
    const order = await paused();
    expect(await mutate('cancelReleaseOrder', { id: order.id }, 'member')).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'SEVERAL_VERSIONS_ONLINE' }],
    });
    expect((await stateOf(order)).state).toBe('PAUSED');
    const known = { id: order.id, acknowledge: ['SEVERAL_VERSIONS_ONLINE'] };
    expect(await mutate('cancelReleaseOrder', known, 'member')).toMatchObject({ releaseOrder: { state: 'CANCELLED' } });
    const [a, b] = [await rows.service(), await rows.service()];
    const both = await rows.order({
      state: 'READY',
      releases: [a, b].map((service) => ({ service, state: 'READY' as const })),
    });
    await mutate('cancelReleaseOrder', { id: both.id, releaseIds: [idOfRelease(both.releases[0] ?? '')] });
    expect((await stateOf(both)).releases.map(({ state }) => state)).toEqual(['CANCELLED', 'READY']);
    expect(await create({ services: of(a) })).toMatchObject({ __typename: 'CreateReleaseOrderSuccess' });
  });

  it('plans again what could not be planned, and ignores a task that failed (REL-22, REL-28)', async () => {
    const unplanned = await rows.order({
      state: 'INIT_FAILED',
      releases: [{ service: await rows.service(), state: 'READY' }],
    });
    expect((await stateOf(unplanned)).possibleActions).toEqual(['CANCEL', 'RETRY']);
    expect(await mutate('startReleaseOrder', { id: unplanned.id })).toMatchObject({ reason: 'RELEASE_STATE' });
    expect(await mutate('retryReleaseOrder', { id: unplanned.id, dryRun: true })).toMatchObject({
      releaseOrder: { state: 'INITIALIZING' },
    });
    expect((await stateOf(unplanned)).state).toBe('INIT_FAILED');

    const failed = await rows.order({
      state: 'FAILED',
      releases: [{ service: await rows.service(), state: 'FAILED' }],
    });
    const task = await rows.failedTask(failed.releases[0] ?? '');
    expect((await stateOf(failed)).possibleActions).toEqual(['RETRY', 'IGNORE_TASK', 'ROLL_BACK']);
    const foreign = { id: unplanned.id, ignoreTaskId: idOfTask(task) };
    expect(await mutate('retryReleaseOrder', foreign)).toMatchObject({ __typename: 'NotFoundError' });
    expect(
      await mutate('retryReleaseOrder', { id: failed.id, ignoreTaskId: idOfTask(task), podIds: [] }),
    ).toMatchObject({ __typename: 'ValidationError' });
    expect(await mutate('retryReleaseOrder', { id: failed.id, podIds: ['none'] })).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await mutate('retryReleaseOrder', { id: failed.id, ignoreTaskId: idOfTask(task) })).toMatchObject({
      releaseOrder: { state: 'RUNNING' },
    });
    const { node } = await ask<{ node: { tasks: object[] } }>(
      'query ($id: ID!) { node(id: $id) { ... on ServiceRelease { tasks { id kind state attempts } } } }',
      { id: idOfRelease(failed.releases[0] ?? '') },
    );
    expect(node.tasks).toEqual([{ id: idOfTask(task), kind: 'APPLY_SERVICES', state: 'IGNORED', attempts: 1 }]);
  });

  it('goes back after it was confirmed, to where its preview says (REL-34, REL-35)', async () => {
    const service = await rows.service({ versions: ['PUBLISHED', 'SUBMITTED'] });
    await rows.order({ state: 'SUCCEEDED', releases: [{ service, state: 'SUCCEEDED', version: 0 }] });
    const order = await rows.order({ state: 'FAILED', releases: [{ service, state: 'FAILED', version: 1 }] });
    const read = await ask<{ releaseOrder: { title: string; releases: object[] } }>(
      'query ($id: ID!) { releaseOrder(id: $id) { title releases { rollbackPreview { outcome version { number } } } } }',
      { id: order.id },
    );
    expect(read.releaseOrder.releases).toEqual([
      { rollbackPreview: { outcome: 'TO_PREVIOUS', version: { number: 1 } } },
    ]);
    const confirm = read.releaseOrder.title;
    expect(await mutate('rollBackReleaseOrder', { id: order.id })).toMatchObject({ __typename: 'ValidationError' });
    expect(await mutate('rollBackReleaseOrder', { id: order.id, confirm }, 'member')).toMatchObject({
      releaseOrder: { state: 'ROLLING_BACK' },
    });
    const broken = await rows.order({
      state: 'ROLLBACK_FAILED',
      releases: [{ service: await rows.service(), state: 'ROLLBACK_FAILED' }],
    });
    const given = { id: broken.id, rollback: true };
    expect(await mutate('cancelReleaseOrder', given)).toMatchObject({
      unacknowledged: [{ code: 'SEVERAL_VERSIONS_ONLINE' }],
    });
    const known = { ...given, acknowledge: ['SEVERAL_VERSIONS_ONLINE'] };
    expect(await mutate('cancelReleaseOrder', known)).toMatchObject({ releaseOrder: { state: 'CANCELLED' } });
    const back = await rows.order({
      state: 'ROLLBACK_PENDING_CONFIRM',
      releases: [{ service: await rows.service(), state: 'ROLLBACK_PENDING_CONFIRM' }],
    });
    expect(await mutate('confirmReleaseOrder', { id: back.id, rollback: true })).toMatchObject({
      releaseOrder: { state: 'ROLLED_BACK' },
    });
  });
});

describe('deleteReleaseOrder', () => {
  it('takes ended orders away, and never what the platform knows the way back by (T12, T17)', async () => {
    const service = await rows.service();
    const gone = await rows.order({ state: 'CANCELLED', releases: [{ service, state: 'CANCELLED' }] });
    const needed = await rows.order({ state: 'SUCCEEDED', releases: [{ service, state: 'SUCCEEDED' }] });
    const active = await paused();
    const remove = (order: MadeOrder, who?: Person) => mutate('deleteReleaseOrder', { id: order.id }, who, 'id');
    expect(await remove(active)).toMatchObject({ reason: 'RELEASE_STATE' });
    expect(await remove(needed)).toMatchObject({ __typename: 'InUseError' });
    expect(await remove(gone, 'stranger')).toMatchObject({ __typename: 'NotFoundError' });
    expect(await remove(gone, 'member')).toMatchObject({ __typename: 'DeleteReleaseOrderSuccess', id: gone.id });
    expect(await remove(gone)).toMatchObject({ __typename: 'NotFoundError' });
    await rows.execute(`update release_app_services set deleted_at = now() where id = '${service.uuid}'`);
    const named = await ask<{ releaseOrder: { releases: object[] } }>(
      'query ($id: ID!) { releaseOrder(id: $id) { releases { serviceName service { id } version { id } } } }',
      { id: needed.id },
    );
    expect(named.releaseOrder.releases).toEqual([{ serviceName: service.name, service: null, version: null }]);
    expect(await remove(needed)).toMatchObject({ __typename: 'DeleteReleaseOrderSuccess' });
  });
});

interface Message {
  readonly releaseOrderProgress: {
    readonly type: string;
    readonly cursor: string;
    readonly progress: {
      readonly order: { readonly title: string; readonly state: string };
      readonly event: { readonly kind: string } | null;
    } | null;
  };
}

describe('releaseOrderProgress (CORE-38)', () => {
  const source = `subscription ($orderId: ID, $after: Cursor) { releaseOrderProgress(orderId: $orderId, after: $after) {
    type cursor progress { order { title state } releaseId event { kind actor message } pods { updatedPods totalPods percent } } } }`;
  const kinds = (stream: TestStream<Message>) =>
    stream.received.flatMap(({ data }) => data?.releaseOrderProgress.progress?.event?.kind ?? []);
  const kind =
    (wanted: string) =>
    ({ data }: { data?: Message | null }) =>
      data?.releaseOrderProgress.progress?.event?.kind === wanted;

  it('tells each step once, resumes exactly, and tells nobody of what is not for them', async () => {
    const service = await rows.service();
    const order = await rows.order({ state: 'READY', releases: [{ service, state: 'READY' }] });
    await using other = gateway.subscribe<Message>(source, {}, tokenOf('stranger')) as TestStream<Message>;
    await other.next(({ data }) => data?.releaseOrderProgress.type === 'SNAPSHOT');
    let cursor: string | undefined;
    {
      await using stream = gateway.subscribe<Message>(
        source,
        { orderId: order.id },
        tokenOf('member'),
      ) as TestStream<Message>;
      const first = await stream.next();
      expect(first.data?.releaseOrderProgress).toMatchObject({
        type: 'ADDED',
        progress: {
          order: { state: 'READY' },
          event: null,
          releaseId: null,
          pods: { updatedPods: 1, totalPods: 3, percent: 33 },
        },
      });
      await stream.next(({ data }) => data?.releaseOrderProgress.type === 'SNAPSHOT');
      await mutate('startReleaseOrder', { id: order.id });
      const started = await stream.next(kind('STARTED'));
      expect(started.data?.releaseOrderProgress.progress).toMatchObject({ event: { actor: 'dev:dev-admin' } });
      cursor = started.data?.releaseOrderProgress.cursor;
    }
    const away = await rows.order({
      state: 'READY',
      releases: [{ service: await rows.service({ namespace: 'elsewhere' }), state: 'READY' }],
      namespace: 'elsewhere',
    });
    const cancelled = await paused();
    await mutate('cancelReleaseOrder', { id: cancelled.id, acknowledge: ['SEVERAL_VERSIONS_ONLINE'] });
    await mutate('cancelReleaseOrder', { id: away.id });
    await using resumed = gateway.subscribe<Message>(
      source,
      { after: cursor },
      tokenOf('member'),
    ) as TestStream<Message>;
    const next = await resumed.next(kind('CANCELLED'));
    expect(next.data?.releaseOrderProgress.progress?.order.state).toBe('CANCELLED');
    expect(kinds(resumed).filter((each) => each === 'CANCELLED')).toHaveLength(1);
    await other.next(kind('CANCELLED'));
    expect(kinds(other)).toEqual(['CANCELLED']);
  });
});
