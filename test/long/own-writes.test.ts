import { describe, expect, it } from 'vitest';
import { startProxiedGateway } from '../chaos/support/proxied-gateway.ts';
import { writeAndRead } from '../chaos/support/write-and-read.ts';

describe('whoever writes', () => {
  it('sees it in the next read, 1,000 times of 1,000, while the watch is late by 2 s and more (P8)', async () => {
    await using world = await startProxiedGateway();
    const report = await writeAndRead(world, { pairs: 1_000, lagsMs: [2_000, 5_000] });
    expect(report.stale).toEqual([]);
    // Others saw the state before at times: the cache was behind.
    expect(report.behind).toBeGreaterThan(1_000 / 10);
  }, 600_000);
});
