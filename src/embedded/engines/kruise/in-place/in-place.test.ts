import { describe, expect, it } from 'vitest';
import type { Pod, PodTemplate } from '../../../controllers/kubernetes-shapes.ts';
import { samplePod } from '../../../controllers/testing/scheduling-samples.ts';
import { decideState, isFullyHooked, isHooked, type LifecycleState } from '../lifecycle.ts';
import { applyInPlaceUpdate, decideInPlaceUpdate } from './decide-in-place-update.ts';
import { decideUpdateStep } from './decide-update-step.ts';
import { isUpdateComplete } from './in-place-state.ts';

const template = (changes: object = {}, metadata: object = {}): PodTemplate => ({
  metadata: { labels: { app: 'web' }, ...metadata },
  spec: {
    containers: [
      { name: 'main', image: 'web:1' },
      { name: 'side', image: 'side:1' },
    ],
    ...changes,
  },
});
const containers = (main: object, side: object = {}): object => ({
  containers: [
    { name: 'main', image: 'web:1', ...main },
    { name: 'side', image: 'side:1', ...side },
  ],
});

describe('decideInPlaceUpdate', () => {
  it.each([
    { name: 'takes new images', next: template(containers({ image: 'web:2' })), images: { main: 'web:2' } },
    {
      name: 'takes several images at once',
      next: template(containers({ image: 'web:2' }, { image: 'side:2' })),
      images: { main: 'web:2', side: 'side:2' },
    },
    { name: 'takes labels and annotations', next: template({}, { annotations: { a: 'b' } }), images: {} },
  ])('$name', ({ next, images }) => {
    expect(decideInPlaceUpdate(template(), next)).toMatchObject({ images });
  });

  it.each([
    { name: 'other environment', next: template(containers({ env: [{ name: 'A', value: 'b' }] })) },
    { name: 'other resources', next: template(containers({ resources: { requests: { cpu: '1' } } })) },
    {
      name: 'a container more',
      next: template({ containers: [...template().spec.containers, { name: 'x', image: 'x' }] }),
    },
    { name: 'a container less', next: template({ containers: [{ name: 'main', image: 'web:2' }] }) },
    { name: 'a container by another name', next: template(containers({ name: 'other' })) },
    { name: 'an init container', next: template({ initContainers: [{ name: 'init', image: 'init:1' }] }) },
    { name: 'a node selector', next: template({ nodeSelector: { disk: 'ssd' } }) },
  ])('needs a new pod for $name (refused)', ({ next }) => {
    expect(decideInPlaceUpdate(template(), next)).toBeUndefined();
  });

  it('leads back to where it came from', () => {
    const before = template({}, { labels: { app: 'web', old: 'yes' }, annotations: { a: '1' } });
    const after = template(containers({ image: 'web:2' }), { labels: { app: 'web', new: 'yes' } });
    const pod: Pod = {
      ...samplePod(),
      metadata: { name: 'p', labels: { ...before.metadata?.labels, own: 'yes' }, annotations: { a: '1', own: 'yes' } },
      spec: before.spec,
    };
    const there = decideInPlaceUpdate(before, after);
    const back = decideInPlaceUpdate(after, before);
    if (there === undefined || back === undefined) throw new Error('both can be done in place');
    const moved = applyInPlaceUpdate(pod, there);
    expect(moved.metadata).toMatchObject({
      labels: { app: 'web', new: 'yes', own: 'yes' },
      annotations: { own: 'yes' },
    });
    expect(moved.metadata.labels).not.toHaveProperty('old');
    expect(moved.spec.containers[0]?.image).toBe('web:2');
    expect(applyInPlaceUpdate(moved, back)).toEqual(pod);
  });
});

describe('decideUpdateStep', () => {
  const states: readonly LifecycleState[] = [
    '',
    'PreparingNormal',
    'Normal',
    'PreparingUpdate',
    'Updating',
    'Updated',
    'PreparingDelete',
  ];
  const step = (changes: object): string =>
    decideUpdateStep({
      policy: 'InPlaceIfPossible',
      canUpdateInPlace: true,
      state: 'Normal',
      hasHook: false,
      isHeld: false,
      ...changes,
    });

  it.each([
    { name: 'replaces what is to be recreated', seen: { policy: 'ReCreate' }, wanted: 'replace' },
    { name: 'replaces what cannot be done in place', seen: { canUpdateInPlace: false }, wanted: 'replace' },
    {
      name: 'refuses that where only in place will do',
      seen: { policy: 'InPlaceOnly', canUpdateInPlace: false },
      wanted: 'refuse',
    },
    { name: 'asks those who hold the pod first', seen: { hasHook: true, isHeld: true }, wanted: 'prepare' },
    { name: 'waits for them', seen: { state: 'PreparingUpdate', hasHook: true, isHeld: true }, wanted: 'wait' },
    { name: 'goes on when they let go', seen: { state: 'PreparingUpdate', hasHook: true }, wanted: 'change' },
    {
      name: 'has an updated pod held again before the next update',
      seen: { state: 'Updated', hasHook: true },
      wanted: 'hold',
    },
    { name: 'changes a pod anew that is still being updated', seen: { state: 'Updating' }, wanted: 'change' },
    { name: 'leaves a pod alone that is to go', seen: { state: 'PreparingDelete' }, wanted: 'wait' },
  ])('$name', ({ seen, wanted }) => {
    expect(step(seen)).toBe(wanted);
  });

  it('never changes a pod that is held', () => {
    for (const state of states.filter((each) => each !== 'Updating')) {
      expect(step({ state, hasHook: true, isHeld: true })).not.toBe('change');
    }
  });
});

