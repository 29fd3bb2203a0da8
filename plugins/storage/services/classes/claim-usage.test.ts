import { podKind } from 'longshore/plugins/compute';
import { CapabilityMissingError, type RequestContext, type VolumeStats } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { makeClaim } from '../../testing/make-storage.ts';
import { readerOf } from '../../testing/reader-of.ts';
import { usageOfClaim } from './claim-usage.ts';

const claims = Array.from({ length: 500 }, (_, index) => makeClaim({ metadata: { name: `c${index}` } }));

/** A pod on a node that mounts the claim of this number. */
const pod = (index: number, node: string, phase = 'Running') =>
  makeObject(podKind, {
    metadata: { name: `p${index}-${phase.toLowerCase()}` },
    spec: { nodeName: node, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: `c${index}` } }] },
    status: { phase },
  });
const full = (index: number): VolumeStats => ({
  ...{ namespace: 'shop', claim: `c${index}`, usedBytes: index, capacityBytes: 1_000, availableBytes: 900 },
  ...{ inodes: 10, inodesUsed: 1, measuredAt: undefined },
});

function worldOf(pods: readonly ReturnType<typeof pod>[], options: { may?: boolean; failure?: Error } = {}) {
  const asked: string[] = [];
  const memory = new Map<unknown, unknown>();
  let most = 0;
  let running = 0;
  const context = {
    access: { allowed: () => options.may ?? true },
    signal: new AbortController().signal,
    memo: (key: unknown, make: () => unknown) => {
      if (!memory.has(key)) memory.set(key, make());
      return memory.get(key);
    },
    cluster: () => ({
      reader: () => readerOf(pods),
      volumeStats: async (node: string) => {
        asked.push(node);
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
        if (options.failure) throw options.failure;
        return claims.map((_, index) => full(index));
      },
    }),
  } as unknown as RequestContext;
  const usage = (index: number) => usageOfClaim(claims[index] ?? makeClaim({}), context);
  return { usage, asked, most: () => most };
}

describe('usageOfClaim (STO-19)', () => {
  it('asks each node once for all claims that its pods mount', async () => {
    const { usage, asked } = worldOf([pod(0, 'a'), pod(1, 'a'), pod(2, 'b')]);
    const found = await Promise.all([0, 1, 2].map(usage));
    expect(found.map((stats) => stats?.usedBytes)).toEqual([0, 1, 2]);
    expect(asked).toEqual(['a', 'b']);
  });

  it.each([
    ['nothing mounts', []],
    ['only what has ended mounts', [pod(0, 'a', 'Succeeded')]],
    ['only what has not begun mounts', [pod(0, 'a', 'Pending')]],
  ])('asks nobody about what %s', async (_what, pods) => {
    const { usage, asked } = worldOf(pods);
    expect(await usage(0)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('asks a few nodes at a time, and no more than two hundred in a request (refused)', async () => {
    const { usage, asked, most } = worldOf(claims.map((_, index) => pod(index, `n${index}`)));
    const results = await Promise.allSettled(claims.map((_, index) => usage(index)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'TOO_COMPLEX' } });
    expect([asked.length, most()]).toEqual([200, 8]);
  });

  it('tells nobody without the right READ_METRICS, and asks nothing for them (CORE-17) (refused)', async () => {
    const { usage, asked } = worldOf([pod(0, 'a')], { may: false });
    await expect(usage(0)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(asked).toEqual([]);
  });

  it('fails with what a node answers, for each claim that it has (refused)', async () => {
    const failure = new CapabilityMissingError('volume-usage', 'nobody may ask');
    const { usage } = worldOf([pod(0, 'a'), pod(1, 'a')], { failure });
    for (const index of [0, 1]) await expect(usage(index)).rejects.toBe(failure);
  });
});
