import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import type { ClusterReader, Deletion, KubeObject, RequestContext, WrittenObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeDeployment, makeObject, makePod } from '../../../compute/testing/make-objects.ts';
import { diskLabel, fileBrowserLabel, volumeSnapshotKind } from '../../api.ts';
import { makeClaim, makeClass } from '../../testing/make-storage.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { readerOf } from '../../testing/reader-of.ts';
import { copiedClaimDeletionCheck, snapshotDeletionCheck } from '../snapshots/snapshot-deletion-check.ts';
import { diskDeletionCheck } from './disk-deletion-check.ts';
import { diskKindOf, isBuiltIn } from './disk-facts.ts';
import { requireExtensible } from './extend-disk.ts';
import { mountCheck } from './mount-check.ts';

const claimOf = (name: string, more: object = {}, spec: object = {}) =>
  makeClaim({
    metadata: { name, labels: { [diskLabel]: 'ordinary' }, ...more },
    spec: {
      storageClassName: 'plain',
      resources: { requests: { storage: '1Gi' } },
      accessModes: ['ReadWriteOnce'],
      ...spec,
    },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  });
const disk = claimOf('data');
const shared = claimOf('share', {}, { accessModes: ['ReadWriteMany'] });
const mounts = (...names: string[]) => ({
  containers: [{ name: 'web', image: 'nginx' }],
  volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
});
const pod = makePod({ metadata: { name: 'user' }, spec: mounts('data', 'share') });
const browser = makePod({
  metadata: { name: 'browser', labels: { [fileBrowserLabel]: 'data' } },
  spec: mounts('data'),
});
const stopped = makeDeployment({
  metadata: { name: 'web' },
  spec: { replicas: 0, template: { spec: mounts('data') } },
});
const plain = makeClass({ metadata: { name: 'plain' }, allowVolumeExpansion: true });
const fixed = makeClass({ metadata: { name: 'fixed' } });

/** What the caller sees, and what there is. */
function contextOf(seen: readonly object[], there: readonly object[] = seen): RequestContext {
  const classes = [plain, fixed, disk, shared];
  const reader = ({ kind }: { kind: string }): ClusterReader =>
    readerOf([...classes, ...(kind === 'SYSTEM' ? there : seen)] as never);
  return {
    principal: { kind: 'USER' },
    cluster: () => ({ reader }),
    kube: () => reader({ kind: 'USER' }),
    access: { allowed: (_action: string, object: object) => seen.includes(object) },
  } as never;
}

const deleted = (object: object, context: RequestContext) =>
  diskDeletionCheck.check(
    { object, left: undefined, takesParts: false, profile: profileNamed('default') } as Deletion,
    context,
  );

describe('what goes of disks (STO-16, P41)', () => {
  it('is refused while a pod, a stopped workload or a file browser has it, by name (refused)', async () => {
    for (const user of [pod, stopped, browser]) {
      const objection = await deleted(disk, contextOf([user]));
      expect(objection).toMatchObject({ isRefused: true, references: [expect.any(String)] });
    }
    expect(await deleted(disk, contextOf([browser]))).toMatchObject({
      message: "The file browser of disk 'data' is open: close it first.",
    });
  });

  it('counts what its caller may not see, without naming it (refused)', async () => {
    expect(await deleted(disk, contextOf([], [pod]))).toMatchObject({
      isRefused: true,
      references: [],
      message: expect.stringContaining('what you may not see'),
    });
  });

  it('is not refused where nothing has it, or it is no disk', async () => {
    expect(await deleted(disk, contextOf([]))).toBeUndefined();
    expect(await deleted(makeClaim({ metadata: { name: 'data' } }), contextOf([pod]))).toBeUndefined();
  });

  it.each([
    ['a snapshot', volumeSnapshotKind, snapshotDeletionCheck],
    ['a disk', persistentVolumeClaimKind, copiedClaimDeletionCheck],
  ] as const)('keeps %s from which a disk is still to be made (STO-16, STO-20, P41) (refused)', async (_what, kind, {
    check: judge,
  }) => {
    const source = makeObject(kind as typeof volumeSnapshotKind, { metadata: { name: 'moment' } });
    const dataSource = { kind: kind.kind, name: 'moment' };
    const filled = (phase: string) =>
      makeObject(persistentVolumeClaimKind, { metadata: { name: 'new' }, spec: { dataSource }, status: { phase } });
    const check = (...objects: object[]) =>
      judge(
        {
          object: source as unknown as KubeObject,
          left: undefined,
          takesParts: false,
          profile: profileNamed('default'),
        },
        contextOf(objects),
      );
    expect(await check(filled('Pending'))).toMatchObject({ isRefused: true, references: [expect.any(String)] });
    expect(await check(filled('Bound'))).toBeUndefined();
  });
});

