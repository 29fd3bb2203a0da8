import { describe, expect, it } from 'vitest';
import { startOverviewPage } from '../chaos/support/overview-page.ts';

describe('the overview page of 20 clusters of 500 pods, two of which answer nothing', () => {
  it('answers within 2 s with their problems, then at once and without a request (P9, CMP-12, CMP-111)', async () => {
    const page = await startOverviewPage({ clusters: 20, pods: 500, dropped: [3, 7] });
    await using world = page.world;
    const first = await page.read();
    expect(first.ms).toBeLessThanOrEqual(2_000);
    const isAway = (index: number) =>
      world.gateway.gateway.rooms.clusters.get(`cluster-${index}`)?.state === 'UNREACHABLE';
    await world.until(() => isAway(3) && isAway(7), { stepMs: 500 });
    const known: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { ms, cpuMs, requests } = await page.read();
      expect([ms, requests]).toEqual([0, 0]);
      known.push(cpuMs);
    }
    const best = Math.min(...known);
    process.stdout.write(
      `P9: overview of 20 × 500 pods: ${first.cpuMs.toFixed(0)} ms CPU at first, ${best.toFixed(0)} ms after\n`,
    );
    // The shared answer is read from memory: generous, for machines that do much else.
    expect(best).toBeLessThanOrEqual(1_000);
  }, 300_000);
});
