import { fileURLToPath } from 'node:url';
import { type Database, drizzle, type QueueFence } from 'longshore/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { startPostgres } from '../../../../src/data/testing/start-postgres.ts';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import { createWorkQueue } from '../../../../src/work/work-queue.ts';
import { PodCluster, type PodState, type Replica, startReplica, Tally } from '../../testing/metered-world.ts';
import type { UsageSeries } from './attribution.ts';
import { forgetUsage } from './forget-usage.ts';
import { createMeterStore } from './meter-store.ts';
import { meteringReconcilerName } from './metering-loop.ts';

const { sql } = drizzle;
const migrations = [
  { plugin: 'compute', folder: fileURLToPath(new URL('../../../../migrations/compute', import.meta.url)) },
];
const beginMs = Date.UTC(2026, 0, 1);
const daySeconds = 86_400;
const isLong = process.env.LONGSHORE_TEST_LONG === '1';
const server = await startPostgres();

const seriesOf = (name: string | undefined): UsageSeries | undefined =>
  name === undefined
    ? undefined
    : {
        id: name,
        cluster: 'east',
        namespace: 'shop',
        workloadKind: 'Deployment',
        workloadName: name,
        applicationId: null,
        workspaceId: null,
        projectId: null,
      };

/** The same row of chances every time. */
function createChances(seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return { upTo: (most: number) => Math.floor(next() * (most + 1)), happens: (share: number) => next() < share };
}

interface TruePod {
  state: PodState;
  readonly rates: { readonly from: number; readonly millicores: number }[];
  end: number | undefined;
}

/** Two replicas with a database between them, over a cluster in which things happen. */
function createWorld(database: Database) {
  const manual = createManualClock(beginMs);
  let offsetMs = 0;
  const clock = { ...manual, now: () => manual.now() + offsetMs };
  const queue = createWorkQueue(database, clock);
  const cluster = new PodCluster();
  const start = () => startReplica(cluster, () => clock.now());
  const replicas: [Replica, Replica] = [start(), start()];
  const stores = [createMeterStore({ database, clock }), createMeterStore({ database, clock })];
  return {
    clock,
    /** The clock says so much more than it should. */
    stepClock(ms: number): void {
      offsetMs = ms;
    },
    cluster,
    replicas,
    start,
    async claim(): Promise<QueueFence> {
      await database.db.execute(sql`update core_queue set lease_expires_at = null`);
      await queue.enqueue(meteringReconcilerName, 'east');
      const [claimed] = await queue.claim({
        reconcilers: [meteringReconcilerName],
        holder: 'test',
        limit: 1,
        leaseMs: 60_000,
      });
      if (!claimed) throw new Error('nothing was claimed');
      return claimed.fence;
    },
    settle: (who: number, fence: QueueFence, identity = 'one') =>
      (stores[who] as (typeof stores)[0]).settle(
        {
          name: 'east',
          identity,
          hearing: (replicas[who] as Replica).hearing,
          seriesOf: ({ labels }) => seriesOf(labels.series),
        },
        fence,
      ),
  };
}

async function told(database: Database) {
  const rows = await database.db.execute<{ id: string; hour: string; cpu: string; memory: string; pods: string }>(sql`
    select series_id as id, extract(epoch from hour)::bigint as hour, millicore_seconds as cpu, kib_seconds as memory, pod_seconds as pods
    from compute_usage_hours where pod_seconds <> 0 or millicore_seconds <> 0`);
  const usage = rows.map(({ id, hour, cpu, memory, pods }) => [
    `${id} ${hour}`,
    { millicoreSeconds: BigInt(cpu), kibSeconds: BigInt(memory), podSeconds: BigInt(pods) },
  ]);
  return Object.fromEntries(usage);
}

/**
 * Starts, ends, resizes, restarts, a clock that steps, an hour in which nobody hears, settled by one or the other. Something may happen
 * twice an hour, however seldom a round is.
 */
