import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import { causeOf } from './services/objects/write-object-status.ts';
import { conditionOf, orderObjects, type SeenObject } from './testing/order-objects.ts';
import { orderRows } from './testing/order-rows.ts';

let gateway: TestGateway;
const stack = new AsyncDisposableStack();
const rows = orderRows(() => gateway);
const objects = orderObjects(() => gateway.cluster);

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-objects-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const profile = join(folder, 'quick.yaml');
  const values = 'release:\n    release.podReadySeconds: 0\n';
  await writeFile(profile, `name: quick\ntitle: Quick\nextends: default\nvalues:\n  ${values}`);
  const sha256 = createHash('sha256').update('gitops-token-of-thirty-two-characters').digest('hex');
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 50,
      settings: {
        embedded: { engines: ['kruise', 'longshore'] },
        profiles: [profile],
        profile: 'quick',
        // Makes orders, and may change no app service.
        roles: [
          {
            ...{ name: 'planner', description: 'Plans.', extends: ['GUEST'] },
            rules: [
              { actions: ['READ'], subjects: ['release/AppService', 'release/ReleaseOrder'], where: 'namespaces' },
              { actions: ['CREATE'], subjects: ['release/ReleaseOrder'], where: 'namespaces' },
            ],
          },
        ],
        tokens: [
          { name: 'gitops', sha256, roles: ['DEVELOPER'], namespaces: ['shop'] },
          { name: 'planner', sha256: sha256.split('').reverse().join(''), roles: ['planner'], namespaces: ['default'] },
        ],
        pluginSettings: {
          release: {
            orderObjects: [
              { cluster: 'embedded', namespaces: ['shop', 'kube-node-lease'], actAs: 'token:gitops' },
              { cluster: 'embedded', namespaces: ['default'], actAs: 'token:planner' },
              { cluster: 'embedded', namespaces: ['kube-public'], actAs: 'dev:dev-admin' },
            ],
          },
        },
      },
    }),
  );
  await objects.call('POST', '/api/v1/namespaces', {
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } },
  });
}, 60_000);
afterAll(async () => {
  await objects.close();
  await stack.disposeAsync();
});

async function ask<Data>(source: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never);
  expect(JSON.stringify(errors)).toBeUndefined();
  return data as Data;
}

async function countOrders(): Promise<number> {
  const { releaseOrders } = await ask<{ releaseOrders: { totalCount: number } }>('{ releaseOrders { totalCount } }');
  return releaseOrders.totalCount;
}

const recordsOf = async (object: SeenObject) => {
  const filter = { requestId: causeOf(object as never) };
  const { records } = await gateway.gateway.rooms.operations.list(filter, { first: 100, isOldestFirst: true });
  return records;
};

const orderState = async (id: string | undefined) =>
  (
    await ask<{ releaseOrder: { state: string } | null }>('query ($id: ID!) { releaseOrder(id: $id) { state } }', {
      id,
    })
  ).releaseOrder?.state;

/** An app service that really runs; two groups behind its beta group. */
async function makeService(name: string): Promise<void> {
  const mutate = async (mutation: string, input: object, fields: string) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const data = await ask<Record<string, { __typename: string }>>(
      `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename ... on ${type}Success { ${fields} }
        ... on Error { message } ... on ValidationError { issues { path message } } } }`,
      { input },
    );
    expect(data[mutation]?.__typename, JSON.stringify(data[mutation])).toBe(`${type}Success`);
    return data[mutation];
  };
  const made = (await mutate(
    'createApplication',
    { name, cluster: 'embedded', namespace: 'shop' },
    'application { id }',
  )) as unknown as { application: { id: string } };
  await mutate(
    'createAppService',
    {
      ...{ cluster: 'embedded', namespace: 'shop', name, applicationId: made.application.id, submit: true },
      template: { containers: [{ name: 'main', image: `${name}:1` }] },
      scaling: { replicas: 5 },
      deployment: { grouping: 'FAST', minGroups: 2, betaGroup: true, pauseAfterGroup: true },
    },
    'version { id }',
  );
}

