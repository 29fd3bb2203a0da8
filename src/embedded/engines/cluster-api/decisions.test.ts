import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ControlPlaneInput, decideControlPlane } from './decide-control-plane.ts';
import { decideStages, parseStartup } from './decide-stages.ts';
import { decideVictims } from './decide-victims.ts';
import { parseFlavor } from './flavor.ts';
import type { Machine } from './kinds.ts';
import { createFirstMachines, readSteering } from './steering.ts';
import { decideVersions } from './topology/decide-versions.ts';

const now = Date.UTC(2026, 0, 2);

interface Traits {
  readonly days?: number;
  readonly isReady?: boolean;
  readonly isMarked?: boolean;
  readonly isGoing?: boolean;
  readonly zone?: string;
  readonly version?: string;
}

function machine(name: string, traits: Traits = {}): Machine {
  const { days = 1, isReady = true, isMarked = false, isGoing = false, zone, version = 'v1.35.0' } = traits;
  const status = isReady ? 'True' : 'False';
  const shown = (type: string) => ({ type, status, reason: 'X', message: '', lastTransitionTime: '' }) as const;
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: {
      name,
      creationTimestamp: new Date(now - days * 86_400_000).toISOString(),
      annotations: isMarked ? { 'cluster.x-k8s.io/delete-machine': 'yes' } : {},
      ...(isGoing ? { deletionTimestamp: new Date(now).toISOString() } : {}),
    },
    spec: {
      clusterName: 'c',
      version,
      bootstrap: {},
      infrastructureRef: { apiGroup: 'g', kind: 'K', name },
      ...(zone === undefined ? {} : { failureDomain: zone }),
    },
    status: { nodeRef: { name }, conditions: [shown('Ready'), shown('NodeHealthy')] },
  };
}

describe('decideVictims', () => {
  const old = machine('old', { days: 30 });
  const fresh = machine('fresh', { days: 0 });
  const sick = machine('sick', { isReady: false });
  const marked = machine('marked', { isMarked: true });
  const going = machine('going', { isGoing: true });
  it.each([
    ['by name where the order is random', [old, fresh], 'Random', ['fresh', 'old']],
    ['the oldest first', [fresh, old], 'Oldest', ['old', 'fresh']],
    ['the newest first', [old, fresh], 'Newest', ['fresh', 'old']],
    ['the sick before the others', [old, fresh, sick], 'Oldest', ['sick', 'old', 'fresh']],
    ['the marked before the sick', [sick, marked, old], 'Random', ['marked', 'sick', 'old']],
    ['those that go already before all', [marked, going], 'Newest', ['going', 'marked']],
  ])('takes %s', (_what, machines, order, expected) => {
    expect(decideVictims(machines, 9, order, now).map(({ metadata }) => metadata.name)).toEqual(expected);
  });

  it('takes so many and no more', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 9 }), fc.integer({ min: 0, max: 5 }), (count, present) => {
        const machines = Array.from({ length: present }, (_each, at) => machine(`m${at}`));
        const chosen = decideVictims(machines, count, 'Random', now);
        expect(chosen).toHaveLength(Math.max(0, Math.min(count, present)));
      }),
    );
  });
});

describe('decideControlPlane', () => {
  const input = (fields: Partial<ControlPlaneInput>): ControlPlaneInput => ({
    desired: 3,
    maxSurge: 1,
    isInitialized: true,
    machines: [],
    isUpToDate: ({ spec }) => spec.version === 'v1.35.0',
    zones: [],
    ...fields,
  });
  const step = (fields: Partial<ControlPlaneInput>): string => {
    const decided = decideControlPlane(input(fields));
    if (decided.kind === 'delete') return `delete ${decided.machine.metadata.name}`;
    return decided.kind === 'create' ? `create ${decided.zone ?? ''}`.trim() : 'none';
  };
  const three = ['a', 'b', 'c'].map((name) => machine(name));
  const [a, b, c] = three as [Machine, Machine, Machine];
  const late = machine('z', { version: 'v1.34.0' });
  it.each<readonly [string, Partial<ControlPlaneInput>, string]>([
    ['begins with one', {}, 'create'],
    ['waits until the first answers', { machines: [a], isInitialized: false }, 'none'],
    ['goes on when it does', { machines: [a] }, 'create'],
    ['waits for the last one', { machines: [a, machine('n', { isReady: false })] }, 'none'],
    ['is content with as many as are wanted', { machines: three }, 'none'],
    ['spreads over zones', { machines: [machine('a', { zone: 'x' })], zones: ['x', 'y'] }, 'create y'],
    ['shrinks by the oldest', { machines: [a, b, machine('o', { days: 9 })], desired: 1 }, 'delete o'],
    ['shrinks by the marked', { machines: [a, machine('m', { isMarked: true, days: 0 })], desired: 1 }, 'delete m'],
    ['does one thing at a time', { machines: [a, b, machine('g', { isGoing: true })], desired: 1 }, 'none'],
    ['adds one before it takes an outdated one', { machines: [a, b, late] }, 'create'],
    ['takes the outdated one then', { machines: [a, b, c, late] }, 'delete z'],
    ['takes it first where there is no surge', { machines: [a, b, late], maxSurge: 0 }, 'delete z'],
  ])('%s', (_what, fields, expected) => {
    expect(step(fields)).toBe(expected);
  });
});

