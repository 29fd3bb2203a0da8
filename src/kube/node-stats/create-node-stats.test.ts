import { describe, expect, it } from 'vitest';
import { CapabilityMissingError, ForbiddenError, NotFoundError, UpstreamError } from '../../kernel/answer-error.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createNodeStats } from './create-node-stats.ts';
import { readVolumeStats } from './volume-stats.ts';

const time = '2026-05-01T12:00:00Z';
const pvcRef = { name: 'data', namespace: 'shop' };
const summary = {
  node: { nodeName: 'n1' },
  pods: [
    {
      volume: [
        { name: 'token', usedBytes: 1 },
        { name: 'data', pvcRef, time, usedBytes: 10, capacityBytes: 100, availableBytes: 90, inodes: 7, inodesUsed: 3 },
      ],
    },
    { podRef: { name: 'without-volumes' } },
  ],
};
const data = {
  ...{ namespace: 'shop', claim: 'data', usedBytes: 10, capacityBytes: 100, availableBytes: 90 },
  ...{ inodes: 7, inodesUsed: 3, measuredAt: time },
};

function statsOf(answers: readonly unknown[]) {
  const clock = createManualClock(0);
  const asked: string[] = [];
  const stats = createNodeStats({
    clock,
    transport: {
      cluster: 'east',
      json: async ({ path }) => {
        const answer = answers[asked.length];
        asked.push(path);
        if (answer instanceof Error) throw answer;
        return { body: answer, warnings: [] };
      },
    },
  });
  return { stats, clock, asked };
}

describe('volumeStats of a cluster (STO-19)', () => {
  it('are those that the kubelet of a node has of claims', async () => {
    const { stats, asked } = statsOf([summary]);
    expect(await stats('n1')).toEqual([data]);
    expect(asked).toEqual(['/api/v1/nodes/n1/proxy/stats/summary']);
  });

  it('are asked for once by all who want them at a time, and again only when they may have changed', async () => {
    const { stats, clock, asked } = statsOf([summary, { pods: [] }]);
    await Promise.all([stats('n1'), stats('n1')]);
    clock.advance(14_999);
    expect(await stats('n1')).toEqual([data]);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect(await stats('n1')).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it('are none of a node that is gone', async () => {
    expect(await statsOf([new NotFoundError('no such node')]).stats('n1')).toEqual([]);
  });

  it('are missing as a capability where the gateway may not ask nodes (refused)', async () => {
    const { stats, asked } = statsOf([new ForbiddenError('nodes/proxy')]);
    const failure = await stats('n1').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CapabilityMissingError);
    expect(failure).toMatchObject({ hint: expect.stringContaining('nodes/proxy') });
    await expect(stats('n1')).rejects.toThrow(CapabilityMissingError);
    expect(asked).toHaveLength(1);
  });

  it('are asked for again at once where a node did not answer (refused)', async () => {
    const { stats } = statsOf([new UpstreamError('node', 'away'), summary]);
    await expect(stats('n1')).rejects.toThrow(UpstreamError);
    expect(await stats('n1')).toEqual([data]);
  });

  it.each(['..', 'a/b', ''])('are not asked of a node that is called %j (refused)', async (node) => {
    const { stats, asked } = statsOf([summary]);
    await expect(stats(node)).rejects.toThrow('must be a Kubernetes name');
    expect(asked).toEqual([]);
  });
});

describe('readVolumeStats', () => {
  it.each([
    ['nothing', null],
    ['no pods', {}],
    ['pods that are none', { pods: 'many' }],
    ['volumes that are none', { pods: [{ volume: 3 }, null] }],
    ['claims without names', { pods: [{ volume: [{ pvcRef: {} }, { pvcRef: 'x' }] }] }],
  ])('reads no volumes in %s', (_what, given) => {
    expect(readVolumeStats(given)).toEqual([]);
  });

  it('leaves out what is no number, and no moment', () => {
    const wrong = { pvcRef, time: 'today', usedBytes: '10', capacityBytes: -1, inodes: 2 ** 63, inodesUsed: 1.5 };
    expect(readVolumeStats({ pods: [{ volume: [wrong] }] })).toEqual([
      {
        ...{ namespace: 'shop', claim: 'data', usedBytes: undefined, capacityBytes: undefined },
        ...{ availableBytes: undefined, inodes: undefined, inodesUsed: undefined, measuredAt: undefined },
      },
    ]);
  });
});
