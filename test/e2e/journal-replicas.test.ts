import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../src/data/testing/open-test-database.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import type { ReplicaOrder, ReplicaReport } from '../fixtures/journal-replica.ts';

const server = await startPostgres();

interface Replica {
  readonly process: ChildProcess;
  readonly reports: readonly ReplicaReport[];
  send(order: ReplicaOrder): void;
  /** Resolves when a report was made that the test holds for. */
  until(test: (report: ReplicaReport) => boolean): Promise<void>;
  kill(): Promise<void>;
}

async function startReplica(url: string): Promise<Replica> {
  const script = fileURLToPath(new URL('../fixtures/journal-replica.ts', import.meta.url));
  const child = fork(script, [url], { execArgv: ['--conditions=source'] });
  const reports: ReplicaReport[] = [];
  const waiting = new Set<() => void>();
  child.on('message', (report: ReplicaReport) => {
    reports.push(report);
    for (const look of waiting) look();
  });
  const replica: Replica = {
    process: child,
    reports,
    send: (order) => void child.send(order),
    until: (test) =>
      new Promise((resolve) => {
        const look = () => {
          if (!reports.some(test)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  await replica.until(({ told }) => told === 'ready');
  return replica;
}

const messagesOf = ({ reports }: Replica) => reports.filter((report) => report.told === 'message');

describe.skipIf(!server)('the journal of two processes on one PostgreSQL', () => {
  let database: TestDatabase;
  let replicas: Replica[] = [];
  beforeAll(async () => {
    const url = (await server?.createDatabase()) ?? '';
    database = await openTestDatabase({ url });
    await database.db.execute('create table things (id text primary key, write integer not null)');
    replicas = await Promise.all([startReplica(url), startReplica(url)]);
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await database?.close();
    await server?.stop();
  });

  it('tells one story: commits in the opposite order of their statements, one process killed, its reader resumed at the other', async () => {
    const [doomed, heir] = replicas;
    if (!doomed || !heir) throw new Error('no replicas');
    let writes = 0;
    const committed: number[] = [];

    /** Six writers state what they change one after the other, and then commit from the last to the first. */
    async function state(writers: readonly Replica[], round: number): Promise<{ replica: Replica; write: number }[]> {
      const stated: { replica: Replica; write: number }[] = [];
      for (let place = 0; place < 6; place += 1) {
        const replica = writers[place % writers.length];
        if (!replica) throw new Error('no writer');
        writes += 1;
        const write = writes;
        const thing = { id: `thing-${(round + place * 3) % 18}`, write };
        replica.send({ do: 'write', thing, isRemoval: (round + place) % 4 === 3 });
        await replica.until((report) => report.told === 'stated' && report.write === write);
        stated.push({ replica, write });
      }
      return stated;
    }
    async function commit(stated: readonly { replica: Replica; write: number }[]): Promise<void> {
      for (const { replica, write } of stated.toReversed()) {
        replica.send({ do: 'commit', write });
        await replica.until((report) => report.told === 'committed' && report.write === write);
        committed.push(write);
      }
    }

    // 1. A reader at the first process, writers in both.
    doomed.send({ do: 'follow', after: undefined });
    await doomed.until((report) => report.told === 'message' && report.type === 'SNAPSHOT');
    for (let round = 0; round < 4; round += 1) await commit(await state([doomed, heir], round));
    // 2. It is killed while transactions of its own are open; those of the other commit.
    const open = await state([doomed, heir], 4);
    await commit(open.filter(({ replica }) => replica === heir));
    await doomed.until((report) => report.told === 'message' && report.item !== undefined);
    await doomed.kill();
    // 3. Its reader comes to the other process with the last cursor it has, while there is more.
    const before = messagesOf(doomed);
    heir.send({ do: 'follow', after: before.at(-1)?.cursor });
    for (let round = 5; round < 9; round += 1) await commit(await state([heir], round));

    const told = () => [...before, ...messagesOf(heir)];
    const items = () => told().flatMap(({ item }) => (item ? [item.write] : []));
    // Each event once, in the order of the commits; nothing of what was never committed.
    await expect.poll(items, { timeout: 20_000 }).toEqual(committed);
    expect(told().filter(({ type }) => type === 'RESYNC')).toEqual([]);
    const folded = new Map<string, number>();
    for (const { type, item } of told()) {
      if (!item) continue;
      if (type === 'DELETED') folded.delete(item.id);
      else folded.set(item.id, item.write);
    }
    const rows = await database.db.execute<{ id: string; write: number }>('select id, write from things order by id');
    expect([...folded].sort()).toEqual([...rows].map(({ id, write }) => [id, write]).sort());
    expect(rows.length).toBeGreaterThan(3);
    const [numbers] = await database.db.execute<{ rows: string; last: string }>(
      'select count(*) as rows, max(position) as last from journal',
    );
    expect(numbers).toEqual({ rows: String(committed.length), last: String(committed.length) });
  });
});
