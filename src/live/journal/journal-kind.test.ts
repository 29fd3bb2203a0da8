import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../data/testing/open-test-database.ts';
import { startPostgres } from '../../data/testing/start-postgres.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { createLeases } from '../../work/leases.ts';
import { createKindHubs, type KindHubs } from '../kind-hubs.ts';
import { defaultStreamLimits } from '../stream-limits.ts';
import { createFakeCluster, type FakeCluster, type FakePod, podKind } from '../testing/fake-cluster.ts';
import { followable } from '../testing/followed-clusters.ts';
import { topicRef } from '../topics.ts';
import { createJournal } from './create-journal.ts';
import { journalKind } from './journal-kind.ts';
import { kubeObjectCodec } from './kube-object-codec.ts';
import { type JournalledKind, startKindJournals } from './start-kind-journals.ts';
import { decodeTopicEntry } from './topic-entry.ts';

const codec = kubeObjectCodec<FakePod>();
const news = topicRef<KubeObject<FakePod>>('test.podNews', { codec });
const server = await startPostgres();
afterAll(() => server?.stop());
const onServer = server && (async () => openTestDatabase({ url: await server.createDatabase() }));

describe.each([
  { name: 'the embedded database', open: () => openTestDatabase() },
  ...(onServer ? [{ name: 'a PostgreSQL server', open: onServer }] : []),
])('what a cluster shows, journalled on $name', ({ open }) => {
  let database: TestDatabase;
  let cluster: FakeCluster;
  let fences = 0;
  const ends: (() => Promise<void> | void)[] = [];
  const clock = systemClock;
  const logger = silentLogger;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.empty();
    cluster = createFakeCluster('east');
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => database.close());

  /** A replica's own watch, with what it remembers. */
  function watch(ringEvents = 100): KindHubs {
    const hubs = createKindHubs({ clock, logger, limits: { ...defaultStreamLimits, ringEvents } });
    ends.push(() => hubs.stop());
    hubs.acquire(cluster, podKind);
    return hubs;
  }

  /** Begins to write as the one holder of the lease; answers how to end it, as a crash would. */
  async function hold(hubs: KindHubs, keep?: JournalledKind<FakePod>['keep']): Promise<() => Promise<void>> {
    fences += 1;
    const number = fences;
    await database.db.execute(sql`
      insert into core_leases (name, holder, fence, expires_at, created_at)
      values ('cluster/east', 'test', ${number}, '2100-01-01', '2026-01-01')
      on conflict (name) do update set fence = excluded.fence`);
    const journal = createJournal({ database, clock });
    const stopping = new AbortController();
    const hub = hubs.acquire(cluster, podKind);
    const fence = { kind: 'lease', name: 'cluster/east', number } as const;
    const done = journalKind(
      { hub, topic: news, ...(keep ? { keep } : {}), cluster: 'east', database, journal, clock, logger },
      fence,
      stopping.signal,
    );
    const end = async () => {
      stopping.abort();
      await done;
    };
    ends.push(end);
    return end;
  }

  async function told(): Promise<string[]> {
    const rows = await database.db.execute<{ payload: string }>(
      sql`select payload::text as payload from journal where stream = ${news.name} order by position`,
    );
    return rows.map(({ payload }) => {
      const event = decodeTopicEntry(payload, codec);
      if (event.type === 'GAP') return `GAP ${event.cluster}`;
      const { name, resourceVersion } = event.payload.metadata;
      return `${event.type} ${name} ${resourceVersion}`;
    });
  }
  const untilTold = (...expected: string[]) => expect.poll(told, { timeout: 10_000 }).toEqual(expected);

  it('is each state once, also what was there before; that something is gone is not told', async () => {
    cluster.put('before');
    await hold(watch());
    await untilTold('ADDED before 101');
    cluster.put('new');
    cluster.put('before');
    cluster.remove('new');
    await untilTold('ADDED before 101', 'ADDED new 102', 'MODIFIED before 103');
    const { payload } = (
      await database.db.execute<{ payload: string }>(
        sql`select payload::text as payload from journal order by position desc limit 1`,
      )
    )[0] ?? { payload: '' };
    const last = decodeTopicEntry(payload, codec);
    expect(last.type === 'MODIFIED' && last.previous?.metadata.resourceVersion).toBe('101');
  });

  it('is kept by its plugin too, in the transaction that tells of it', async () => {
    const kept: string[] = [];
    cluster.put('a');
    await hold(watch(), async (tx, pods, place) => {
      expect(tx).toBe(database.current());
      kept.push(...pods.map(({ metadata }) => `${place.cluster} ${metadata.name}`));
    });
    await untilTold('ADDED a 101');
    cluster.put('b');
    await untilTold('ADDED a 101', 'ADDED b 102');
    expect(kept).toEqual(['east a', 'east b']);
  });

  it('goes on at another replica that watched along: nothing twice, nothing lost, not even what came and went', async () => {
    const [one, other] = [watch(), watch()];
    const end = await hold(one);
    cluster.put('a');
    await untilTold('ADDED a 101');
    await end();
    cluster.put('b');
    cluster.put('brief');
    cluster.remove('brief');
    cluster.put('b');
    await hold(other);
    await untilTold('ADDED a 101', 'ADDED b 102', 'ADDED brief 103', 'MODIFIED b 105');
    cluster.put('a');
    await untilTold('ADDED a 101', 'ADDED b 102', 'ADDED brief 103', 'MODIFIED b 105', 'MODIFIED a 106');
  });

  it('is told by the cluster’s own memory where nobody watched meanwhile: no gap, not even for what came and went', async () => {
    const end = await hold(watch());
    cluster.put('a');
    cluster.put('b');
    await untilTold('ADDED a 101', 'ADDED b 102');
    await end();
    cluster.put('brief');
    cluster.remove('brief');
    cluster.put('b');
    cluster.put('b');
    await hold(watch());
    const missed = ['ADDED a 101', 'ADDED b 102', 'ADDED brief 103', 'MODIFIED b 105', 'MODIFIED b 106'];
    await untilTold(...missed);
    cluster.put('c');
    await untilTold(...missed, 'ADDED c 107');
  });

  it('is filled up from what is there, behind a gap, where nobody watched meanwhile and the cluster has forgotten', async () => {
    const end = await hold(watch());
    cluster.put('a');
    cluster.put('b');
    await untilTold('ADDED a 101', 'ADDED b 102');
    await end();
    cluster.put('brief');
    cluster.remove('brief');
    cluster.put('b');
    cluster.put('c');
    cluster.compact();
    await hold(watch());
    await untilTold('ADDED a 101', 'ADDED b 102', 'GAP east', 'MODIFIED b 105', 'ADDED c 106');
  });

  it('has no gap where nothing happened meanwhile', async () => {
    const end = await hold(watch());
    cluster.put('a');
    await untilTold('ADDED a 101');
    await end();
    await hold(watch());
    cluster.put('b');
    await untilTold('ADDED a 101', 'ADDED b 102');
  });

  it('has no gap where the watch had to list anew and the cluster remembers', async () => {
    await hold(watch());
    cluster.put('a');
    await untilTold('ADDED a 101');
    cluster.relist();
    cluster.put('b');
    cluster.put('b');
    await untilTold('ADDED a 101', 'ADDED b 103', 'MODIFIED b 104');
  });

  it('has a gap where the watch had to list anew and the cluster has forgotten', async () => {
    await hold(watch());
    cluster.put('a');
    await untilTold('ADDED a 101');
    cluster.relist();
    cluster.compact();
    cluster.put('b');
    await untilTold('ADDED a 101', 'GAP east', 'ADDED b 103');
    cluster.put('b');
    await untilTold('ADDED a 101', 'GAP east', 'ADDED b 103', 'MODIFIED b 104');
  });

  it('has a gap where more happened than a replica that watched along remembers', async () => {
    const [one, other] = [watch(), watch(2)];
    const end = await hold(one);
    cluster.put('a');
    await untilTold('ADDED a 101');
    await end();
    for (const name of ['b', 'c', 'd']) cluster.put(name);
    await hold(other);
    await untilTold('ADDED a 101', 'GAP east', 'ADDED b 102', 'ADDED c 103', 'ADDED d 104');
  });

  it('begins anew where the cluster has begun another life', async () => {
    const end = await hold(watch());
    for (let round = 0; round < 5; round += 1) cluster.put('a');
    await untilTold('ADDED a 105');
    await end();
    cluster = createFakeCluster('east');
    cluster.put('another life, another uid');
    cluster.remove('another life, another uid');
    cluster.put('b');
    const before = (await told()).length;
    await hold(watch());
    cluster.put('c');
    const since = async () => (await told()).slice(before);
    await expect.poll(since, { timeout: 10_000 }).toEqual(['GAP east', 'ADDED b 103', 'ADDED c 104']);
  });

  it('takes no cluster that began anew for the one before, however far it has come', async () => {
    const end = await hold(watch());
    cluster.put('a');
    await untilTold('ADDED a 101');
    await end();
    cluster = createFakeCluster('east', { uidsFrom: 10 });
    cluster.put('b');
    cluster.put('c');
    await hold(watch());
    await untilTold('ADDED a 101', 'GAP east', 'ADDED b 101', 'ADDED c 102');
  });

  it('ends with the lease: who has lost it writes nothing more (refused)', async () => {
    const [one, other] = [watch(), watch()];
    await hold(one);
    cluster.put('a');
    await untilTold('ADDED a 101');
    // The first one does not know that it was replaced; both hear of what comes.
    await hold(other);
    cluster.put('b');
    cluster.put('c');
    await untilTold('ADDED a 101', 'ADDED b 102', 'ADDED c 103');
  });

  it('is written by one of several replicas, and by another when that one stops', async () => {
    const start = () =>
      startKindJournals({
        kinds: [{ kind: podKind, topic: news }],
        clusters: followable([cluster]),
        leases: createLeases({ database, clock, logger }),
        database,
        journal: createJournal({ database, clock }),
        clock,
        logger,
      });
    const replicas = [start(), start()];
    ends.push(async () => {
      for (const replica of replicas) await replica.stop();
    });
    cluster.put('a');
    await untilTold('ADDED a 101');
    cluster.put('b');
    await untilTold('ADDED a 101', 'ADDED b 102');
    await replicas[0]?.stop();
    cluster.put('c');
    await untilTold('ADDED a 101', 'ADDED b 102', 'ADDED c 103');
  });
});
