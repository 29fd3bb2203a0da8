import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busiestSecondOf, gapsOf, outageMs, type Storm, startStorm } from './support/relist-storm.ts';

const size = { clusters: 20, kinds: 15 };

let storm: Storm;
beforeAll(async () => {
  storm = await startStorm(size);
});
afterAll(() => storm?.[Symbol.asyncDispose]());

describe('20 API servers of 15 kinds that are down for five minutes', () => {
  it('are asked for each kind once in 30 s after three tries, and not in step (P3)', async () => {
    const outage = await storm.failLists();
    expect(outage.lists.size).toBe(size.clusters * size.kinds);
    const gaps = gapsOf(outage);
    // 30 to 37.5 s apart: none has given up.
    expect(gaps.length).toBeGreaterThanOrEqual(5 * outage.lists.size);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeGreaterThanOrEqual(1.2);
    expect(busiestSecondOf(outage)).toBeLessThan(0.2);
    expect(outage.backAfterMs).toBeLessThanOrEqual(38_000);
  });

  it('are asked for nothing but whether they are there, each 30 s, where they hang up (P3)', async () => {
    const outage = await storm.hangUp();
    for (const times of outage.lists.values()) expect(times.length).toBeLessThanOrEqual(3);
    expect(outage.others.size).toBe(size.clusters);
    for (const times of outage.others.values()) {
      // A read whose connection is closed under it is sent once more, at once.
      const probes = new Set(times).size;
      expect(probes).toBeGreaterThan(outageMs / 60_000);
      expect(probes).toBeLessThanOrEqual(outageMs / 30_000 + 1);
      expect(times.length).toBeLessThanOrEqual(2 * probes);
    }
    expect(outage.backAfterMs).toBeLessThanOrEqual(35_000);
  });
});
