import { UpstreamError } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { Killed, type OrderPlay, openReleaseDatabase, playOrders } from '../../testing/play-orders.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openReleaseDatabase();
});
afterAll(() => database.close());

const isLong = process.env.LONGSHORE_TEST_LONG === '1';

/** Orders of different shapes, each from nothing to its end, with what people do in between (P11). */
const shapes: Readonly<Record<string, (play: OrderPlay) => Promise<void>>> = {
  async single(play) {
    const { serviceId, versions } = await play.addService('front', 4);
    const order = await play.create([{ serviceId, versionId: versions[0] ?? '' }], { betaGroup: false });
    await settle(play);
    await play.act('START', order.uuid);
    await settle(play);
  },
  async 'five services that depend on each other'(play) {
    const all: Awaited<ReturnType<OrderPlay['addService']>>[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) all.push(await play.addService(name, 2, 1));
    const edges: Readonly<Record<string, readonly string[]>> = { b: ['a'], c: ['a'], d: ['b', 'c'], e: [] };
    const idOf = (name: string) => all.find((each) => each.name === name)?.serviceId ?? '';
    const order = await play.create(
      all.map(({ serviceId, name, versions }) => ({
        serviceId,
        versionId: versions[0] ?? '',
        dependsOn: (edges[name] ?? []).map(idOf),
      })),
      { betaGroup: false },
    );
    await settle(play);
    await play.act('START', order.uuid);
    await settle(play);
  },
  async 'beta, then all, then back'(play) {
    const { serviceId, versions } = await play.addService('front', 4);
    for (const version of versions) {
      const order = await play.create([{ serviceId, versionId: version }]);
      await settle(play);
      await play.act('START', order.uuid);
      await settle(play);
      await play.act('CONFIRM', order.uuid);
      await settle(play);
      if (version === versions[0]) continue;
      await play.act('ROLL_BACK', order.uuid);
      await settle(play);
      await play.act('CONFIRM_ROLLBACK', order.uuid);
    }
  },
};

/** Nothing may be stuck: it comes to rest within minutes of virtual time, whatever was killed. */
async function settle(play: OrderPlay): Promise<void> {
  expect(await play.settle(15 * 60_000)).toBe(true);
}

type Fault = 'kill' | 'database' | 'cluster' | 'answer';
const faults: readonly Fault[] = ['kill', 'database', 'cluster', 'answer'];

/** Passed points of the loop, and what happens at one of them. */
async function run(shape: string, at?: { readonly point: number; readonly fault: Fault }) {
  await database.empty();
  const play = playOrders(database);
  const passed: string[] = [];
  play.onFailpoint((name) => {
    passed.push(name);
    if (at?.point !== passed.length) return;
    if (at.fault === 'kill') throw new Killed(name);
    if (at.fault === 'database') throw new UpstreamError('database', 'the database is away');
    play.cluster.failNextWrite(at.fault === 'cluster' ? 'refuses' : 'loses-answer');
  });
  await shapes[shape]?.(play);
  const { releases, groups, tasks, events, services } = await play.rows();
  const names = new Map(services.map(({ id, name }) => [id, name]));
  const owner = new Map(
    releases.map(({ id, serviceId, orderId }) => [
      id,
      `${names.get(serviceId)} ${releases.filter((each) => each.orderId === orderId).length}`,
    ]),
  );
  return {
    passed,
    end: {
      cluster: Object.fromEntries(
        Object.entries(play.cluster.state()).map(([name, { replicas, versions }]) => [
          name,
          { replicas, versions: new Set(versions).size },
        ]),
      ),
      releases: releases
        .map(({ state, updatedPods, groupPosition, serviceId }) => [
          names.get(serviceId),
          state,
          updatedPods,
          groupPosition,
        ])
        .sort(),
      groups: groups
        .map(({ releaseId, position, state, isBeta }) => [owner.get(releaseId), position, state, isBeta].join())
        .sort(),
      tasks: tasks.map(({ releaseId, kind, state }) => [owner.get(releaseId), kind, state].join()).sort(),
      events: events
        .map(({ releaseId, kind, groupPosition }) => [owner.get(releaseId ?? ''), kind, groupPosition].join())
        .sort(),
      services: services.map(({ name, lastReleaseState, releaseId }) => [name, lastReleaseState, releaseId]),
    },
    effects: play.cluster.effects
      .map(({ workload, what }) => `${workload} ${what.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'version')}`)
      .sort(),
  };
}

describe.each(Object.keys(shapes))('an order of the shape "%s" that is hit anywhere (P11)', (shape) => {
  it('ends as the calm one does, with every write to the cluster once', {
    timeout: isLong ? 3_600_000 : 120_000,
  }, async () => {
    const calm = await run(shape);
    expect(calm.passed.length).toBeGreaterThanOrEqual(40);
    const points = calm.passed.map((_, index) => index + 1);
    // All in the long run; else a few that differ with the day, so that in time all are passed.
    const cells = points.flatMap((point) => faults.map((fault) => ({ point, fault })));
    const every = Math.ceil(cells.length / 10);
    const offset = new Date().getDate() % every;
    const chosen = isLong ? cells : cells.filter((_, index) => index % every === offset);
    for (const cell of chosen) {
      const name = `${cell.fault} at ${cell.point}: ${calm.passed[cell.point - 1]}`;
      const hit = await run(shape, cell);
      expect({ name, ...hit.end }).toEqual({ name, ...calm.end });
      expect({ name, effects: hit.effects }).toEqual({ name, effects: calm.effects });
    }
    if (isLong) process.stderr.write(`${shape}: ${points.length} points, ${chosen.length} runs\n`);
  });

  it('has a point before and behind each effect, where it can be hit', async () => {
    await database.empty();
    const play = playOrders(database);
    const seen: string[] = [];
    play.onFailpoint((name) => void seen.push(name));
    play.onEffect((what) => void seen.push(what));
    await shapes[shape]?.(play);
    const effects = seen.flatMap((what, index) => (what.startsWith('effect') ? [index] : []));
    expect(effects.length).toBeGreaterThan(10);
    for (const index of effects) {
      const [before, what, behind] = seen.slice(index - 1, index + 2);
      expect(before, `${what} has no point before it`).toMatch(/\.(before-|after-pending)/);
      expect(behind, `${what} has no point behind it`).toMatch(/\.(after-|before-close)/);
    }
  });
});
