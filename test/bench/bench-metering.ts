import { fileURLToPath } from 'node:url';
import type { V1Pod } from '@kubernetes/client-node';
import { sql } from 'drizzle-orm';
import type { PodObject } from '../../plugins/compute/api.ts';
import { createHearing, type PodFeed } from '../../plugins/compute/services/metering/create-hearing.ts';
import { createMeterStore, type MeteredCluster } from '../../plugins/compute/services/metering/meter-store.ts';
import { meteringReconcilerName } from '../../plugins/compute/services/metering/metering-loop.ts';
import { PodCluster, startReplica } from '../../plugins/compute/testing/metered-world.ts';
import { openTestDatabase } from '../../src/data/testing/open-test-database.ts';
import { createManualClock } from '../../src/kernel/manual-clock.ts';
import { createWorkQueue } from '../../src/work/work-queue.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { realisticPod } from './realistic-pods.ts';
import { heapBytes } from './turn-meter.ts';

const pods = 5_000;
const workloads = 1_000;
const rounds = 20;
const beginMs = Date.UTC(2026, 0, 1);
const migrations = [{ plugin: 'compute', folder: fileURLToPath(new URL('../../migrations/compute', import.meta.url)) }];

/** What metering costs over 5,000 pods: what is heard of them, and what a round settles, against what reading them costs anyway. */
export const benchMetering: Bench = {
  name: 'metering',
  run: async () => [...measureHearing(), ...(await measureRounds())],
};

/** Every pod changes and is looked at: what the watch has parsed already is heard. */
function measureHearing(): readonly BenchRow[] {
  const texts = Array.from({ length: pods }, (_, index) => realisticPod(index));
  const parseAll = (turn: number) => {
    const all = texts.map((_, index) => realisticPod(index, turn));
    const began = cpuMs();
    const parsed = all.map((text) => JSON.parse(text) as PodObject);
    return { parsed, ms: cpuMs() - began };
  };
  const { parsed: before } = parseAll(0);
  let position = 1;
  let items: readonly PodObject[] = before;
  let tell: Parameters<PodFeed['onEvent']>[0] = () => {};
  const feed: PodFeed = {
    syncedAt: 0,
    staleSince: undefined,
    continuousSince: '1',
    snapshot: () => ({ items: items.values(), position: String(position) }),
    onEvent(listener) {
      tell = listener;
      return () => {};
    },
  };
  const plainBytes = heapBytes();
  const hearing = createHearing(feed, { now: () => beginMs });
  hearing.look(undefined);
  const heldBytes = heapBytes() - plainBytes;

  const parses: number[] = [];
  const hearings: number[] = [];
  for (let turn = 1; turn <= rounds; turn += 1) {
    const { parsed, ms } = parseAll(turn);
    parses.push(ms);
    const began = cpuMs();
    for (const [index, object] of parsed.entries()) {
      position += 1;
      const previous = items[index] as PodObject;
      tell({ type: 'MODIFIED', object, previous, position: String(position) } as Parameters<typeof tell>[0] & V1Pod);
    }
    items = parsed;
    hearing.look(String(position));
    hearing.forget(String(position));
    hearings.push(cpuMs() - began);
  }
  const parse = medianOf(parses);
  const jsonBytes = texts.reduce((sum, text) => sum + text.length, 0);
  return [
    {
      name: 'metering: a pod that changed is heard and looked at',
      value: (medianOf(hearings) * 1_000) / pods,
      unit: 'µs CPU',
      yardstick: `JSON.parse of the same pods (${((parse * 1_000) / pods).toFixed(1)} µs a pod)`,
      ratio: medianOf(hearings) / parse,
      bar: 0.25,
    },
    {
      name: 'metering: a pod that is heard, beside the cache',
      value: heldBytes / pods,
      unit: 'bytes',
      yardstick: `its JSON (${(jsonBytes / pods).toFixed(0)} bytes)`,
      ratio: heldBytes / jsonBytes,
      bar: 0.1,
    },
  ];
}

/** Rounds on the embedded database, in the CPU time of this process, database apart, and by the clock. */
async function measureRounds(): Promise<readonly BenchRow[]> {
  const database = await openTestDatabase({ migrations });
  try {
    const clock = createManualClock(beginMs);
    const cluster = new PodCluster();
    for (let index = 0; index < pods; index += 1) putPod(cluster, index, 500);
    const { hearing, feed } = startReplica(cluster, () => clock.now());
    const store = createMeterStore({ database, clock });
    const queue = createWorkQueue(database, clock);
    const metered: MeteredCluster = {
      name: 'east',
      identity: 'bench',
      hearing,
      seriesOf: ({ labels }) => seriesOf(labels.series ?? ''),
    };
    const round = async (): Promise<Cost> => {
      await queue.enqueue(meteringReconcilerName, 'east');
      await database.db.execute(sql`update core_queue set lease_expires_at = null`);
      const only = { reconcilers: [meteringReconcilerName], holder: 'bench', limit: 1, leaseMs: 60_000 };
      const [claimed] = await queue.claim(only);
      if (!claimed) throw new Error('nothing was claimed');
      return costOf(async () => {
        const outcome = await store.settle(metered, claimed.fence);
        if (outcome.is !== 'SETTLED') throw new Error(`the round was ${outcome.is}`);
        hearing.forget(outcome.position);
      });
    };
    const first = await round();
    const quiet = await medianCost(async () => {
      clock.advance(60_000);
      return round();
    });
    const churned = await medianCost(async (turn) => {
      clock.advance(60_000);
      for (let index = 0; index < pods / 10; index += 1) putPod(cluster, index, 500 + turn);
      feed.hear();
      return round();
    });
    const reading = await medianCost(() =>
      costOf(() => database.db.execute(sql`select uid, segments, end_seconds from compute_metered_pods`)),
    );
    const rows = { 'the first of all': first, 'nothing new': quiet, 'a tenth of them resized': churned };
    return Object.entries(rows).flatMap(([what, { ms, threadMs }]) => {
      const name = `metering: a round over ${pods} pods of ${workloads} workloads, ${what}`;
      const of = (value: number) => `reading ${pods} timelines (${value.toFixed(1)} ms)`;
      return [
        { name, value: ms, unit: 'ms', yardstick: of(reading.ms), ratio: ms / reading.ms },
        {
          ...{ name: `${name}: our thread`, value: threadMs, unit: 'ms CPU' },
          ...{ yardstick: of(reading.threadMs), ratio: threadMs / reading.threadMs },
        },
      ];
    });
  } finally {
    await database.close();
  }
}

function putPod(cluster: PodCluster, index: number, millicores: number): void {
  const series = `workload-${index % workloads}`;
  cluster.put({ name: `pod-${index}`, series, millicores, memoryMi: 256, startSeconds: beginMs / 1_000 });
}

const seriesOf = (name: string) => ({
  id: name,
  cluster: 'east',
  namespace: 'shop',
  workloadKind: 'Deployment',
  workloadName: name,
  applicationId: null,
  workspaceId: null,
  projectId: null,
});

interface Cost {
  readonly ms: number;
  readonly threadMs: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const began = { at: performance.now(), cpu: cpuMs() };
  await work();
  return { ms: performance.now() - began.at, threadMs: cpuMs() - began.cpu };
}

async function medianCost(measure: (turn: number) => Promise<Cost>): Promise<Cost> {
  const all: Cost[] = [];
  for (let turn = 1; turn <= rounds; turn += 1) all.push(await measure(turn));
  return { ms: medianOf(all.map(({ ms }) => ms)), threadMs: medianOf(all.map(({ threadMs }) => threadMs)) };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
