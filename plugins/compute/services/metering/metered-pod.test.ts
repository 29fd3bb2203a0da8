import { describe, expect, it } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { createHearing, type PodFeed } from './create-hearing.ts';
import { isStaticPod, meteredPod } from './metered-pod.ts';
import { seenPods } from './seen-pods.ts';
import { type Meter, settle } from './settle.ts';
import type { Timeline } from './timeline.ts';

const cpu = (value: string, memory = '64Mi') => ({ cpu: value, memory });
const amounts = (spec: object, status: object = {}) => {
  const { millicores, memoryKib } = meteredPod(makePod({ metadata: { name: 'a' }, spec, status }));
  return [millicores, memoryKib];
};
const container = (name: string, requests?: object, limits?: object) => ({
  name,
  resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) },
});

describe('what a pod is metered at (CMP-114)', () => {
  it.each([
    ['its requests', { containers: [container('a', cpu('250m')), container('b', cpu('1'))] }, [1_250, 131_072]],
    ['its limits where it asks for nothing', { containers: [container('a', undefined, cpu('500m'))] }, [500, 65_536]],
    ['nothing where it says nothing (bad input)', { containers: [container('a')] }, [0, 0]],
    [
      'nothing where what it says is no quantity (bad input)',
      { containers: [container('a', cpu('much', 'more'))] },
      [0, 0],
    ],
    [
      'nothing where it says less than nothing (bad input)',
      { containers: [container('a', cpu('-1', '-1Gi'))] },
      [0, 0],
    ],
    [
      'its containers and sidecars, not init containers that end',
      {
        containers: [container('a', cpu('100m'))],
        initContainers: [{ ...container('mesh', cpu('50m')), restartPolicy: 'Always' }, container('init', cpu('4'))],
      },
      [150, 131_072],
    ],
    [
      'what is set aside for the pod as a whole, where it is',
      { containers: [container('a', cpu('100m'))], resources: { requests: cpu('2', '1Gi') } },
      [2_000, 1_048_576],
    ],
  ])('is %s', (_what, spec, expected) => {
    expect(amounts(spec)).toEqual(expected);
  });

  it('is what its node has admitted, until a resize is done', () => {
    const spec = { containers: [container('a', cpu('2'))] };
    const told = (status: object) => amounts(spec, { containerStatuses: [{ name: 'a', ...status }] })[0];
    expect(told({ allocatedResources: cpu('1') })).toBe(1_000);
    expect(told({ resources: { requests: cpu('1') } })).toBe(1_000);
    expect(told({ allocatedResources: cpu('2') })).toBe(2_000);
  });

  it('is nothing of the pods of a kubelet itself (refused)', () => {
    expect(isStaticPod(makePod({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }))).toBe(true);
  });

  it('is its own size before and after it is resized in place, to the second', () => {
    const start = Date.UTC(2026, 0, 1) / 1_000;
    let now = start;
    let version = 1;
    let listener: Parameters<PodFeed['onEvent']>[0] = () => {};
    const pod = (wanted: string, admitted: string) =>
      makePod({
        metadata: { name: 'a', resourceVersion: String(version) },
        spec: { containers: [container('a', cpu(wanted))] },
        status: {
          phase: 'Running',
          startTime: '2026-01-01T00:00:00Z',
          containerStatuses: [{ name: 'a', allocatedResources: cpu(admitted), state: {} }],
        },
      });
    let current = pod('500m', '500m');
    const feed = {
      syncedAt: 0,
      staleSince: undefined,
      continuousSince: '1',
      snapshot: () => ({ items: [current].values(), position: String(version) }),
      onEvent: (listen: typeof listener) => {
        listener = listen;
        return () => {};
      },
    } as unknown as PodFeed;
    const hearing = createHearing(feed, { now: () => now * 1_000 });
    const become = (wanted: string, admitted: string) => {
      version += 1;
      const previous = current;
      current = pod(wanted, admitted);
      listener({ type: 'MODIFIED', object: current, previous, position: String(version) } as never);
    };
    const timelines = new Map<string, Timeline>();
    let meter: Meter | undefined;
    let position: string | undefined;
    let used = 0n;
    const round = () => {
      const heard = hearing.look(position);
      if (typeof heard === 'string') throw new Error(heard);
      const settled = settle(meter, timelines, {
        nowSeconds: now,
        pods: seenPods(heard, () => 's'),
        deafUntilSeconds: heard.deafUntilSeconds,
      });
      if (!settled) throw new Error('the clock is not believed');
      for (const [uid, timeline] of settled.written) timelines.set(uid, timeline);
      for (const { millicoreSeconds } of settled.usage.entries()) used += millicoreSeconds;
      meter = settled.meter;
      position = heard.position;
      hearing.forget(heard.position);
    };
    round();
    now = start + 10;
    become('2', '500m');
    now = start + 25;
    become('2', '2');
    now = start + 60;
    round();
    expect(used).toBe(25n * 500n + 35n * 2_000n);
    now = start + 70;
    become('1', '1');
    now = start + 120;
    round();
    expect(used).toBe(25n * 500n + 45n * 2_000n + 50n * 1_000n);
  });
});
