import { describe, expect, it } from 'vitest';
import { operator, startProxiedGateway } from '../chaos/support/proxied-gateway.ts';

const bad = { dropped: [3, 7], slow: 5 };
const good = [0, 1, 2, 4, 6, 8, 9];
const queries = 400;
const rounds = 5;

describe('seven clusters beside two that answer nothing and one that takes 8 s', () => {
  it('answer as quickly as they do alone: p99 no more than a tenth longer, but for what a machine varies by (P9)', async () => {
    await using world = await startProxiedGateway({
      clusters: 10,
      prepare({ store }) {
        for (let index = 0; index < 50; index += 1) {
          const metadata = { name: `pair-${index}`, namespace: 'default' };
          store.create(store.resource('', 'configmaps'), { apiVersion: 'v1', kind: 'ConfigMap', metadata });
        }
      },
    });
    const { clusters } = world.gateway.gateway.rooms;
    const stateOf = (index: number) => clusters.get(`cluster-${index}`)?.state;
    const areAll = (state: string, indexes: readonly number[]) => indexes.every((index) => stateOf(index) === state);

    async function p99(round: number): Promise<number> {
      const took: number[] = [];
      for (let index = 0; index < queries; index += 1) {
        // Each text is new: what is measured is reading the clusters, not giving an answer again.
        const cluster = good[index % good.length];
        const query = `{ configMaps(first: 50, filter: { cluster: "cluster-${cluster}" }) { nodes { name a${round}x${index}: uid } problems { code } } }`;
        const began = performance.now();
        const { data } = await world.gateway.query<{ configMaps: { nodes: object[]; problems: object[] } }>(
          query,
          {},
          operator,
        );
        took.push(performance.now() - began);
        expect([data?.configMaps.nodes.length, data?.configMaps.problems]).toEqual([50, []]);
      }
      return took.sort((a, b) => a - b)[Math.floor(queries * 0.99)] ?? 0;
    }

    await p99(2 * rounds);
    const alone: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await world.until(() => areAll('READY', [...good, ...bad.dropped, bad.slow]), { stepMs: 500 });
      alone.push(await p99(round));
      for (const index of bad.dropped) world.proxies[index]?.drop();
      const slow = world.proxies[bad.slow];
      if (slow) slow.network = { latencyMs: 8_000 };
      await world.until(() => areAll('UNREACHABLE', bad.dropped), { stepMs: 500 });
      beside.push(await p99(rounds + round));
      for (const index of bad.dropped) world.proxies[index]?.restore();
      if (slow) slow.network = {};
    }
    // The best of several rounds: what else a machine does only ever adds.
    const ratio = Math.min(...beside) / Math.min(...alone);
    process.stdout.write(
      `P9: p99 ${Math.min(...alone).toFixed(1)} ms alone, ${Math.min(...beside).toFixed(1)} ms beside bad clusters\n`,
    );
    expect(ratio).toBeLessThanOrEqual(1.1 + 0.15);
  }, 600_000);
});