describe('a ReleaseOrder that is applied (REL-39)', () => {
  it('is made, started, confirmed group by group and told of, in the name of whom the settings say', {
    timeout: 60_000,
  }, async () => {
    await makeService('ballot');
    const before = await countOrders();
    const spec = { title: 'Ballot 1', services: [{ appService: 'ballot', version: 1 }], start: true };
    const object = await objects.apply('ballot-1', spec);
    const paused = await objects.inPhase('ballot-1', 'PAUSED');
    expect(paused.services).toMatchObject([{ appService: 'ballot', version: 1, state: 'PAUSED', group: 1, groups: 3 }]);
    expect(conditionOf(paused, 'Accepted')).toMatchObject({ status: 'True', reason: 'ORDER_MADE' });
    expect(conditionOf(paused, 'InSync')).toMatchObject({ status: 'True' });
    expect(conditionOf(paused, 'Ready')).toMatchObject({ status: 'False', reason: 'PAUSED' });
    expect(await orderState(paused.orderId)).toBe('PAUSED');

    await objects.apply('ballot-1', { ...spec, confirmedGroups: 1 });
    await objects.told('ballot-1', ({ phase, services }) => phase === 'PAUSED' && services?.[0]?.group === 2);
    await objects.apply('ballot-1', { ...spec, confirmedGroupsOf: { ballot: 100 } });
    const ended = await objects.inPhase('ballot-1', 'SUCCEEDED');
    expect(ended).toMatchObject({ percent: 100, updatedPods: 5, totalPods: 5, finishedAt: expect.any(String) });
    expect(conditionOf(ended, 'Ready')).toMatchObject({ status: 'True', reason: 'SUCCEEDED' });
    expect(conditionOf(ended, 'Progressing')).toMatchObject({ status: 'False' });

    const records = await recordsOf(object);
    const own = records.filter(({ action }) => action !== 'release.orderObjects');
    expect(own.map(({ action, principalId, status }) => `${action} ${principalId} ${status}`)).toEqual(
      [
        'createReleaseOrder token:gitops SUCCEEDED',
        'startReleaseOrder token:gitops SUCCEEDED',
        'confirmReleaseOrder token:gitops SUCCEEDED',
        'confirmReleaseOrder token:gitops SUCCEEDED',
      ].concat(own.length > 4 ? Array(own.length - 4).fill('confirmReleaseOrder token:gitops SUCCEEDED') : []),
    );
    // Planned, ready, running, paused twice, running twice, and the end: numbers in between are gathered.
    const writes = records.length - own.length;
    process.stderr.write(`status writes of one release of three groups: ${writes}\n`);
    expect(writes).toBeLessThanOrEqual(20);
    const reasons = (await objects.eventsOf('ballot-1')).map(({ reason }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['RUNNING', 'PAUSED', 'SUCCEEDED']));

    // The same once more, and with the confirmations taken back: nothing happens twice.
    await objects.apply('ballot-1', spec);
    await objects.told('ballot-1', ({ phase }) => phase === 'SUCCEEDED');
    expect(await countOrders()).toBe(before + 1);
    expect((await recordsOf(object)).filter(({ action }) => action === 'startReleaseOrder')).toHaveLength(1);
  });

  it('is refused in its conditions and by an Event, with the codes of the API, and made once it is mended', async () => {
    const [one, other] = [await rows.service(), await rows.service({ versions: ['SUBMITTED', 'DRAFT'] })];
    const cases: readonly (readonly [name: string, spec: object, code: string, message: RegExp])[] = [
      [
        'unknown',
        { services: [{ appService: 'nobody' }] },
        'VALIDATION',
        /spec\.services\[0\]\.appService: .*'nobody'.*\(unknown\)/,
      ],
      [
        'no-version',
        { services: [{ appService: one.name, version: 9 }] },
        'VALIDATION',
        /services\[0\]\.version: .*\(unknown\)/,
      ],
      [
        'draft',
        { services: [{ appService: other.name, version: 2 }] },
        'VALIDATION',
        /spec\.services\[0\]\.version: .*\(draft\)/,
      ],
      [
        'not-in-order',
        { services: [{ appService: one.name, dependsOn: [other.name] }] },
        'VALIDATION',
        /dependsOn\[0\]: .*\(unknown\)/,
      ],
      [
        'cycle',
        {
          services: [
            { appService: one.name, dependsOn: [other.name] },
            { appService: other.name, dependsOn: [one.name] },
          ],
        },
        'VALIDATION',
        /in a circle.*\(cycle\)/,
      ],
    ];
    const before = await countOrders();
    for (const [name, spec] of cases) await objects.apply(name, spec);
    for (const [name, , code, message] of cases) {
      const told = await objects.inPhase(name, 'REFUSED');
      expect(conditionOf(told, 'Accepted')).toMatchObject({
        status: 'False',
        reason: code,
        message: expect.stringMatching(message),
      });
      expect(conditionOf(told, 'Stalled')).toMatchObject({ status: 'True' });
      expect((await objects.eventsOf(name)).map(({ type, reason }) => `${type} ${reason}`)).toEqual([
        `Warning ${code}`,
      ]);
    }
    expect(await countOrders()).toBe(before);
    await objects.apply('draft', { services: [{ appService: other.name, version: 1 }] });
    await objects.inPhase('draft', 'READY');
    await objects.apply('active', { services: [{ appService: other.name }] });
    const active = await objects.inPhase('active', 'REFUSED');
    expect(conditionOf(active, 'Accepted')).toMatchObject({ status: 'False', reason: 'RELEASE_ACTIVE' });
  });

  it('is heeded only where an administrator has said who acts, and what they may not do is refused (refused)', async () => {
    const before = await countOrders();
    /** What is said of one that releases an app service of this namespace. */
    const saidIn = async (namespace: string) => {
      const service = await rows.service({ namespace });
      const there = orderObjects(() => gateway.cluster, namespace);
      await there.apply('tried', { services: [{ appService: service.name }] });
      const said = conditionOf(await there.inPhase('tried', 'REFUSED'), 'Accepted');
      await there.close();
      return `${said?.reason} ${said?.message}`;
    };
    expect(await saidIn('elsewhere')).toMatch(/^NOT_ENABLED .*pluginSettings\.release\.orderObjects/);
    expect(await saidIn('default')).toMatch(/^FORBIDDEN You may not release/);
    // What the principal may not see is not there.
    expect(await saidIn('kube-node-lease')).toMatch(/^VALIDATION .*\(unknown\)/);
    expect(await saidIn('kube-public')).toMatch(/^FORBIDDEN .*is an administrator/);
    expect(await countOrders()).toBe(before);
  });

  it('keeps what its order is made of: the cluster refuses a change, as it refuses what is no ReleaseOrder', async () => {
    const service = await rows.service();
    const spec = { services: [{ appService: service.name }] };
    await objects.apply('kept', spec);
    await objects.inPhase('kept', 'READY');
    const changed = await objects.tryApply('kept', { ...spec, betaGroup: false });
    expect(changed).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('spec.betaGroup stays once the order is made') },
    });
    expect((await objects.tryApply('kept', { services: [{ appService: 'another' }] })).status).toBe(422);
    for (const bad of [
      { services: [] },
      { services: [{ appService: service.name, version: 1, change: { replicas: 2 } }] },
      { services: [{ appService: service.name }], cancelled: true, rollback: { confirm: 'x' } },
      { services: [{ appService: service.name }, { appService: service.name }] },
      { services: [{ appService: service.name }], confirmedGroups: -1 },
    ]) {
      expect((await objects.tryApply('bad', bad)).status, JSON.stringify(bad)).toBeGreaterThanOrEqual(400);
    }
    // Past the schema, as where the status was lost: the loop says it too, and starts nothing else than what is written.
    await objects.call(
      'PATCH',
      '/apis/release.longshore.dev/v1alpha1/namespaces/shop/releaseorders/kept/status',
      { status: null },
      'application/merge-patch+json',
    );
    await objects.apply('kept', { ...spec, betaGroup: false, start: true });
    const told = await objects.told('kept', (status) => conditionOf(status, 'InSync')?.reason === 'SPEC_CHANGED');
    expect(told.phase).toBe('READY');
  });

  it('cancels an order that nobody has begun, also when it is deleted; under the same name another is made', async () => {
    const service = await rows.service();
    const spec = { services: [{ appService: service.name }] };
    await objects.apply('gone', spec);
    const first = await objects.inPhase('gone', 'READY');
    await objects.remove('gone');
    await until(async () => expect(await orderState(first.orderId)).toBe('CANCELLED'));
    await objects.apply('gone', spec);
    const second = await objects.inPhase('gone', 'READY');
    expect(second.orderId).not.toBe(first.orderId);
    await objects.apply('gone', { ...spec, cancelled: true });
    const cancelled = await objects.inPhase('gone', 'CANCELLED');
    expect(conditionOf(cancelled, 'Ready')).toMatchObject({ status: 'False', reason: 'CANCELLED' });
    expect(conditionOf(cancelled, 'InSync')).toMatchObject({ status: 'True' });
  });

  it('leaves an order that was begun as it is when it is deleted, and with it what runs', {
    timeout: 60_000,
  }, async () => {
    await makeService('stays');
    await objects.apply('stays-1', { services: [{ appService: 'stays' }], start: true });
    const { orderId } = await objects.inPhase('stays-1', 'PAUSED');
    await objects.remove('stays-1');
    await until(async () => {
      const left = await gateway.gateway.foundation.database.db.execute(
        `select 1 from release_order_objects where name = 'stays-1'` as never,
      );
      expect([...(left as unknown as Iterable<unknown>)]).toEqual([]);
    });
    expect(await orderState(orderId)).toBe('PAUSED');
  });

  it('takes back what it has released once the title is typed again', { timeout: 60_000 }, async () => {
    await makeService('back');
    const spec = { title: 'Back 1', services: [{ appService: 'back' }], start: true, confirmedGroups: 1_000 };
    await objects.apply('back-1', spec);
    await objects.inPhase('back-1', 'SUCCEEDED');
    await objects.apply('back-1', { ...spec, rollback: { confirm: 'another' } });
    const refused = await objects.told('back-1', (status) => conditionOf(status, 'InSync')?.status === 'False');
    expect(conditionOf(refused, 'InSync')?.message).toContain('confirmation_mismatch');
    await objects.apply('back-1', { ...spec, rollback: { confirm: 'Back 1' } });
    await objects.inPhase('back-1', 'ROLLBACK_PENDING_CONFIRM');
    await objects.apply('back-1', { ...spec, rollback: { confirm: 'Back 1', confirmed: true } });
    await objects.inPhase('back-1', 'ROLLED_BACK');
  });

  it('makes one order, started once, wherever the process dies in between', { timeout: 60_000 }, async () => {
    const points = ['before-create', 'after-create', 'before-start', 'after-start', 'before-status'];
    for (const point of points) {
      const service = await rows.service();
      const before = await countOrders();
      let hits = 0;
      const disarm = gateway.gateway.failpoints.arm(`release.orderObjects.${point}`, () => {
        hits += 1;
        if (hits === 1) throw new Error('killed');
      });
      const object = await objects.apply(`killed-${point}`, { services: [{ appService: service.name }], start: true });
      await objects.told(object.metadata.name, ({ phase }) => phase !== 'INITIALIZING' && phase !== 'READY');
      disarm();
      expect(hits, point).toBeGreaterThan(0);
      expect(await countOrders(), point).toBe(before + 1);
      const done = (await recordsOf(object)).filter(
        ({ action, status }) => action === 'startReleaseOrder' && status === 'SUCCEEDED',
      );
      expect(done, point).toHaveLength(1);
    }
  });

  it('lets go of its order once, wherever the process dies in between', { timeout: 60_000 }, async () => {
    for (const point of ['before-let-go', 'before-forget']) {
      const service = await rows.service();
      let hits = 0;
      const disarm = gateway.gateway.failpoints.arm(`release.orderObjects.${point}`, () => {
        hits += 1;
        if (hits === 1) throw new Error('killed');
      });
      const object = await objects.apply(`left-${point}`, { services: [{ appService: service.name }] });
      const { orderId } = await objects.inPhase(object.metadata.name, 'READY');
      await objects.remove(object.metadata.name);
      await until(async () => {
        expect(await orderState(orderId)).toBe('CANCELLED');
        expect(hits, point).toBeGreaterThan(1);
      });
      disarm();
      const done = (await recordsOf(object)).filter(({ action }) => action === 'cancelReleaseOrder');
      expect(
        done.map(({ status }) => status),
        point,
      ).toEqual(['SUCCEEDED']);
    }
  });
});
