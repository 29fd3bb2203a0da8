import { PostgresJsSession } from 'drizzle-orm/postgres-js';
import { openReleaseDatabase, playOrders } from '../../plugins/release/testing/play-orders.ts';
import { neededBy } from '../../plugins/release/testing/release-many.ts';
import type { TestDatabase } from '../../src/data/testing/open-test-database.ts';
import type { Bench, BenchRow } from './bench-row.ts';

const sizes = [10, 50, 200] as const;
const levels = 5;

interface StepCost {
  readonly cpuMs: number;
  readonly statements: number;
  readonly writes: number;
}

/** What a step of a release costs as its order grows: a step of a large order must cost what one of a small order does. */
export const benchRelease: Bench = {
  name: 'release',
  async run() {
    const database = await openReleaseDatabase();
    using statements = countStatements();
    try {
      // Code that is run for the first time is slow.
      await costOfStep(database, sizes[0], statements);
      const costs: StepCost[] = [];
      for (const size of sizes) costs.push(await costOfStep(database, size, statements));
      const [small] = costs;
      return costs.flatMap((cost, index) => rowsOf(sizes[index] ?? 0, cost, small ?? cost));
    } finally {
      await database.close();
    }
  },
};

function rowsOf(size: number, cost: StepCost, small: StepCost): readonly BenchRow[] {
  const of = `a step of an order of ${size} services`;
  const yardstick = `of ${sizes[0]}`;
  return [
    { name: `${of}: CPU`, value: cost.cpuMs, unit: 'ms', yardstick, ratio: cost.cpuMs / small.cpuMs, bar: 1.5 },
    {
      ...{ name: `${of}: statements`, value: cost.statements, unit: '', yardstick },
      ...{ ratio: cost.statements / small.statements, bar: 1.2 },
    },
    {
      ...{ name: `${of}: writes to the cluster`, value: cost.writes, unit: '', yardstick },
      ...{ ratio: cost.writes / small.writes, bar: 1.1 },
    },
  ];
}

/** From the start of an order to its end, on an embedded database and a cluster that costs nothing. */
async function costOfStep(
  database: TestDatabase,
  services: number,
  statements: { readonly count: number },
): Promise<StepCost> {
  await database.empty();
  const play = playOrders(database);
  const made: { readonly serviceId: string; readonly versions: readonly string[] }[] = [];
  for (let index = 0; index < services; index += 1) made.push(await play.addService(`service-${index}`, 4, 1));
  const order = await play.create(
    made.map(({ serviceId, versions }, index) => ({
      serviceId,
      versionId: versions[0] ?? '',
      dependsOn: neededBy(index, { services, levels }).map((needed) => made[needed]?.serviceId ?? ''),
    })),
    { betaGroup: false },
  );
  await play.settle();
  await play.act('START', order.uuid);
  (globalThis as { gc?: () => void }).gc?.();
  let steps = 0;
  play.onFailpoint((name) => {
    if (name === 'queue.before-finish') steps += 1;
  });
  const before = { cpu: process.cpuUsage(), statements: statements.count, writes: play.cluster.effects.length };
  if (!(await play.settle(24 * 3_600_000))) throw new Error('the order did not come to its end');
  const cpu = process.cpuUsage(before.cpu);
  const [after] = await play.store.get([order.uuid]);
  if (after?.state !== 'SUCCEEDED') throw new Error(`the order is ${after?.state}`);
  return {
    cpuMs: (cpu.user + cpu.system) / 1000 / steps,
    statements: (statements.count - before.statements) / steps,
    writes: (play.cluster.effects.length - before.writes) / steps,
  };
}

/** Counts what drizzle sends, whoever asks for it. */
function countStatements(): { readonly count: number } & Disposable {
  const { prepareQuery } = PostgresJsSession.prototype;
  const counter = { count: 0 };
  PostgresJsSession.prototype.prepareQuery = function counted(...args) {
    counter.count += 1;
    return prepareQuery.apply(this, args) as never;
  };
  return {
    get count() {
      return counter.count;
    },
    [Symbol.dispose]() {
      PostgresJsSession.prototype.prepareQuery = prepareQuery;
    },
  };
}