describe('decideState', () => {
  const hook = { labelsHandler: { hooked: 'yes' }, finalizersHandler: ['example.com/hook'] };
  const free = samplePod({ labels: { app: 'web' } });
  const half = samplePod({ labels: { app: 'web', hooked: 'yes' } });
  const full: Pod = { ...half, metadata: { ...half.metadata, finalizers: ['example.com/hook'] } };
  const decide = (pod: Pod, changes: object): LifecycleState | undefined =>
    decideState(pod, {
      state: 'Normal',
      lifecycle: undefined,
      isScheduled: true,
      isFullyUpdated: () => true,
      isAtUpdateRevision: true,
      waitsForNode: true,
      ...changes,
    });

  it('is held by anything of a hook, and free to go on with all of it', () => {
    expect([free, half, full].map((pod) => isHooked(hook, pod))).toEqual([false, true, true]);
    expect([free, half, full].map((pod) => isFullyHooked(hook, pod))).toEqual([false, false, true]);
  });

  it.each([
    { name: 'is Normal with a node', pod: free, seen: { state: 'PreparingNormal' }, next: 'Normal' },
    {
      name: 'is not Normal without',
      pod: free,
      seen: { state: 'PreparingNormal', isScheduled: false },
      next: undefined,
    },
    {
      name: 'is not Normal before its hook',
      pod: half,
      seen: { state: 'PreparingNormal', lifecycle: { preNormal: hook } },
      next: undefined,
    },
    {
      name: 'is Normal with its hook',
      pod: full,
      seen: { state: 'PreparingNormal', lifecycle: { preNormal: hook } },
      next: 'Normal',
    },
    {
      name: 'stays in its update',
      pod: free,
      seen: { state: 'Updating', isFullyUpdated: () => false },
      next: undefined,
    },
    { name: 'is Normal after it', pod: free, seen: { state: 'Updating' }, next: 'Normal' },
    {
      name: 'is Updated where a hook follows',
      pod: free,
      seen: { state: 'Updating', lifecycle: { inPlaceUpdate: hook } },
      next: 'Updated',
    },
    {
      name: 'stays Updated until the hook is on',
      pod: half,
      seen: { state: 'Updated', lifecycle: { inPlaceUpdate: hook } },
      next: undefined,
    },
    {
      name: 'is Normal when it is',
      pod: full,
      seen: { state: 'Updated', lifecycle: { inPlaceUpdate: hook } },
      next: 'Normal',
    },
    {
      name: 'need not be updated when its template came back',
      pod: full,
      seen: { state: 'PreparingUpdate', lifecycle: { inPlaceUpdate: hook } },
      next: 'Normal',
    },
    { name: 'stays Normal', pod: free, seen: {}, next: undefined },
  ])('$name', ({ pod, seen, next }) => {
    expect(decide(pod, seen)).toBe(next);
  });
});

describe('isUpdateComplete', () => {
  const podWith = (image: string, imageID: string, annotations: Record<string, string>): Pod => {
    const status = { name: 'main', image, imageID, ready: true, restartCount: 0, state: {}, lastState: {} };
    const pod = samplePod({ container: { image: 'web:2' }, status: { containerStatuses: [status] } });
    return { ...pod, metadata: { ...pod.metadata, annotations } };
  };
  const state = (last: object | null): Record<string, string> => ({
    'apps.kruise.io/inplace-update-state': JSON.stringify({ revision: 'r', lastContainerStatuses: last }),
  });

  it.each([
    { name: 'where there was no update', pod: podWith('web:1', 'id-1', {}), isComplete: true },
    { name: 'where only metadata changed', pod: podWith('web:1', 'id-1', state(null)), isComplete: true },
    {
      name: 'not while the old image runs',
      pod: podWith('web:1', 'id-1', state({ main: { imageID: 'id-1' } })),
      isComplete: false,
    },
    {
      name: 'when another runs',
      pod: podWith('web:2', 'id-2', state({ main: { imageID: 'id-1' } })),
      isComplete: true,
    },
    {
      name: 'when the same runs by its new name',
      pod: podWith('web:2', 'id-1', state({ main: { imageID: 'id-1' } })),
      isComplete: true,
    },
    {
      name: 'not without a status',
      pod: podWith('web:2', 'id-2', state({ other: { imageID: 'x' } })),
      isComplete: false,
    },
    {
      name: 'not in its grace',
      pod: podWith('web:2', 'id-2', { ...state(null), 'apps.kruise.io/inplace-update-grace': '{}' }),
      isComplete: false,
    },
    {
      name: 'where somebody wrote nonsense',
      pod: podWith('web:1', 'id-1', { 'apps.kruise.io/inplace-update-state': '{' }),
      isComplete: true,
    },
  ])('is so $name', ({ pod, isComplete }) => {
    expect(isUpdateComplete(pod)).toBe(isComplete);
  });
});