describe('decideStages', () => {
  const times = { vm: 10, node: 5, etcd: 3, apiServer: 2 };
  it.each([
    [0, false, [false, false, false, false, 10]],
    [10, false, [true, false, false, false, 5]],
    [15, false, [true, true, false, false, undefined]],
    [15, true, [true, true, false, false, 3]],
    [20, true, [true, true, true, true, undefined]],
  ])('has after %d ms, for a control plane %s, %j', (elapsed, isControlPlane, expected) => {
    const { vm, node, etcd, apiServer, waitMs } = decideStages(elapsed, times, isControlPlane);
    expect([vm, node, etcd, apiServer, waitMs]).toEqual(expected);
  });

  it.each([
    ['10s', undefined, 10_000],
    ['1m30s', undefined, 90_000],
    ['1.5s', '0', 1_500],
    ['10s', '0.5', 12_500],
    ['soon', undefined, 0],
    ['', undefined, 0],
  ])('reads %s with a jitter of %s as %d ms', (startupDuration, startupJitter, expected) => {
    const provisioning = { startupDuration, ...(startupJitter === undefined ? {} : { startupJitter }) };
    expect(parseStartup(provisioning, 0.5)).toBe(expected);
  });
});

describe('decideVersions', () => {
  const group = (topologyName: string, version: string | undefined, isRollingOut = false) => ({
    topologyName,
    version,
    isRollingOut,
  });
  it.each([
    ['new groups of a new cluster', undefined, [group('a', undefined)], ['new'], []],
    ['workers that wait for their control plane', 'old', [group('a', 'old')], ['old'], ['a']],
    ['one group after the other', 'new', [group('a', 'old'), group('b', 'old')], ['new', 'old'], ['b']],
    ['a group that is not done', 'new', [group('a', 'new', true), group('b', 'old')], ['new', 'old'], ['b']],
    ['new groups of a cluster that is upgraded', 'old', [group('a', undefined)], ['old'], []],
  ])('decides %s', (_what, version, groups, versions, pending) => {
    const plan = decideVersions('new', { version, isStable: true }, groups);
    expect([[...plan.versions.values()], plan.pending]).toEqual([versions, pending]);
  });

  it('keeps workers as they are while the control plane is not stable', () => {
    const plan = decideVersions('new', { version: 'new', isStable: false }, [group('a', 'old')]);
    expect(plan.pending).toEqual(['a']);
  });
});

describe('flavors and steering', () => {
  it.each([
    ['4C-8GiB', { cores: 4, memory: '8Gi' }],
    ['1C-512MiB', { cores: 1, memory: '512Mi' }],
    ['large', undefined],
    [undefined, undefined],
  ])('reads the flavor %s', (flavor, size) => {
    expect(parseFlavor(flavor)).toEqual(size);
  });

  it('reads what annotations ask for, and leaves out what cannot be read', () => {
    const prefix = 'embedded.longshore.dev';
    expect(
      readSteering({
        [`${prefix}/fail-provisioning`]: 'no room',
        [`${prefix}/first-machines`]: 'two',
        [`${prefix}/provision-seconds`]: '7',
        [`${prefix}/fail-deletion`]: '',
      }),
    ).toEqual({
      failure: 'no room',
      hangs: false,
      firstMachines: undefined,
      provisionSeconds: 7,
      deletionFailure: undefined,
    });
  });

  it('remembers the first machines of a group, whatever comes later', () => {
    const first = createFirstMachines();
    expect(['a', 'b', 'c', 'a', 'b'].map((uid) => first.includes('g', uid, 2))).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(first.includes('other', 'c', 1)).toBe(true);
  });
});
