import { UpstreamError } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../src/data/testing/open-test-database.ts';
import { keepPlans, type StackPlan } from '../services/stacks/stack-plan.ts';
import { Killed, openReleaseDatabase } from '../testing/play-orders.ts';
import { playStacks, type StackPlay, secondsToStart } from '../testing/play-stacks.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openReleaseDatabase();
});
afterAll(() => database.close());

const isLong = process.env.LONGSHORE_TEST_LONG === '1';

const app = (name: string, image: string, dependsOn = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, annotations: {longshore.dev/depends-on: "${dependsOn}"}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${image}"}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`;
const options = (animal: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: options}\ndata: {animal: ${animal}}\n`;
const text = (...documents: readonly string[]) => documents.join('---\n');
const first = text(options('cats'), app('db', 'db:1'), app('side', 'side:1'), app('web', 'web:1', 'db,side'));
const second = text(options('dogs'), app('db', 'db:2'), app('side', 'side:1'), app('api', 'api:1', 'db'));

/** What may not be written before what is ready. */
const dependsOn: Readonly<Record<string, readonly string[]>> = {
  'poll-web': ['poll-db', 'poll-side'],
  'poll-api': ['poll-db'],
};

/** Notes each workload that was written while something that it depends on was not ready. */
function watchOrder({ cluster }: StackPlay): readonly string[] {
  const early: string[] = [];
  cluster.onWrite(({ verb, object }) => {
    const [, name = ''] = object.split('/');
    if (verb === 'delete' || !object.startsWith('Deployment/')) return;
    for (const other of dependsOn[name] ?? []) {
      const found = cluster.find(`Deployment/${other}`);
      if (!found || cluster.statusOf(found) !== 'RUNNING') early.push(`${name} before ${other}`);
    }
  });
  return early;
}

type Fault = 'kill' | 'database' | 'cluster' | 'answer';
const faults: readonly Fault[] = ['kill', 'database', 'cluster', 'answer'];
const shapes = ['is deployed', 'is changed', 'is deleted'] as const;

/** A stack from nothing to the end of this; points are counted, and hit, in its last part alone. */
async function run(shape: (typeof shapes)[number], at?: { readonly point: number; readonly fault: Fault }) {
  const play = playStacks(database);
  const early = watchOrder(play);
  const passed: string[] = [];
  const hit = () =>
    play.onFailpoint((name) => {
      passed.push(name);
      if (at?.point !== passed.length) return;
      if (at.fault === 'kill') throw new Killed(name);
      if (at.fault === 'database') throw new UpstreamError('database', 'the database is away');
      play.cluster.failNextWrite(at.fault === 'cluster' ? 'refuses' : 'loses-answer');
    });
  if (shape === 'is deployed') hit();
  const { id, operation: deployment } = await play.deploy(first);
  let operation = deployment;
  expect(await play.settle()).toBe(true);
  if (shape !== 'is deployed') {
    hit();
    operation = shape === 'is changed' ? await play.update(id, second) : await play.remove(id);
    expect(await play.settle()).toBe(true);
  }
  const row = await play.stacks.row(id);
  return {
    passed,
    end: {
      early,
      objects: play.cluster
        .state()
        .map((object) => JSON.stringify(object))
        .sort(),
      row: row && { phase: row.phase, version: row.version, earlier: row.earlier },
      operation: await play.see(operation),
      writes: play.cluster.writes.map(({ verb, object }) => `${verb} ${object}`).sort(),
    },
  };
}

/** Names of stacks, namespaces and digests differ between runs. */
const plain = (value: unknown): string =>
  JSON.stringify(value, null, 1).replaceAll(
    /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=stack-digest\\":\\")[0-9a-f]{16}/g,
    'x',
  );

describe.each(shapes)('a stack that %s and is hit anywhere on the way', (shape) => {
  it('ends as the calm one does, in the order of its dependencies, with every write to the cluster once (REL-44, REL-45)', {
    timeout: isLong ? 3_600_000 : 60_000,
  }, async () => {
    const calm = await run(shape);
    expect(calm.end.early).toEqual([]);
    expect(calm.end.operation).toMatchObject({ status: 'SUCCEEDED' });
    expect(calm.end.row?.phase).toBe(shape === 'is deleted' ? undefined : 'DEPLOYED');
    expect(calm.passed.length).toBeGreaterThanOrEqual(15);
    const cells = calm.passed.flatMap((_, index) => faults.map((fault) => ({ point: index + 1, fault })));
    // All in the long run; else a few that differ with the day, so that in time all are passed.
    const every = Math.ceil(cells.length / 5);
    const offset = new Date().getDate() % every;
    for (const cell of isLong ? cells : cells.filter((_, index) => index % every === offset)) {
      const name = `${cell.fault} at ${cell.point}: ${calm.passed[cell.point - 1]}`;
      const hit = await run(shape, cell);
      expect({ name, end: plain(hit.end) }).toEqual({ name, end: plain(calm.end) });
    }
  });
});

describe('a step of a stack', () => {
  it('that runs out of time has failed with the reason; retried, it goes on where it was (REL-44)', async () => {
    const play = playStacks(database);
    play.cluster.stuck.add('poll-db');
    const { id, operation } = await play.deploy(first);
    const begun = play.clock.now();
    expect(await play.settle()).toBe(true);
    expect(await play.see(operation)).toMatchObject({
      status: 'FAILED',
      error: {
        code: 'PRECONDITION_FAILED',
        message: `Step 'start-db' failed: Deployment 'poll-db' is not ready after ${secondsToStart} seconds; retry to wait on, or ignore it`,
      },
      steps: [
        'prepare SUCCESS',
        'start-db ERROR',
        'start-side NOT_EXECUTED',
        'start-web NOT_EXECUTED',
        'finish NOT_EXECUTED',
      ],
    });
    expect(play.clock.now() - begun).toBeGreaterThanOrEqual(secondsToStart * 1_000);
    expect(play.cluster.find('Deployment/poll-web')).toBe(undefined);
    expect(await play.stacks.row(id)).toMatchObject({ phase: 'DEPLOYING' });

    // It waits as long again, and is still not ready; then it is.
    await play.decide(operation, 'start-db', 'retry');
    await play.settle();
    expect(await play.see(operation)).toMatchObject({ status: 'FAILED' });
    const before = play.cluster.writes.length;
    play.cluster.stuck.clear();
    await play.decide(operation, 'start-db', 'retry');
    expect(await play.settle()).toBe(true);
    expect(await play.see(operation)).toMatchObject({ status: 'SUCCEEDED', error: undefined });
    expect(play.cluster.writes.slice(before)).toEqual([
      { verb: 'create', object: 'Service/poll-web' },
      { verb: 'create', object: 'Deployment/poll-web' },
    ]);
    expect(await play.stacks.row(id)).toMatchObject({ phase: 'DEPLOYED' });
  });

  it('that failed and is ignored holds up nothing any more (REL-44)', async () => {
    const play = playStacks(database);
    play.cluster.failing.add('poll-db');
    const { operation } = await play.deploy(first);
    await play.settle();
    expect(await play.see(operation)).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining("Deployment 'poll-db' has failed") },
    });
    await play.decide(operation, 'start-db', 'ignore');
    await play.settle();
    expect(await play.see(operation)).toMatchObject({
      status: 'SUCCEEDED',
      steps: expect.arrayContaining(['start-db IGNORED']),
    });
    expect(play.cluster.find('Deployment/poll-web')).toBeDefined();
  });

  it('that waits for what never goes has failed too, on the way there and back (REL-44, REL-45)', async () => {
    const play = playStacks(database);
    const { id } = await play.deploy(first);
    await play.settle();
    play.cluster.held.add('Deployment/poll-web');
    const deletion = await play.remove(id);
    expect(await play.settle()).toBe(true);
    expect(await play.see(deletion)).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining(`'web' is not gone after ${secondsToStart} seconds`) },
    });
    expect(await play.stacks.row(id)).toMatchObject({ phase: 'DELETING' });
    // What it depends on is still there: nothing goes before what needs it.
    expect(play.cluster.find('Deployment/poll-db')).toBeDefined();
    play.cluster.held.clear();
    await play.decide(deletion, 'remove-web', 'retry');
    await play.settle();
    expect(await play.see(deletion)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await play.stacks.row(id)).toBe(undefined);
    expect(play.cluster.state()).toEqual([]);
  });

  it('is not begun anew while what has its name is going; that too has its time (REL-44)', async () => {
    const play = playStacks(database);
    const { id } = await play.deploy(first);
    await play.settle();
    const [web, db] = ['Deployment/poll-web', 'ConfigMap/poll-options'];
    play.cluster.held.add(web).add(db);
    await play.cluster.writer.delete({}, { kind: 'Deployment' } as never, '', 'poll-web').catch(() => undefined);
    const operation = await play.update(
      id,
      text(options('cats'), app('db', 'db:1'), app('side', 'side:1'), app('web', 'web:2', 'db')),
    );
    expect(await play.settle()).toBe(true);
    expect(await play.see(operation)).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining("'web' cannot be written: what has its names is not gone") },
    });
  });

  it('waits while its cluster is away, and is done when that is back (REL-44)', async () => {
    const play = playStacks(database);
    const { operation } = await play.deploy(first);
    await play.step();
    play.setClusterState('UNREACHABLE');
    expect(await play.settle(10_000)).toBe(false);
    expect(await play.see(operation)).toMatchObject({ status: 'PENDING' });
    play.setClusterState('READY');
    await play.settle();
    expect(await play.see(operation)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('of a stack whose cluster is not served any more fails with the reason; ignored, the stack can go (REL-45)', async () => {
    const play = playStacks(database);
    const { id } = await play.deploy(text(options('cats'), app('db', 'db:1')));
    await play.settle();
    play.setClusterState(undefined);
    const deletion = await play.remove(id);
    for (const step of ['remove-db', 'remove-left-over']) {
      await play.settle();
      expect(await play.see(deletion)).toMatchObject({
        status: 'FAILED',
        error: { message: expect.stringContaining("Cluster 'east' is not served any more") },
      });
      await play.decide(deletion, step, 'ignore');
    }
    await play.settle();
    expect(await play.see(deletion)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await play.stacks.row(id)).toBe(undefined);
  });
});

describe('a stack that is deleted while it is deployed', () => {
  it('leaves nothing behind, though a write was under way (REL-45)', async () => {
    const play = playStacks(database);
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const disarm = play.failpoints.arm('release.stackChanges.before-create', () => {
      disarm();
      reached.resolve();
      return held.promise;
    });
    const { id, operation } = await play.deploy(text(app('db', 'db:1')));
    const late = play.step('late');
    await reached.promise;
    const deletion = await play.remove(id);
    // Another replica deletes what is there, which is nothing, and waits.
    for (let look = 0; look < 3; look += 1) {
      await play.step('two');
      play.clock.advance(1_100);
    }
    expect(await play.see(deletion)).toMatchObject({ status: 'PENDING' });
    held.resolve();
    await late;
    expect(play.cluster.find('Service/poll-db')).toBeDefined();
    expect(await play.settle()).toBe(true);
    expect(await play.see(deletion)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await play.see(operation)).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining('Something else is being done with the stack by now') },
    });
    expect(play.cluster.state()).toEqual([]);
    expect(await play.stacks.row(id)).toBe(undefined);
  });

  it('is carried on by nobody: a step that is retried later makes nothing (REL-44, REL-45)', async () => {
    const play = playStacks(database);
    play.cluster.failing.add('poll-db');
    const { id, operation } = await play.deploy(first);
    await play.settle();
    await play.remove(id);
    await play.settle();
    await play.decide(operation, 'start-db', 'retry');
    await play.settle();
    expect(await play.see(operation)).toMatchObject({ status: 'FAILED' });
    expect(play.cluster.state()).toEqual([]);
  });
});

describe('a cache that is behind', () => {
  it('makes nothing twice, and leaves nothing behind (REL-44, REL-45)', async () => {
    const calm = playStacks(database);
    const play = playStacks(database);
    const early = watchOrder(play);
    play.cluster.lag(2_500);
    const ids: string[] = [];
    for (const each of [calm, play]) {
      const { id } = await each.deploy(first);
      ids.push(id);
      expect(await each.settle()).toBe(true);
      await each.update(id, second);
      expect(await each.settle()).toBe(true);
    }
    const stateOf = ({ cluster }: StackPlay) =>
      plain(
        cluster
          .state()
          .map((object) => JSON.stringify(object))
          .sort(),
      );
    expect(stateOf(play)).toEqual(stateOf(calm));
    expect(early).toEqual([]);
    const deletion = await play.remove(ids[1] ?? '');
    expect(await play.settle()).toBe(true);
    expect(await play.see(deletion)).toMatchObject({ status: 'SUCCEEDED' });
    expect(play.cluster.state()).toEqual([]);
    const made = play.cluster.writes.filter(({ verb }) => verb === 'create').map(({ object }) => object);
    expect(new Set(made).size).toBe(made.length);
  });

  it('is not believed that nothing is there to be deleted (REL-45)', async () => {
    const play = playStacks(database);
    play.cluster.lag(10_000);
    const { id } = await play.deploy(first);
    while (!play.cluster.find('Deployment/poll-db')) await play.step();
    const deletion = await play.remove(id);
    expect(await play.settle()).toBe(true);
    expect(await play.see(deletion)).toMatchObject({ status: 'SUCCEEDED' });
    expect(play.cluster.state()).toEqual([]);
    expect(await play.stacks.row(id)).toBe(undefined);
  });

  it('takes over nothing that it does not show yet (REL-44)', async () => {
    const play = playStacks(database);
    const { operation } = await play.deploy(text(app('db', 'db:1')));
    play.cluster.lag(3_600_000);
    play.cluster.putForeign('Deployment', 'poll-db');
    await play.settle();
    expect(await play.see(operation)).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining("There is a Deployment 'poll-db' that is not of this stack") },
    });
    expect(play.cluster.find('Deployment/poll-db')?.metadata.uid).toBe('foreign');
  });
});

describe('texts that fail one after the other', () => {
  it('leave nothing of theirs behind, however many they are (REL-44, REL-46)', async () => {
    const play = playStacks(database);
    const { id } = await play.deploy(text(app('a0', 'a:1')));
    await play.settle();
    for (let round = 1; round <= 8; round += 1) {
      play.cluster.failing.add(`poll-a${round}`);
      await play.update(id, text(app(`a${round}`, 'a:1')));
      await play.settle();
    }
    expect((await play.stacks.row(id))?.earlier.length).toBeLessThanOrEqual(5);
    play.cluster.failing.clear();
    const last = await play.update(id, text(app('end', 'a:1')));
    await play.settle();
    expect(await play.see(last)).toMatchObject({ status: 'SUCCEEDED' });
    expect(
      play.cluster
        .state()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['Deployment/poll-end', 'Service/poll-end']);
  });

  it('are kept as they were, or as names alone, without a bound on what can be found again (REL-44)', () => {
    const plan = (...names: readonly string[]): StackPlan => ({
      shared: names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, manifest: { data: name } })),
      apps: [],
    });
    const kept = keepPlans([plan('a'), plan('b'), plan('a', 'c'), plan('c', 'd')], 2);
    expect(kept).toHaveLength(2);
    expect(kept[0]).toEqual(plan('a'));
    expect(kept[1]?.shared.map(({ name, manifest }) => [name, manifest])).toEqual([
      ['b', { data: 'b' }],
      ['c', {}],
      ['d', {}],
    ]);
    expect(keepPlans([plan('a')], 2)).toEqual([plan('a')]);
    expect(keepPlans([], 2)).toEqual([]);
  });
});