describe('requireExtensible (STO-17, CON-27)', () => {
  const online = profileNamed('default', { 'volume.onlineExtend': true });
  it('lets an unused disk grow, and one in use where the profile says so', async () => {
    await requireExtensible(disk, profileNamed('default'), contextOf([]));
    await requireExtensible(disk, online, contextOf([pod]));
  });

  it.each([
    ['in use', disk, [pod], 'IN_USE'],
    ['whose file browser is open', disk, [browser], 'IN_USE'],
    ['of a class that lets none grow', claimOf('data', {}, { storageClassName: 'fixed' }), [], 'PRECONDITION_FAILED'],
    ['of a class that is gone', claimOf('data', {}, { storageClassName: 'gone' }), [], 'PRECONDITION_FAILED'],
    [
      'without a volume',
      makeClaim({ metadata: { name: 'data' }, status: { phase: 'Pending' } }),
      [],
      'PRECONDITION_FAILED',
    ],
    ['on its way out', claimOf('data', { deletionTimestamp: 'now' }), [], 'PRECONDITION_FAILED'],
  ])('leaves a disk %s as it is (refused)', async (_what, claim, users, code) => {
    await expect(requireExtensible(claim, profileNamed('default'), contextOf(users))).rejects.toMatchObject({ code });
  });
});

describe('mountCheck (STO-16, STO-18)', () => {
  const check = (object: object, context: RequestContext, existing?: object) =>
    mountCheck.check(
      {
        cluster: 'c1',
        namespace: 'shop',
        name: 'web',
        kind: { kind: 'Deployment' },
        object,
        existing,
        road: 'EDIT',
      } as unknown as WrittenObject,
      context,
    );
  const template = (...names: string[]) => ({ spec: { template: { spec: mounts(...names) } } });

  it('lets a workload have several disks that nobody has, a shared one that others have, and its own (STO-15, STO-18)', async () => {
    expect(await check(template('data', 'share', 'no-disk'), contextOf([]))).toEqual([]);
    expect(await check(template('share'), contextOf([pod]))).toEqual([]);
    expect(await check(template('data'), contextOf([pod]), template('data'))).toEqual([]);
    expect(await check(template(), contextOf([pod]), template('share'))).toEqual([]);
  });

  it.each([
    ['takes one that a pod has', template('data'), [pod], undefined, 'disk_in_use'],
    ['takes one that a hidden pod has', template('data'), [], undefined, 'disk_in_use'],
    ['takes one whose file browser is open', template('data'), [browser], undefined, 'disk_managed'],
    ['lets one go that its pods have', template(), [pod], template('data'), 'disk_in_use'],
  ])('refuses a workload that %s (refused)', async (_what, object, seen, existing, code) => {
    const misfits = await check(object, contextOf(seen, seen.length > 0 ? seen : [pod]), existing);
    expect(misfits).toMatchObject([{ code, path: expect.arrayContaining(['volumes', 0]) }]);
  });
});

describe('kinds of disks (STO-15)', () => {
  it.each([
    ['made by itself', disk, false],
    ['that a pod owns', claimOf('data', { ownerReferences: [{ kind: 'Pod', name: 'user' }] }), true],
    ['of a workload’s template', claimOf('data', { labels: { [diskLabel]: 'built-in' } }), true],
  ])('tell a disk %s from others', (_what, claim, expected) => {
    expect([isBuiltIn(claim), diskKindOf(claim)]).toEqual([expected, 'EXCLUSIVE']);
  });
});
