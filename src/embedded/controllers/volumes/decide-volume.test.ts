import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../kubernetes-shapes.ts';
import { decideVolume, volumeProblem } from './decide-volume.ts';

function volume(name: string, spec: object = {}, metadata: object = {}, phase = 'Available'): PersistentVolume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '5Gi' }, storageClassName: 'slow', ...spec },
    status: { phase },
  };
}

function claim(spec: object = {}): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop', uid: 'u1' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'slow',
      resources: { requests: { storage: '2Gi' } },
      ...spec,
    },
  };
}

const now = { isDelayed: false };
const own = { claimRef: { namespace: 'shop', name: 'data' } };

describe('decideVolume', () => {
  it.each([
    {
      name: 'takes the smallest that is large enough',
      volumes: [volume('b'), volume('a', { capacity: { storage: '3Gi' } })],
      chosen: 'a',
    },
    {
      name: 'takes none that is too small (refused)',
      volumes: [volume('a', { capacity: { storage: '1Gi' } })],
      chosen: undefined,
    },
    {
      name: 'takes none of another class (refused)',
      volumes: [volume('a', { storageClassName: 'fast' })],
      chosen: undefined,
    },
    {
      name: 'takes none of another mode (refused)',
      volumes: [volume('a', { volumeMode: 'Block' })],
      chosen: undefined,
    },
    {
      name: 'takes none that allows less (refused)',
      volumes: [volume('a', { accessModes: ['ReadOnlyMany'] })],
      chosen: undefined,
    },
    { name: 'takes none that is released (refused)', volumes: [volume('a', {}, {}, 'Released')], chosen: undefined },
    {
      name: 'takes none that is being deleted (refused)',
      volumes: [volume('a', {}, { deletionTimestamp: 'now' })],
      chosen: undefined,
    },
    {
      name: 'keeps volumes that allow more for those who need it',
      volumes: [
        volume('a', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }),
        volume('b', { capacity: { storage: '9Gi' } }),
      ],
      chosen: 'b',
    },
    {
      name: 'prefers what was made for it',
      volumes: [volume('a'), volume('z', { capacity: { storage: '9Gi' }, ...own })],
      chosen: 'z',
    },
    {
      name: 'takes none that was made for a namesake (refused)',
      volumes: [volume('a', { claimRef: { ...own.claimRef, uid: 'u0' } })],
      chosen: undefined,
    },
  ])('$name', ({ volumes, chosen }) => {
    expect(decideVolume(claim(), volumes, now)?.metadata.name).toBe(chosen);
  });

  it('heeds the selector', () => {
    const volumes = [volume('a'), volume('b', { capacity: { storage: '9Gi' } }, { labels: { disk: 'ssd' } })];
    const picky = claim({ selector: { matchLabels: { disk: 'ssd' } } });
    expect(decideVolume(picky, volumes, now)?.metadata.name).toBe('b');
  });

  it('waits for a node where the first consumer decides, unless a volume was made for the claim', () => {
    expect(decideVolume(claim(), [volume('a')], { isDelayed: true })).toBeUndefined();
    expect(decideVolume(claim(), [volume('a', own)], { isDelayed: true })?.metadata.name).toBe('a');
  });

  it('takes a volume that the chosen node reaches', () => {
    const on = (zone: string): object => ({
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }] },
      },
    });
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels: { zone: 'b' } }, spec: {} };
    const volumes = [volume('a', on('a')), volume('b', on('b'))];
    expect(decideVolume(claim(), volumes, { isDelayed: true, node })?.metadata.name).toBe('b');
  });

  it('never gives a volume that is too small', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 20 }), (present, wanted) => {
        const volumes = present.map((size, at) => volume(`v${at}`, { capacity: { storage: `${size}Gi` } }));
        const asked = claim({ resources: { requests: { storage: `${wanted}Gi` } } });
        const chosen = decideVolume(asked, volumes, now);
        const fitting = present.filter((size) => size >= wanted);
        const expected = fitting.length === 0 ? undefined : `${Math.min(...fitting)}Gi`;
        expect(chosen?.spec.capacity?.storage).toBe(expected);
      }),
    );
  });
});

describe('volumeProblem', () => {
  it.each([
    { name: 'nothing', of: volume('a'), problem: undefined },
    { name: 'its size', of: volume('a', { capacity: { storage: '1Gi' } }), problem: 'requested PV is too small' },
    { name: 'its class', of: volume('a', { storageClassName: 'x' }), problem: 'storageClassName does not match' },
    { name: 'its mode', of: volume('a', { volumeMode: 'Block' }), problem: 'incompatible volumeMode' },
    { name: 'its access', of: volume('a', { accessModes: ['ReadOnlyMany'] }), problem: 'incompatible accessMode' },
    {
      name: 'its end',
      of: volume('a', {}, { deletionTimestamp: 'now' }),
      problem: 'the volume is marked for deletion "a"',
    },
  ])('names what is wrong with it: $name', ({ of, problem }) => {
    expect(volumeProblem(of, claim())).toBe(problem);
  });
});
