import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../controllers/testing/manual-clock.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../start-embedded-cluster.ts';
import type { ClusterObject } from '../../store/types.ts';
import { volumeSnapshotEngine } from './engine.ts';
import { group, type VolumeSnapshot, type VolumeSnapshotContent } from './kinds.ts';

describe('the volume-snapshot engine', () => {
  let cluster: EmbeddedCluster;
  let clock: ManualClock;

  const create = (ofGroup: string, plural: string, object: object): ClusterObject =>
    cluster.store.create(cluster.store.resource(ofGroup, plural), object);
  const snapshot = (name: string): VolumeSnapshot | undefined =>
    cluster.store.get(cluster.store.resource(group, 'volumesnapshots'), 'default', name) as VolumeSnapshot | undefined;
  const contents = (): VolumeSnapshotContent[] =>
    cluster.store.list(cluster.store.resource(group, 'volumesnapshotcontents')) as VolumeSnapshotContent[];
  const remove = (plural: string, name: string, namespace?: string): void => {
    cluster.store.delete(cluster.store.resource(group, plural), namespace, name);
  };
  const reasons = (): (string | undefined)[] =>
    cluster.store
      .list(cluster.store.resource('', 'events'))
      .filter((event) => (event as { involvedObject?: { kind?: string } }).involvedObject?.kind === 'VolumeSnapshot')
      .sort((left, right) => Number(left.metadata.resourceVersion) - Number(right.metadata.resourceVersion))
      .map((event) => (event as { reason?: string }).reason);
  const createClaim = (name: string): void => {
    create('', 'persistentvolumeclaims', {
      metadata: { name, namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    });
    clock.advance(10);
  };
  const createSnapshot = (name: string, spec: object): void => {
    create(group, 'volumesnapshots', { metadata: { name, namespace: 'default' }, spec });
    clock.advance(10);
  };

  beforeEach(async () => {
    clock = createManualClock();
    cluster = await startEmbeddedCluster({ clock, engines: [volumeSnapshotEngine], nodes: 1 });
    clock.advance(10);
  });
  afterEach(async () => {
    await cluster.stop();
  });

  it('takes a snapshot of a bound claim and reports each step as the real controllers do', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    expect(snapshot('backup')).toMatchObject({
      spec: { volumeSnapshotClassName: 'embedded-snapshot' },
      status: { readyToUse: false },
    });
    expect(snapshot('backup')?.status?.creationTime).toBeUndefined();
    clock.advance(1_500);
    expect(snapshot('backup')?.status).toMatchObject({ readyToUse: false, restoreSize: '2Gi' });
    expect(snapshot('backup')?.status?.creationTime).toMatch(/^\d{4}-/);
    clock.advance(2_500);
    const [content] = contents();
    expect(snapshot('backup')?.status).toMatchObject({
      readyToUse: true,
      boundVolumeSnapshotContentName: content?.metadata.name,
    });
    expect(content).toMatchObject({
      metadata: { name: `snapcontent-${snapshot('backup')?.metadata.uid}` },
      status: { readyToUse: true, restoreSize: 2 * 1024 ** 3 },
    });
    expect(reasons()).toEqual(['CreatingSnapshot', 'SnapshotCreated', 'SnapshotReady']);
  });

  it('waits for the claim to be bound, and says so (refused until then)', () => {
    createSnapshot('early', { source: { persistentVolumeClaimName: 'data' } });
    expect(snapshot('early')?.status).toMatchObject({
      readyToUse: false,
      error: { message: expect.stringContaining('cannot get claim data') },
    });
    createClaim('data');
    clock.advance(5_000);
    expect(snapshot('early')?.status).toMatchObject({ readyToUse: true });
    expect(snapshot('early')?.status?.error).toBeUndefined();
  });

  it('refuses a class that is not there, and takes the snapshot once it is', () => {
    createClaim('data');
    createSnapshot('odd', { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: 'fast' });
    expect(snapshot('odd')?.status?.error?.message).toContain('"fast" not found');
    create(group, 'volumesnapshotclasses', {
      metadata: { name: 'fast' },
      driver: 'disk.embedded.longshore.dev',
      deletionPolicy: 'Retain',
    });
    clock.advance(5_000);
    expect(snapshot('odd')?.status).toMatchObject({ readyToUse: true });
  });

  it('reports the failure that a class asks for', () => {
    create(group, 'volumesnapshotclasses', {
      metadata: { name: 'broken' },
      driver: 'disk.embedded.longshore.dev',
      deletionPolicy: 'Delete',
      parameters: { 'embedded.longshore.dev/fail': 'the pool is full' },
    });
    createClaim('data');
    createSnapshot('bad', { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: 'broken' });
    clock.advance(5_000);
    expect(snapshot('bad')?.status).toMatchObject({
      readyToUse: false,
      error: { message: expect.stringContaining('the pool is full') },
    });
  });

  it.each([
    ['Delete', 0],
    ['Retain', 1],
  ])('deletes with the policy %s leaving %d contents', (deletionPolicy, left) => {
    create(group, 'volumesnapshotclasses', {
      metadata: { name: 'mine' },
      driver: 'disk.embedded.longshore.dev',
      deletionPolicy,
    });
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: 'mine' });
    clock.advance(5_000);
    remove('volumesnapshots', 'backup', 'default');
    clock.advance(100);
    expect(snapshot('backup')).toBeUndefined();
    expect(contents()).toHaveLength(left);
  });

  const restore = (storage: string): void => {
    create('', 'persistentvolumeclaims', {
      metadata: { name: 'restored', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage } },
        dataSource: { apiGroup: group, kind: 'VolumeSnapshot', name: 'backup' },
      },
    });
    clock.advance(10);
  };
  const restoredPhase = (): unknown =>
    (
      cluster.store.get(cluster.store.resource('', 'persistentvolumeclaims'), 'default', 'restored') as {
        status?: { phase?: string };
      }
    )?.status?.phase;
  const failures = (): unknown[] =>
    cluster.store
      .list(cluster.store.resource('', 'events'))
      .filter(({ reason }) => reason === 'ProvisioningFailed')
      .map(({ message }) => message);
  const failed =
    'failed to provision volume with StorageClass "embedded-standard": error getting handle for DataSource Type VolumeSnapshot by Name backup:';

  it('lets volumes be restored from a snapshot', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(5_000);
    restore('2Gi');
    expect(restoredPhase()).toBe('Bound');
    expect(failures()).toEqual([]);
  });

  it('lets a volume wait until its snapshot is there and ready', () => {
    restore('2Gi');
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    expect(restoredPhase()).toBe('Pending');
    clock.advance(20_000);
    expect(restoredPhase()).toBe('Bound');
    expect(failures()).toEqual([
      `${failed} error getting snapshot backup from api server: volumesnapshots.${group} "backup" not found`,
    ]);
  });

  it('does not restore into less than the snapshot holds (refused)', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(5_000);
    restore('1Gi');
    expect(restoredPhase()).toBe('Pending');
    expect(failures()).toEqual([
      `${failed} requested volume size 1073741824 is less than the size 2147483648 for the source snapshot backup`,
    ]);
  });

  it('does not restore from a snapshot that is not ready (refused)', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(1_500);
    restore('2Gi');
    expect(failures()).toEqual([`${failed} snapshot backup is not Ready`]);
  });

  it('keeps a content whose snapshot is still wanted', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(5_000);
    const name = contents()[0]?.metadata.name ?? '';
    remove('volumesnapshotcontents', name);
    clock.advance(1_000);
    expect(contents()).toHaveLength(1);
  });

  it('binds a content that an administrator made, and no other snapshot to it', () => {
    create(group, 'volumesnapshotcontents', {
      metadata: { name: 'old' },
      spec: {
        deletionPolicy: 'Retain',
        driver: 'disk.embedded.longshore.dev',
        source: { snapshotHandle: 'disk-snapshot-7' },
        volumeSnapshotRef: { name: 'restored', namespace: 'default' },
      },
    });
    createSnapshot('restored', { source: { volumeSnapshotContentName: 'old' } });
    createSnapshot('thief', { source: { volumeSnapshotContentName: 'old' } });
    clock.advance(5_000);
    expect(snapshot('restored')?.status).toMatchObject({ readyToUse: true, boundVolumeSnapshotContentName: 'old' });
    expect(snapshot('thief')?.status?.error?.message).toContain('bound to a different VolumeSnapshot');
  });
});
