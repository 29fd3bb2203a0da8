import { describe, expect, it } from 'vitest';
import { cutWatches } from '../chaos/support/cut-watches.ts';
import { startProxiedGateway } from '../chaos/support/proxied-gateway.ts';

describe('whoever follows a cluster', () => {
  it('knows what it holds after 10,000 changes and 100 cuts of the watch in twelve ways (P1)', async () => {
    await using world = await startProxiedGateway();
    const report = await cutWatches(world, { changes: 10_000, cuts: 100 });
    expect(report.changes).toBeGreaterThanOrEqual(10_000);
    expect(report.cuts).toBeGreaterThanOrEqual(92);
    expect(report.resyncs.length).toBeLessThanOrEqual(report.gone);
  }, 600_000);
});
