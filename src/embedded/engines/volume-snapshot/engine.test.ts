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
    const ofGroup = plural === 'persistentvolumeclaims' ? '' : group;
    cluster.store.delete(cluster.store.resource(ofGroup, plural), namespace, name);
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
      error: { message: expect.stringContaining('failed to retrieve PVC data from the lister') },
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

  const restore = (storage: string, more: object = {}): void => {
    create('', 'persistentvolumeclaims', {
      metadata: { name: 'restored', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage } },
        dataSource: { apiGroup: group, kind: 'VolumeSnapshot', name: 'backup' },
        ...more,
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

  it('does not restore files as a raw device (refused)', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(5_000);
    restore('2Gi', { volumeMode: 'Block' });
    expect(failures()).toEqual([
      `${failed} requested volume default/restored modifies the mode of the source volume but does not have permission to do so. snapshot.storage.kubernetes.io/allow-volume-mode-change annotation is not present on snapshotcontent ${contents()[0]?.metadata.name}`,
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
    expect(snapshot('thief')?.status?.error?.message).toContain('[old] is bound to a different snapshot');
  });

  const claimOf = (name: string): ClusterObject | undefined =>
    cluster.store.get(cluster.store.resource('', 'persistentvolumeclaims'), 'default', name);

  it('keeps a claim until the snapshot of it is ready', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    const protection = 'snapshot.storage.kubernetes.io/pvc-as-source-protection';
    expect(claimOf('data')?.metadata.finalizers).toContain(protection);
    remove('persistentvolumeclaims', 'data', 'default');
    clock.advance(500);
    expect(claimOf('data')?.metadata.deletionTimestamp).toBeDefined();
    clock.advance(5_000);
    expect(claimOf('data')).toBeUndefined();
    expect(snapshot('backup')?.status?.readyToUse).toBe(true);
  });

  it('lets a claim go whose snapshot went before it was ready', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: 'slow' });
    create(group, 'volumesnapshotclasses', {
      metadata: { name: 'slow' },
      driver: 'disk.embedded.longshore.dev',
      deletionPolicy: 'Delete',
      parameters: { 'embedded.longshore.dev/ready-after-seconds': '600' },
    });
    clock.advance(2_000);
    remove('persistentvolumeclaims', 'data', 'default');
    clock.advance(2_000);
    expect(claimOf('data')).toBeDefined();
    remove('volumesnapshots', 'backup', 'default');
    clock.advance(2_000);
    expect([claimOf('data'), snapshot('backup')]).toEqual([undefined, undefined]);
  });

  it('keeps a snapshot while a claim is filled from it, and says so', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(5_000);
    create('storage.k8s.io', 'storageclasses', {
      metadata: { name: 'late' },
      provisioner: 'disk.embedded.longshore.dev',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    create('', 'persistentvolumeclaims', {
      metadata: { name: 'restored', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'late',
        resources: { requests: { storage: '2Gi' } },
        dataSource: { apiGroup: group, kind: 'VolumeSnapshot', name: 'backup' },
      },
    });
    remove('volumesnapshots', 'backup', 'default');
    clock.advance(5_000);
    expect(snapshot('backup')?.metadata.deletionTimestamp).toBeDefined();
    expect(reasons()).toContain('SnapshotDeletePending');
    remove('persistentvolumeclaims', 'restored', 'default');
    clock.advance(5_000);
    expect([snapshot('backup'), contents().length]).toEqual([undefined, 0]);
  });

  it('is never ready by the class of a driver that is not there, and never goes (refused)', () => {
    create(group, 'volumesnapshotclasses', {
      metadata: { name: 'foreign' },
      driver: 'disk.example.com',
      deletionPolicy: 'Delete',
    });
    createClaim('data');
    createSnapshot('lost', { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: 'foreign' });
    clock.advance(60_000);
    expect(snapshot('lost')?.status).toMatchObject({ readyToUse: false });
    remove('volumesnapshots', 'lost', 'default');
    clock.advance(60_000);
    expect(snapshot('lost')?.metadata.finalizers).toEqual([
      'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
    ]);
  });

  const change = (plural: string, name: string, edit: (spec: Record<string, unknown>) => object): void => {
    const resource = cluster.store.resource(group, plural);
    const object = cluster.store.get(resource, plural === 'volumesnapshots' ? 'default' : undefined, name);
    cluster.store.update(resource, { ...object, spec: edit(object?.spec as Record<string, unknown>) });
  };

  it('does not change its source, nor have two of them (refused)', () => {
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    const source = (fields: object) => () =>
      change('volumesnapshots', 'backup', (spec) => ({ ...spec, source: fields }));
    expect(source({ persistentVolumeClaimName: 'other' })).toThrow('persistentVolumeClaimName is immutable');
    expect(source({ volumeSnapshotContentName: 'a' })).toThrow('persistentVolumeClaimName is required once set');
    const both = { persistentVolumeClaimName: 'a', volumeSnapshotContentName: 'b' };
    expect(() => createSnapshot('two', { source: both })).toThrow('exactly one of volumeSnapshotContentName and');
    const unnamed = { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: '' };
    expect(() => createSnapshot('unnamed', unnamed)).toThrow('volumeSnapshotClassName must not be the empty string');
  });

  it('has no content made twice for it: one that is gone is missing (refused)', () => {
    createClaim('data');
    createSnapshot('backup', { source: { persistentVolumeClaimName: 'data' } });
    clock.advance(5_000);
    const resource = cluster.store.resource(group, 'volumesnapshotcontents');
    const [content] = contents();
    cluster.store.update(resource, { ...content, metadata: { ...content?.metadata, finalizers: [] } });
    cluster.store.delete(resource, undefined, content?.metadata.name ?? '');
    clock.advance(1_000);
    expect(contents()).toEqual([]);
    expect(snapshot('backup')?.status).toMatchObject({
      readyToUse: false,
      error: { message: 'VolumeSnapshotContent is missing' },
    });
  });
});
