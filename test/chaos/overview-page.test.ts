import { describe, expect, it } from 'vitest';
import { startOverviewPage } from './support/overview-page.ts';

describe('the overview page of clusters of which two answer nothing', () => {
  it('answers within 2 s, names those that are missing, and leaves the others whole (P9, CMP-12, CMP-111)', async () => {
    const page = await startOverviewPage({ clusters: 6, pods: 40, dropped: [1, 4] });
    await using world = page.world;
    expect((await page.read()).ms).toBeLessThanOrEqual(2_000);
    const isAway = (index: number) =>
      world.gateway.gateway.rooms.clusters.get(`cluster-${index}`)?.state === 'UNREACHABLE';
    await world.until(() => isAway(1) && isAway(4));
    // Who is away is known now, and what the others have is in memory.
    expect(await page.read()).toMatchObject({ ms: 0, requests: 0 });
  });
});
