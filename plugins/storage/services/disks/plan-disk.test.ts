import { ValidationError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { fileSystemAnnotation, volumeSnapshotKind } from '../../api.ts';
import { makeClaim, makeClass } from '../../testing/make-storage.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { readerOf } from '../../testing/reader-of.ts';
import { type DiskRequest, planDisk } from './plan-disk.ts';

const xfs = { 'csi.storage.k8s.io/fstype': 'xfs' };
const plain = makeClass({ metadata: { name: 'plain' } });
const fast = makeClass({ metadata: { name: 'z-fast' }, parameters: xfs });
const nas = makeClass({ metadata: { name: 'nas' } });
const narrow = makeClass({
  metadata: {
    name: 'narrow',
    annotations: { 'longshore.dev/access-modes': 'ReadWriteOnce', 'longshore.dev/minimum-size': '10Gi' },
  },
});
const source = makeClaim({ metadata: { name: 'data' }, spec: { storageClassName: 'z-fast' } });
const snapshot = makeObject(volumeSnapshotKind, {
  metadata: { name: 'moment', annotations: { [fileSystemAnnotation]: 'xfs' } },
  spec: { source: { persistentVolumeClaimName: 'data' } },
  status: { readyToUse: true, restoreSize: '1500Mi' },
});
const request: DiskRequest = { namespace: 'shop', name: 'data', sizeGib: 2, kind: 'EXCLUSIVE' };

function plan(
  more: Partial<DiskRequest>,
  values: object = {},
  from?: typeof snapshot,
  objects: readonly object[] = [source],
) {
  const reader = readerOf([plain, fast, nas, ...objects] as never);
  return planDisk({ ...request, ...more }, from, profileNamed('default', values as never), reader);
}

describe('planDisk', () => {
  it('marks a claim as the disk that is wanted, with all that is said of it (STO-14)', async () => {
    const wanted = { displayName: 'Data', description: 'For a test', fileSystem: 'XFS' } as const;
    expect(await plan(wanted)).toEqual({
      metadata: {
        namespace: 'shop',
        name: 'data',
        labels: { 'longshore.dev/disk': 'ordinary' },
        annotations: {
          'longshore.dev/display-name': 'Data',
          'longshore.dev/description': 'For a test',
          'longshore.dev/file-system': 'xfs',
        },
      },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '2Gi' } },
        storageClassName: 'z-fast',
      },
    });
  });

  it('makes a shared one for many instances, of the class that the profile has for those (STO-15)', async () => {
    expect(await plan({ kind: 'SHARED' }, { 'disk.sharedClass': 'nas' })).toMatchObject({
      spec: { accessModes: ['ReadWriteMany'], storageClassName: 'nas' },
    });
    expect(await plan({}, { 'disk.exclusiveClass': 'plain' })).toMatchObject({ spec: { storageClassName: 'plain' } });
  });

  it.each([
    ['its size, class and file system', { sizeGib: null }, [source], '1500Mi', 'z-fast'],
    ['more room', { sizeGib: 9 }, [source], '9Gi', 'z-fast'],
    ['its file system where its disk is gone', { sizeGib: null }, [], '1500Mi', 'z-fast'],
  ])('gives a disk that is made from a snapshot %s (STO-14, STO-20)', async (_what, more, objects, storage, storageClassName) => {
    expect(await plan(more, {}, snapshot, objects)).toMatchObject({
      metadata: { annotations: { 'longshore.dev/file-system': 'xfs' } },
      spec: {
        storageClassName,
        resources: { requests: { storage } },
        dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'moment' },
      },
    });
  });

  it.each([
    ['a kind that the profile has not', { kind: 'SHARED' }, { 'disk.kinds': ['EXCLUSIVE'] }, 'kind', 'kind_closed'],
    [
      'a file system that it has not',
      { fileSystem: 'XFS' },
      { 'disk.fileSystems': ['EXT4'] },
      'fileSystem',
      'file_system_closed',
    ],
    ['a file system without a name', { fileSystem: 'UNKNOWN' }, {}, 'fileSystem', 'file_system_closed'],
    ['less than it gives', { sizeGib: 2 }, { 'disk.sizeMinGib': 3 }, 'sizeGib', 'out_of_range'],
    ['more than it gives', { sizeGib: 2 }, { 'disk.sizeMaxGib': 1 }, 'sizeGib', 'out_of_range'],
    ['a class of the profile that is not there', {}, { 'disk.exclusiveClass': 'gone' }, 'storageClass', 'not_found'],
  ] as const)('is not asked for %s (STO-14, STO-15) (refused)', async (_what, more, values, field, code) => {
    const failure = await plan(more, values).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ValidationError);
    expect((failure as ValidationError).issues).toMatchObject([{ path: [field], code }]);
  });

  it.each([
    ['less than its class gives', { storageClass: 'narrow', sizeGib: 9 }, 'sizeGib', 'too_small'],
    [
      'more instances than its class serves',
      { storageClass: 'narrow', kind: 'SHARED', sizeGib: 10 },
      'kind',
      'mode_not_offered',
    ],
  ] as const)('is not asked for %s (STO-07, STO-08, STO-14) (refused)', async (_what, more, field, code) => {
    const failure = await plan(more, {}, undefined, [narrow]).catch((error: unknown) => error);
    expect((failure as ValidationError).issues).toMatchObject([{ path: [field], code }]);
    const fits = { storageClass: 'narrow', sizeGib: 10 };
    expect(await plan(fits, {}, undefined, [narrow])).toMatchObject({ spec: { storageClassName: 'narrow' } });
  });

  it.each([
    ['less than it needs', { sizeGib: 1 }, 'sizeGib', 'too_small'],
    ['another file system', { fileSystem: 'EXT4' }, 'fileSystem', 'other_file_system'],
    ['a class of another', { storageClass: 'plain' }, 'fileSystem', 'other_file_system'],
  ] as const)('gives a snapshot no disk with %s (STO-14) (refused)', async (_what, more, field, code) => {
    const failure = await plan(more, {}, snapshot).catch((error: unknown) => error);
    expect((failure as ValidationError).issues).toMatchObject([{ path: [field], code }]);
  });
});