async function liveThrough(database: Database, days: number, everySeconds: number): Promise<void> {
  const world = createWorld(database);
  const chances = createChances(42);
  const pods: TruePod[] = [];
  const gaps: object[] = [];
  const nowSeconds = () => Math.floor(world.clock.now() / 1_000);
  const running = new Set<TruePod>();
  const startPod = () => {
    const amounts = { millicores: chances.upTo(8_000), memoryMi: chances.upTo(16_000) };
    const state = { name: `p${pods.length}`, series: `s${chances.upTo(3)}`, ...amounts, startSeconds: nowSeconds() };
    const pod = { state, rates: [{ from: nowSeconds(), millicores: state.millicores }], end: undefined };
    pods.push(pod);
    running.add(pod);
    world.cluster.put(state);
  };
  const complete = (pod: TruePod) => {
    pod.end = nowSeconds();
    running.delete(pod);
    world.cluster.put({ ...pod.state, finishedSeconds: nowSeconds() });
  };
  const hear = () => {
    for (const { feed } of world.replicas) feed.hear();
  };
  const endSeconds = nowSeconds() + days * daySeconds;
  await world.settle(0, await world.claim());
  let stale: QueueFence | undefined;
  while (nowSeconds() < endSeconds) {
    for (let left = everySeconds; left > 0; ) {
      const step = Math.min(left, 1 + chances.upTo(Math.min(everySeconds, 3_600)));
      world.clock.advance(step * 1_000);
      left -= step;
      const alive = [...running];
      const chosen = alive[chances.upTo(Math.max(alive.length - 1, 0))];
      if (alive.length < 8 && chances.happens(0.4)) startPod();
      else if (chosen && chances.happens(0.2)) {
        chosen.state = { ...chosen.state, millicores: chances.upTo(8_000) };
        chosen.rates.push({ from: nowSeconds(), millicores: chosen.state.millicores });
        world.cluster.put(chosen.state);
      } else if (chosen && chances.happens(0.3)) {
        complete(chosen);
        if (chances.happens(0.7)) world.cluster.remove(chosen.state.name);
      }
      hear();
    }
    const who = chances.upTo(1);
    const fence = await world.claim();
    if (stale) await expect(world.settle(1 - who, stale)).rejects.toThrow('held by someone else');
    stale = chances.happens(0.1) ? fence : undefined;
    const outcome = await world.settle(who, fence);
    expect(outcome.is).toBe('SETTLED');
    // A process that dies here has written it, and forgets nothing of what it heard.
    if (chances.happens(0.8) && outcome.is === 'SETTLED') world.replicas[who]?.hearing.forget(outcome.position);
    // Nothing has happened since it was settled: the new one knows as much.
    if (chances.happens(0.05)) world.replicas[1 - who] = world.start();
    if (chances.happens(0.03)) {
      const ahead = chances.happens(0.5) ? 7_200_000 : -3_000_000;
      world.stepClock(ahead);
      expect((await world.settle(who, await world.claim())).is).toBe('SETTLED');
      world.stepClock(0);
    }
    if (chances.happens(0.02)) {
      expect((await world.settle(who, await world.claim())).is).toBe('SETTLED');
      const fromSeconds = nowSeconds();
      world.clock.advance(1_800_000);
      startPod();
      const [done] = running;
      if (done) complete(done);
      world.clock.advance(1_800_000);
      world.replicas[0] = world.start();
      world.replicas[1] = world.start();
      gaps.push({ from: fromSeconds, to: nowSeconds() });
      expect((await world.settle(who, await world.claim())).is).toBe('SETTLED');
    }
    hear();
  }
  await world.settle(0, await world.claim());
  const settled = await database.db.execute<{ through: string }>(
    sql`select through_seconds as through from compute_metered_clusters`,
  );
  expect(Number(settled[0]?.through)).toBe(nowSeconds());

  const tally = new Tally();
  for (const { state, rates, end } of pods) {
    for (const [index, { from, millicores }] of rates.entries()) {
      const until = Math.min(rates[index + 1]?.from ?? Number.POSITIVE_INFINITY, end ?? nowSeconds());
      for (let second = from; second < until; second += 1) tally.add(state.series, second, millicores, state.memoryMi);
    }
  }
  expect(await told(database)).toEqual(tally.told);
  const seen = await database.db.execute<{ from: string; to: string }>(
    sql`select from_seconds as from, to_seconds as to from compute_metering_gaps order by 1`,
  );
  expect(seen.map(({ from, to }) => ({ from: Number(from), to: Number(to) }))).toEqual(gaps);
  const kept = await database.db.execute(sql`select uid from compute_metered_pods`);
  expect(kept.length).toBeLessThanOrEqual(world.cluster.pods.size);
}

