import { describe, expect, it } from 'vitest';
import { persistentVolumeClaimKind } from '../api.ts';
import { createFakeReader } from '../testing/fake-reader.ts';
import { makeObject } from '../testing/make-objects.ts';
import { profileNamed } from '../testing/profile-named.ts';
import { checkReadWriteOnce, claimNamesOf, loadClaims } from './read-write-once.ts';

const one = [{ name: 'data', accessModes: ['ReadWriteOnce'] }];
const onePod = [{ name: 'data', accessModes: ['ReadWriteOncePod'] }];
const many = [{ name: 'data', accessModes: ['ReadWriteMany'] }];
const both = [{ name: 'data', accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }];
const readers = [{ name: 'data', accessModes: ['ReadOnlyMany'] }];

describe('checkReadWriteOnce', () => {
  it.each([
    ['ecs', one, 1, 'allowed'],
    ['ecs', one, 0, 'allowed'],
    ['ecs', one, 2, 'disk_of_one_node'],
    ['ecs', onePod, 2, 'disk_of_one_node'],
    ['ecs', many, 9, 'allowed'],
    ['ecs', both, 9, 'allowed'],
    ['ecs', readers, 9, 'allowed'],
    ['ecs', [], 9, 'allowed'],
    ['ecs', [...many, ...one], 2, 'disk_of_one_node'],
    ['tcs', one, 1, 'allowed'],
    ['tcs', one, 2, 'disk_of_one_node'],
    ['default', one, 9, 'allowed'],
    ['csk', one, 9, 'allowed'],
  ] as const)('in profile %s with %j and %i pods: %s (CMP-54)', (profile, claims, pods, expected) => {
    const [misfit] = checkReadWriteOnce({ pods, claims, profile: profileNamed(profile), path: ['replicas'] });
    expect(misfit?.code ?? 'allowed').toBe(expected);
  });

  it('names the disk, the limit and what came (CMP-54) (refused)', () => {
    const path = ['spec', 'parallelism'];
    expect(checkReadWriteOnce({ pods: 3, claims: one, profile: profileNamed('ecs'), path })).toEqual([
      {
        path,
        code: 'disk_of_one_node',
        message:
          "parallelism may be 1 at the most by the profile 'ecs', since one node alone can write the disk 'data', got 3",
      },
    ]);
  });
});

describe('claimNamesOf', () => {
  it('names each claim that a template mounts once, and nothing else', () => {
    const claim = (claimName: string) => ({ name: `v-${claimName}`, persistentVolumeClaim: { claimName } });
    expect(claimNamesOf({ volumes: [claim('b'), claim('a'), { name: 'tmp', emptyDir: {} }, claim('b')] })).toEqual([
      'b',
      'a',
    ]);
    expect(claimNamesOf(undefined)).toEqual([]);
  });
});

describe('loadClaims', () => {
  it('answers those that are there, from a cache or from the cluster', async () => {
    const claim = makeObject(persistentVolumeClaimKind, {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'] },
    });
    for (const mode of ['values', 'promises'] as const) {
      const reader = createFakeReader('c1', [claim], mode);
      expect(await loadClaims(reader, 'shop', ['data', 'gone'])).toEqual(one);
    }
  });
});
