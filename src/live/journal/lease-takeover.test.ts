import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../data/testing/open-test-database.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { createFakeCluster, type FakePod, podKind } from '../testing/fake-cluster.ts';
import { type PausableReplica, startPausableReplica } from '../testing/pausable-replica.ts';
import { topicRef } from '../topics.ts';
import { kubeObjectCodec } from './kube-object-codec.ts';
import { decodeTopicEntry } from './topic-entry.ts';

const codec = kubeObjectCodec<FakePod>();
const news = topicRef<KubeObject<FakePod>>('test.podNews', { codec });
const startMs = Date.parse('2026-01-01T00:00:00Z');
const names = ['a', 'b', 'c'];

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), name: fc.constantFrom(...names) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), name: fc.constantFrom(...names) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 20, 1_000, 20_000) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume'), replica: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), replica: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('outage' as const), isForgotten: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** Two replicas over one cluster and one database. */
async function run(steps: readonly Step[], skewMs: number) {
  await database.empty();
  const cluster = createFakeCluster('east');
  const put: { name: string; uid: string; version: number }[] = [];
  const all: PausableReplica[] = [];
  let elapsedMs = 0;

  function start(skew: number): PausableReplica {
    const replica = startPausableReplica({
      kinds: [{ kind: podKind, topic: news }],
      cluster,
      database,
      startMs: startMs + elapsedMs + skew,
    });
    all.push(replica);
    return replica;
  }

  /** Until nobody who runs has anything under way. */
  async function quiet(): Promise<void> {
    for (let still = 0; still < 3; still += 1) {
      await nextTurn();
      while (all.some(({ pending }) => pending > 0)) {
        still = 0;
        await wait(1);
      }
      // What was asked before this has been answered: there is one connection.
      await database.db.execute(sql`select 1`);
    }
  }

  async function pass(ms: number): Promise<void> {
    const stepMs = ms > 1_000 ? 1_000 : 10;
    for (let passed = 0; passed <= ms; passed += Math.max(stepMs, ms / 20)) {
      elapsedMs += stepMs;
      for (const replica of all) replica.pass(stepMs);
      await quiet();
    }
  }

  /** Its process is gone for the others; what it had under way may still arrive. */
  function crash(index: number): void {
    running[index]?.pause();
    running[index] = start(index * skewMs);
  }

  function write(name: string): void {
    const { metadata } = cluster.put(name);
    put.push({ name, uid: metadata.uid, version: Number(metadata.resourceVersion) });
  }

  // 1. Somebody writes.
  const running = [start(0), start(skewMs)];
  write('a');
  await pass(20_000);
  // 2. What happens.
  for (const each of steps) {
    if ('name' in each) each.do === 'put' ? write(each.name) : cluster.remove(each.name);
    else if ('ms' in each) await pass(each.ms);
    else if ('isForgotten' in each) {
      // Nobody is there, and something comes and goes.
      for (const replica of running) replica.pause();
      write('brief');
      cluster.remove('brief');
      if (each.isForgotten) cluster.compact();
      for (const index of running.keys()) crash(index);
      await pass(20_000);
    } else if (!('replica' in each)) cluster.compact();
    else if (each.do === 'crash') crash(each.replica);
    else if (each.do === 'pause') running[each.replica]?.pause();
    else running[each.replica]?.resume();
  }
  // 3. Everybody goes on, those that were thought dead too.
  for (const replica of all) replica.resume();
  for (let round = 0; round < 3; round += 1) await pass(20_000);
  let isStopped = false;
  const stopped = Promise.all(all.map((replica) => replica.stop())).finally(() => {
    isStopped = true;
  });
  while (!isStopped) await pass(1_000);
  await stopped;

  const rows = await database.db.execute<{ position: string; payload: string }>(
    sql`select position, payload::text as payload from journal where stream = ${news.name} order by position`,
  );
  const told = rows.map(({ payload }) => {
    const event = decodeTopicEntry(payload, codec);
    if (event.type === 'GAP') return 'GAP' as const;
    const { uid, resourceVersion } = event.payload.metadata;
    return { uid, version: Number(resourceVersion) };
  });
  return { positions: rows.map(({ position }) => Number(position)), told, put, there: [...cluster.pods.values()] };
}

type Told = Awaited<ReturnType<typeof run>>['told'];

const keyOf = ({ uid, version }: { readonly uid: string; readonly version: number }) => `${uid} ${version}`;

/** Whether a gap says that this may be missing: everything before it is older. */
function isUnderGap(told: Told, version: number): boolean {
  const gaps = told.flatMap((entry, index) => (entry === 'GAP' ? [index] : []));
  return gaps.some((gap) => told.slice(0, gap).every((entry) => entry === 'GAP' || entry.version < version));
}

describe('writers that take over from each other', () => {
  it('leave no hole, tell nothing twice, and lose nothing but behind a gap, whoever is stopped and goes on whenever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 6, maxLength: 18 }),
        fc.constantFrom(0, 3_000, -3_000),
        async (steps, skewMs) => {
          const { positions, told, put, there } = await run(steps, skewMs);
          expect(positions).toEqual(positions.map((_position, index) => index + 1));
          const states = told.flatMap((entry) => (entry === 'GAP' ? [] : [entry]));
          expect(new Set(states.map(keyOf)).size).toBe(states.length);
          const last = new Map<string, number>();
          for (const { uid, version } of states) {
            expect(version).toBeGreaterThan(last.get(uid) ?? 0);
            last.set(uid, version);
          }
          const known = new Set(states.map(keyOf));
          expect(put.filter((state) => !known.has(keyOf(state)) && !isUnderGap(told, state.version))).toEqual([]);
          // Only a cluster that has forgotten leaves one.
          const hasForgotten = steps.some(
            (each) => each.do === 'compact' || ('isForgotten' in each && each.isForgotten),
          );
          if (!hasForgotten) expect(told).not.toContain('GAP');
          for (const { metadata } of there) expect(last.get(metadata.uid)).toBe(Number(metadata.resourceVersion));
        },
      ),
      { numRuns: 8 },
    );
  });
});
