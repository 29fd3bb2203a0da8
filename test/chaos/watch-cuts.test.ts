import { describe, expect, it } from 'vitest';
import { cutWatches } from './support/cut-watches.ts';
import { startProxiedGateway } from './support/proxied-gateway.ts';

describe('whoever follows a cluster', () => {
  it('knows what it holds after 2,000 changes and 24 cuts of the watch in twelve ways (P1)', async () => {
    await using world = await startProxiedGateway();
    const report = await cutWatches(world, { changes: 2_000, cuts: 24 });
    expect(report.changes).toBeGreaterThanOrEqual(2_000);
    // A fault that waits for the next frame may be overtaken by the next one.
    expect(report.cuts).toBeGreaterThanOrEqual(20);
    expect(report.resyncs.length).toBeLessThanOrEqual(report.gone);
  }, 120_000);
});
