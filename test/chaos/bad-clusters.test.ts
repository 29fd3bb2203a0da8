import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator, type ProxiedGateway, startProxiedGateway } from './support/proxied-gateway.ts';

const slow = 5;
const dropped = [3, 7];
const query = `{
  configMaps(first: 1000, filter: { namespaces: ["default"] }) {
    nodes { name cluster { name } }
    problems { cluster code message staleSince }
  }
}`;

interface Answer {
  readonly configMaps: {
    readonly nodes: readonly { readonly name: string; readonly cluster: { readonly name: string } }[];
    readonly problems: readonly {
      readonly cluster: string;
      readonly code: string;
      readonly message: string;
      readonly staleSince: string | null;
    }[];
  };
}

let world: ProxiedGateway;
beforeAll(async () => {
  world = await startProxiedGateway({
    clusters: 10,
    prepare({ store }, proxies) {
      const kind = store.resource('', 'configmaps');
      const metadata = { name: 'everywhere', namespace: 'default' };
      store.create(kind, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      for (const index of dropped) proxies[index]?.drop();
      const proxy = proxies[slow];
      if (proxy) proxy.network = { latencyMs: 8_000 };
    },
  });
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** The answer, and how long it took by the clock. */
async function ask(): Promise<{
  readonly rows: readonly string[];
  readonly problems: readonly string[];
  readonly ms: number;
}> {
  const startedAt = world.clock.now();
  const { data, errors } = await world.whenDone(world.gateway.query<Answer>(query, {}, operator), 20);
  expect(errors).toBeUndefined();
  const found = data?.configMaps;
  return {
    rows: (found?.nodes ?? [])
      .filter(({ name }) => name === 'everywhere')
      .map(({ cluster }) => cluster.name)
      .sort(),
    problems: (found?.problems ?? []).map(({ cluster, code }) => `${cluster} ${code}`).sort(),
    ms: world.clock.now() - startedAt,
  };
}

const named = (indexes: readonly number[]) => indexes.map((index) => `cluster-${index}`);
const all = Array.from({ length: 10 }, (_, index) => index);
const problemsOf = (indexes: readonly number[]) => named(indexes).map((name) => `${name} UPSTREAM_UNAVAILABLE`);
const stateOf = (index: number) => world.gateway.gateway.rooms.clusters.get(`cluster-${index}`)?.state;

describe('ten clusters of which two answer nothing and one after 8 s', () => {
  it('are listed within 2 s, those that are missing named one by one (P9)', async () => {
    const { rows, problems, ms } = await ask();
    const bad = [...dropped, slow];
    expect(rows).toEqual(named(all.filter((index) => !bad.includes(index))));
    expect(problems).toEqual(problemsOf(bad.sort()));
    expect(ms).toBeLessThanOrEqual(2_000);
  });

  it('are listed at once when it is known who is away, and those are asked once each 30 s (P9)', async () => {
    await world.until(() => dropped.every((index) => stateOf(index) === 'UNREACHABLE') && !isMissing(slow));
    expect(await ask()).toEqual({
      rows: named(all.filter((index) => !dropped.includes(index))),
      problems: problemsOf(dropped),
      ms: 0,
    });
    const triesOf = (index: number) => world.proxies[index]?.accepted ?? 0;
    const before = dropped.map(triesOf);
    const endsAt = world.clock.now() + 300_000;
    await world.until(() => world.clock.now() >= endsAt, { stepMs: 1_000 });
    for (const [at, index] of dropped.entries()) {
      const tries = triesOf(index) - (before[at] ?? 0);
      expect(tries).toBeGreaterThanOrEqual(7);
      expect(tries).toBeLessThanOrEqual(11);
    }
  });

  it('are ten again when the dropped ones answer, the slow one with them (P9)', async () => {
    for (const index of dropped) world.proxies[index]?.restore();
    await world.until(() => all.every((index) => stateOf(index) === 'READY'), { stepMs: 500 });
    await world.until(() => all.every((index) => !isMissing(index)), { stepMs: 500 });
    expect(await ask()).toEqual({ rows: named(all), problems: [], ms: 0 });
  });

  it('keep their rows when they go silent, and say since when these are old (P9)', async () => {
    for (const index of dropped) world.proxies[index]?.drop();
    const silentAt = world.clock.now();
    // Each watch notices by itself, within 90 s.
    while ((await ask()).problems.length < dropped.length) {
      const nextAt = world.clock.now() + 2_000;
      await world.until(() => world.clock.now() >= nextAt, { stepMs: 500 });
      expect(nextAt - silentAt).toBeLessThanOrEqual(100_000);
    }
    expect(await ask()).toEqual({ rows: named(all), problems: problemsOf(dropped), ms: 0 });
    const { data } = await world.gateway.query<Answer>(query, {}, operator);
    for (const { staleSince, message } of data?.configMaps.problems ?? []) {
      expect(Date.parse(staleSince ?? '')).toBeLessThan(world.clock.now());
      expect(message).toContain('old');
    }
  });
});

function isMissing(index: number): boolean {
  const kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', isNamespaced: true };
  const cluster = world.gateway.gateway.rooms.clusters.get(`cluster-${index}`);
  return cluster?.feed(kind).syncedAt === undefined;
}