function metersOn(name: string, url: () => Promise<string | undefined>): void {
  describe(`metering in ${name} (CMP-114)`, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      const at = await url();
      database = await openTestDatabase({ migrations, ...(at === undefined ? {} : { url: at }) });
    });
    beforeEach(() => database.empty());
    afterAll(() => database.close());

    it(
      isLong
        ? 'adds up to the second over a year (CMP-114)'
        : 'adds up to the second over days with two leaders (CMP-114)',
      () => liveThrough(database, isLong ? 365 : 3, isLong ? 21_600 : 3_600),
      isLong ? 600_000 : 30_000,
    );

    it('counts nothing of a cluster that takes over the name of another one (CMP-114)', async () => {
      const world = createWorld(database);
      const pod = { name: 'a', series: 's', millicores: 1_000, memoryMi: 1, startSeconds: beginMs / 1_000 };
      world.cluster.put(pod);
      world.replicas[0].feed.hear();
      await world.settle(0, await world.claim(), 'one');
      world.clock.advance(600_000);
      await world.settle(0, await world.claim(), 'one');
      const before = await told(database);
      expect(before).toMatchObject({ [`s ${beginMs / 1_000}`]: { millicoreSeconds: 600_000n, podSeconds: 600n } });
      // The other one has had a pod for long, too: it is metered from now on.
      world.clock.advance(3_000_000);
      await world.settle(0, await world.claim(), 'two');
      expect(await told(database)).toEqual(before);
      world.clock.advance(1_000);
      await world.settle(0, await world.claim(), 'two');
      expect(await told(database)).toMatchObject({ [`s ${beginMs / 1_000 + 3_600}`]: { podSeconds: 1n } });
    });

    it('writes nothing by a clock that is far behind, nor while it is away, behind others, or deaf for a moment', async () => {
      const world = createWorld(database);
      await world.settle(0, await world.claim());
      world.stepClock(-2 * daySeconds * 1_000);
      expect(await world.settle(0, await world.claim())).toEqual({ is: 'CLOCK' });
      world.stepClock(0);
      world.clock.advance(60_000);
      world.replicas[0].feed.staleSince = beginMs;
      expect(await world.settle(0, await world.claim())).toEqual({ is: 'AWAY' });
      world.cluster.put({ name: 'a', series: 's', millicores: 1, memoryMi: 1, startSeconds: beginMs / 1_000 });
      world.replicas[1].feed.hear();
      expect((await world.settle(1, await world.claim())).is).toBe('SETTLED');
      world.replicas[0].feed.staleSince = undefined;
      expect(await world.settle(0, await world.claim())).toEqual({ is: 'BEHIND' });
      world.cluster.remove('a');
      world.replicas[0] = world.start();
      expect(await world.settle(0, await world.claim())).toEqual({ is: 'DEAF' });
      world.clock.advance(150_000);
      expect((await world.settle(0, await world.claim())).is).toBe('SETTLED');
    });

    it('forgets what is older than it is kept, and what nothing is left of (CMP-114)', async () => {
      const world = createWorld(database);
      const startSeconds = beginMs / 1_000;
      world.cluster.put({ name: 'a', series: 'old', millicores: 1, memoryMi: 1, startSeconds });
      world.replicas[0].feed.hear();
      await world.settle(0, await world.claim());
      world.clock.advance(7_200_000);
      world.cluster.put({
        name: 'a',
        series: 'old',
        millicores: 1,
        memoryMi: 1,
        startSeconds,
        finishedSeconds: startSeconds + 5_000,
      });
      world.cluster.remove('a');
      world.cluster.put({ name: 'b', series: 'new', millicores: 1, memoryMi: 1, startSeconds: startSeconds + 6_000 });
      world.replicas[0].feed.hear();
      await world.settle(0, await world.claim());
      expect(Object.keys(await told(database))).toHaveLength(3);
      // An hour goes when it is over for so long.
      await forgetUsage({ database, keepDays: 31 }, beginMs + 31 * daySeconds * 1_000 + 3_600_000, undefined);
      expect(Object.keys(await told(database)).sort()).toEqual([
        `new ${startSeconds + 3_600}`,
        `old ${startSeconds + 3_600}`,
      ]);
      const later = beginMs + 40 * daySeconds * 1_000;
      expect(await forgetUsage({ database, keepDays: 31 }, later, undefined)).toBe(2);
      for (const table of ['usage_series', 'usage_hours', 'metered_clusters', 'metered_pods', 'metering_gaps']) {
        expect(await database.db.execute(`select * from compute_${table}`)).toHaveLength(0);
      }
    });
  });
}

metersOn('the embedded database', async () => undefined);
if (server) {
  metersOn('PostgreSQL', () => server.createDatabase());
  afterAll(() => server.stop());
}
