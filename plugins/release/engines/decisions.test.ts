import fc from 'fast-check';
import type { PodObject } from 'longshore/plugins/compute';
import { describe, expect, it } from 'vitest';
import { decideShrink, floorOfOld } from './deployment-pair/decide-sizes.ts';
import { toObservedPod } from './observe-pods.ts';
import { ordinalPartition } from './partitioned/ordinal-partition.ts';
import { keptBy } from './partitioned/partitioned-kind.ts';

const pod = (status: object, metadata: object = {}): PodObject =>
  ({
    metadata: { name: 'web-0', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: { nodeName: 'n1' },
    status,
  }) as unknown as PodObject;
const container = (more: object): object => ({
  phase: 'Running',
  containerStatuses: [{ name: 'web', ready: false, restartCount: 0, ...more }],
});
const waiting = (reason: string) => container({ state: { waiting: { reason, message: 'why' } } });
const crashed = { lastState: { terminated: { exitCode: 1, reason: 'Error' } }, state: { running: {} } };

describe('what is wrong with a pod (REL-27)', () => {
  it.each<[string, object, string]>([
    ['an image that cannot be pulled', waiting('ErrImagePull'), 'container web: ErrImagePull: why'],
    ['one that is given up', waiting('ImagePullBackOff'), 'container web: ImagePullBackOff: why'],
    ['a name that is none', waiting('InvalidImageName'), 'container web: InvalidImageName: why'],
    ['missing configuration', waiting('CreateContainerConfigError'), 'container web: CreateContainerConfigError: why'],
    ['a container that cannot be made', waiting('CreateContainerError'), 'container web: CreateContainerError: why'],
    ['a crash', waiting('CrashLoopBackOff'), 'container web: CrashLoopBackOff: why'],
    ['many crashes', container({ restartCount: 3, ...crashed }), 'container web: restarted 3 times: Error'],
    ['an end', { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }, 'Evicted: low on memory'],
    [
      'an init container',
      {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'init', restartCount: 0, state: { waiting: { reason: 'ErrImagePull' } } }],
      },
      'container init: ErrImagePull',
    ],
  ])('is %s', (_case, status, problem) => {
    expect(toObservedPod(pod(status))).toMatchObject({ problem, note: undefined, isReady: false });
  });

  it.each<[string, object, object?]>([
    ['it is being made', waiting('ContainerCreating')],
    ['it began again twice', container({ restartCount: 2, ...crashed })],
    ['it began again often and is ready', container({ restartCount: 9, ready: true, ...crashed })],
    ['it ended well', container({ restartCount: 3, lastState: { terminated: { exitCode: 0 } } })],
    [
      'its containers were given new images in place',
      container({ restartCount: 5, ...crashed }),
      { annotations: { 'apps.kruise.io/inplace-update-state': '{}' } },
    ],
  ])('is nothing while %s', (_case, status, metadata) => {
    expect(toObservedPod(pod(status, metadata)).problem).toBeUndefined();
  });

  it('is no problem yet where no node has room, but is told', () => {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' };
    expect(toObservedPod(pod({ phase: 'Pending', conditions: [condition] }))).toMatchObject({
      problem: undefined,
      note: 'Unschedulable: 0/3 nodes',
    });
  });

  it('is ready since its condition says so, and not while it leaves', () => {
    const status = {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:05Z' }],
    };
    expect(toObservedPod(pod(status))).toMatchObject({ isReady: true, readySince: Date.UTC(2026, 0, 1, 0, 0, 5) });
    const leaving = pod(status, { deletionTimestamp: '2026-01-01T00:01:00Z' });
    expect(toObservedPod(leaving)).toMatchObject({ isReady: false, readySince: undefined, isLeaving: true });
  });
});

describe('the partition of numbered pods', () => {
  const updatedPods = (ordinals: readonly number[]) => ordinals.map((ordinal) => ({ name: `db-${ordinal}` }) as never);

  it('lets exactly as many be new as were wanted, and moves none that need not', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.nat(12), fc.uniqueArray(fc.nat(11)), (replicas, wanted, ordinals) => {
        fc.pre(wanted <= replicas);
        const there = ordinals.filter((ordinal) => ordinal < replicas);
        const partition = ordinalPartition({ replicas, wanted, isScaled: false, updated: updatedPods(there) });
        const newBelow = there.filter((ordinal) => ordinal < partition).length;
        expect(replicas - partition + newBelow).toBeGreaterThanOrEqual(wanted);
        // One higher would be too few, unless nothing has to move.
        if (partition === replicas) return;
        const above = there.filter((ordinal) => ordinal < partition + 1).length;
        expect(replicas - (partition + 1) + above).toBeLessThan(wanted);
      }),
    );
  });

  it('goes by the count where numbers are left out', () => {
    expect(ordinalPartition({ replicas: 3, wanted: 1, isScaled: false, updated: updatedPods([5]) })).toBe(2);
  });
});

describe('a partition as a share', () => {
  it.each([
    ['100%', 7, 7],
    ['0%', 7, 0],
    ['33%', 3, 1],
    ['66%', 3, 2],
    [9, 3, 3],
    [2, 3, 2],
  ])('of %s keeps of %d pods %d', (partition, replicas, kept) => {
    expect(keptBy(partition, replicas)).toBe(kept);
  });

  it('keeps as many as were meant, up to 100 pods', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(100), (replicas, kept) => {
        fc.pre(kept <= replicas);
        expect(keptBy(`${Math.floor((kept * 100) / replicas)}%`, replicas)).toBe(kept);
      }),
    );
  });
});

describe('how the old Deployment makes way', () => {
  const old = fc.array(
    fc
      .record({ replicas: fc.nat(6), ready: fc.nat(6) })
      .map(({ replicas, ready }) => ({ replicas, ready: Math.min(replicas, ready) })),
    { maxLength: 3 },
  );

  it('never leaves fewer ready pods than maxUnavailable allows, nor makes it worse (P14)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(8),
        fc.nat(8),
        fc.constantFrom(0, 1, 2, '25%', '50%'),
        old,
        (replicas, grown, isReady, maxUnavailable, sizes) => {
          const ready = Math.min(grown, isReady);
          const named = sizes.map((size, index) => ({ name: `d${index}`, ...size }));
          const facts = { replicas, grown, ready, maxUnavailable, old: named };
          const step = decideShrink(facts);
          const after = named.map((size) => (size.name === step?.name ? { ...size, replicas: step.replicas } : size));
          const total = (list: typeof named) => list.reduce((sum, size) => sum + size.replicas, 0);
          if (!step) {
            expect(total(named)).toBeLessThanOrEqual(floorOfOld(facts));
            return;
          }
          expect(total(after)).toBeLessThan(total(named));
          expect(total(after)).toBeGreaterThanOrEqual(floorOfOld(facts));
          expect(grown + total(after)).toBeGreaterThanOrEqual(Math.min(replicas, grown + total(named)));
        },
      ),
    );
  });

  it('takes first what is least ready', () => {
    const facts = { replicas: 3, grown: 3, ready: 1, maxUnavailable: 0 };
    const named = [
      { name: 'sound', replicas: 3, ready: 3 },
      { name: 'broken', replicas: 2, ready: 0 },
    ];
    expect(decideShrink({ ...facts, old: named })).toEqual({ name: 'broken', replicas: 0 });
  });
});
