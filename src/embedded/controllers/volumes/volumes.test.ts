import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterObject } from '../../store/types.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../kubernetes-shapes.ts';
import { isReady } from '../pod-state.ts';
import { startTestCluster, type TestCluster, testTemplate } from '../testing/start-test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startTestCluster({ nodes: 3 });
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.complaints).toEqual([]);
});

const claim = (): PersistentVolumeClaim => cluster.get('', 'persistentvolumeclaims', 'data');
const volume = (): PersistentVolume => cluster.get('', 'persistentvolumes', claim().spec.volumeName ?? '');

function createClass(changes: object): void {
  cluster.store.create(cluster.store.resource('storage.k8s.io', 'storageclasses'), {
    metadata: { name: 'special' },
    provisioner: 'disk.embedded.longshore.dev',
    ...changes,
  });
}

function createClaim(spec: object = {}, metadata: object = {}): void {
  cluster.create('', 'persistentvolumeclaims', {
    metadata: { name: 'data', ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
}

function createPod(name: string, spec: object = {}): void {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  cluster.create('', 'pods', { metadata: { name }, spec: { ...(testTemplate(name) as Pod).spec, volumes, ...spec } });
}

describe('volumes', () => {
  it('are made for a claim of a class', () => {
    createClaim();
    cluster.clock.advance(1_000);
    expect(claim().status).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
    expect(volume().status?.phase).toBe('Bound');
    expect(cluster.events('ProvisioningSucceeded')).toHaveLength(1);
  });

  it('are formatted as their class says', () => {
    createClass({ parameters: { 'csi.storage.k8s.io/fstype': 'xfs' } });
    createClaim({ storageClassName: 'special' });
    cluster.clock.advance(1_000);
    expect(volume().spec.csi).toMatchObject({ fsType: 'xfs' });
  });

  it('wait for their first consumer and stand where it runs', () => {
    createClass({ volumeBindingMode: 'WaitForFirstConsumer' });
    createClaim({ storageClassName: 'special' });
    cluster.clock.advance(5_000);
    expect(claim().status?.phase).toBe('Pending');
    expect(cluster.events('WaitForFirstConsumer').map(({ message }) => message)).toEqual([
      'waiting for first consumer to be created before binding',
    ]);
    createPod('web');
    cluster.clock.advance(20_000);
    expect(claim().status?.phase).toBe('Bound');
    const pod = cluster.get<Pod>('', 'pods', 'web');
    expect(isReady(pod)).toBe(true);
    expect(claim().metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe(pod.spec.nodeName);
  });

  const zone = 'topology.kubernetes.io/zone';
  const zoneOf = (pod: string): unknown =>
    cluster.get('', 'nodes', cluster.get<Pod>('', 'pods', pod).spec.nodeName ?? '').metadata.labels?.[zone];

  it.each([
    'Immediate',
    'WaitForFirstConsumer',
  ])('stand in a zone that their class allows, and their pods with them: %s', (mode) => {
    const allowedTopologies = [{ matchLabelExpressions: [{ key: zone, values: ['nowhere', 'embedded-b'] }] }];
    createClass({ volumeBindingMode: mode, allowedTopologies });
    createClaim({ storageClassName: 'special' });
    createPod('web');
    cluster.clock.advance(20_000);
    expect(volume().spec.nodeAffinity).toEqual({
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: 'In', values: ['embedded-b'] }] }],
      },
    });
    expect(zoneOf('web')).toBe('embedded-b');
  });

  it('are not made for a pod that runs in no zone of their class (refused)', () => {
    const allowedTopologies = [{ matchLabelExpressions: [{ key: zone, values: ['embedded-b'] }] }];
    createClass({ volumeBindingMode: 'WaitForFirstConsumer', allowedTopologies });
    createClaim({ storageClassName: 'special' });
    createPod('web', { nodeSelector: { [zone]: 'embedded-a' } });
    cluster.clock.advance(20_000);
    expect(claim().status?.phase).toBe('Pending');
    expect(cluster.events('FailedScheduling').at(-1)?.message).toContain(
      "2 node(s) didn't find available persistent volumes to bind",
    );
  });

  it('with the access mode ReadWriteOncePod are for one pod at a time, on whatever node (refused)', () => {
    createClaim({ accessModes: ['ReadWriteOncePod'] });
    createPod('first');
    cluster.clock.advance(20_000);
    expect(isReady(cluster.get<Pod>('', 'pods', 'first'))).toBe(true);
    createPod('second');
    cluster.clock.advance(20_000);
    expect(cluster.get<Pod>('', 'pods', 'second').spec.nodeName).toBeUndefined();
    expect(cluster.events('FailedScheduling').at(-1)?.message).toContain(
      '0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.',
    );
    cluster.remove('', 'pods', 'first');
    cluster.clock.advance(60_000);
    expect(isReady(cluster.get<Pod>('', 'pods', 'second'))).toBe(true);
  });

  it('with the access mode ReadWriteOncePod are left to who is more important', () => {
    cluster.create('scheduling.k8s.io', 'priorityclasses', { metadata: { name: 'urgent' }, value: 1_000 });
    createClaim({ accessModes: ['ReadWriteOncePod'] });
    createPod('first');
    cluster.clock.advance(20_000);
    createPod('second', { priorityClassName: 'urgent', priority: 1_000 });
    cluster.clock.advance(90_000);
    expect(cluster.find<Pod>('', 'pods', 'first')).toBeUndefined();
    expect(isReady(cluster.get<Pod>('', 'pods', 'second'))).toBe(true);
  });

  it('fail to be made where the claim says so (refused)', () => {
    createClaim({}, { annotations: { 'embedded.longshore.dev/fail-provisioning': 'quota exhausted' } });
    cluster.clock.advance(1_000);
    expect(claim().status?.phase).toBe('Pending');
    expect(cluster.events('ProvisioningFailed').map(({ message }) => message)).toEqual([
      'failed to provision volume with StorageClass "embedded-standard": quota exhausted',
    ]);
    cluster.change('', 'persistentvolumeclaims', 'data', (draft) => {
      draft.metadata.annotations = {};
    });
    cluster.clock.advance(60_000);
    expect(claim().status?.phase).toBe('Bound');
  });

  it('grow in two steps: the disk at once, its file system when a pod mounts it', () => {
    createClaim();
    cluster.clock.advance(1_000);
    cluster.change('', 'persistentvolumeclaims', 'data', (draft) => {
      draft.spec.resources.requests.storage = '3Gi';
    });
    cluster.clock.advance(1_000);
    expect(volume().spec.capacity).toEqual({ storage: '3Gi' });
    expect(claim().status).toMatchObject({
      capacity: { storage: '1Gi' },
      allocatedResourceStatuses: { storage: 'NodeResizePending' },
      conditions: [{ type: 'FileSystemResizePending', status: 'True' }],
    });
    createPod('web');
    cluster.clock.advance(20_000);
    expect(claim().status).toMatchObject({ capacity: { storage: '3Gi' }, allocatedResources: { storage: '3Gi' } });
    expect(claim().status?.conditions).toBeUndefined();
    expect(cluster.events('FileSystemResizeSuccessful')).toHaveLength(1);
  });

  it('do not grow where their class does not allow it (refused)', () => {
    createClass({ allowVolumeExpansion: false });
    createClaim({ storageClassName: 'special' });
    cluster.clock.advance(1_000);
    const grown = { ...claim(), spec: { ...claim().spec, resources: { requests: { storage: '3Gi' } } } };
    expect(() => cluster.store.update(cluster.store.resource('', 'persistentvolumeclaims'), grown)).toThrow(
      'persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
    cluster.clock.advance(5_000);
    expect(volume().spec.capacity).toEqual({ storage: '1Gi' });
  });

  it('are kept as released by the policy Retain, and free their claim', () => {
    createClass({ reclaimPolicy: 'Retain' });
    createClaim({ storageClassName: 'special' });
    cluster.clock.advance(1_000);
    const { name } = volume().metadata;
    cluster.remove('', 'persistentvolumeclaims', 'data');
    cluster.clock.advance(1_000);
    expect(cluster.find('', 'persistentvolumeclaims', 'data')).toBeUndefined();
    const kept = cluster.list<PersistentVolume>('', 'persistentvolumes');
    expect(kept.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([[name, 'Released']]);
  });

  it('stay while they are bound, even when they are deleted', () => {
    createClaim();
    cluster.clock.advance(1_000);
    const { name } = volume().metadata;
    cluster.store.delete(cluster.store.resource('', 'persistentvolumes'), undefined, name);
    cluster.clock.advance(1_000);
    expect(volume().metadata.deletionTimestamp).toBeDefined();
    cluster.remove('', 'persistentvolumeclaims', 'data');
    cluster.clock.advance(1_000);
    expect(cluster.list('', 'persistentvolumes')).toEqual([]);
  });

  it('are attached where their pod runs, and nowhere else at the same time', () => {
    createClaim();
    createPod('web', { nodeName: nodeNames()[0] });
    cluster.clock.advance(10_000);
    const attachments = (): string[] =>
      cluster.list('storage.k8s.io', 'volumeattachments').map((each) => (each.spec as { nodeName: string }).nodeName);
    expect(attachments()).toEqual([nodeNames()[0]]);
    expect(cluster.events('SuccessfulAttachVolume')).toHaveLength(1);
    createPod('other', { nodeName: nodeNames()[1] });
    cluster.clock.advance(5_000);
    expect(attachments()).toEqual([nodeNames()[0]]);
    const refusals = cluster.events('FailedAttachVolume').map(({ message }) => message);
    expect(refusals[0]).toBe(
      `Multi-Attach error for volume "${volume().metadata.name}" Volume is already used by pod(s) web`,
    );
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(10_000);
    expect(attachments()).toEqual([nodeNames()[1]]);
  });

  it('of a pod alone come and go with it', () => {
    const volumeClaimTemplate = {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    createPod('web', { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate } }] });
    cluster.clock.advance(20_000);
    expect(isReady(cluster.get<Pod>('', 'pods', 'web'))).toBe(true);
    expect(cluster.find('', 'persistentvolumeclaims', 'web-scratch')).toBeDefined();
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(20_000);
    expect(cluster.list<ClusterObject>('', 'persistentvolumeclaims')).toEqual([]);
    expect(cluster.list<ClusterObject>('', 'persistentvolumes')).toEqual([]);
  });
});

function nodeNames(): string[] {
  return cluster.list('', 'nodes').map(({ metadata }) => metadata.name);
}

describe('volumes made from others', () => {
  const from = (dataSource: object, storage = '1Gi', more: object = {}) => {
    cluster.create('', 'persistentvolumeclaims', {
      metadata: { name: 'copy' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, dataSource, ...more },
    });
    cluster.clock.advance(1_000);
  };
  const copy = (): PersistentVolumeClaim => cluster.get('', 'persistentvolumeclaims', 'copy');
  const cloned = { kind: 'PersistentVolumeClaim', name: 'data' };
  const problems = (): unknown[] => cluster.events('ProvisioningFailed').map(({ message }) => message);

  it('are cloned from a bound claim', () => {
    createClaim();
    cluster.clock.advance(1_000);
    from(cloned, '2Gi');
    expect(copy()).toMatchObject({
      spec: { dataSource: { ...cloned, apiGroup: null }, dataSourceRef: { ...cloned, apiGroup: null } },
      status: { phase: 'Bound', capacity: { storage: '2Gi' } },
    });
    expect(copy().spec.volumeName).not.toBe(claim().spec.volumeName);
    expect(problems()).toEqual([]);
  });

  it('may be labelled afterwards: what was normalized is not taken for a change', () => {
    createClaim();
    cluster.clock.advance(1_000);
    from(cloned);
    const { metadata, spec } = copy();
    const resource = cluster.store.resource('', 'persistentvolumeclaims');
    cluster.store.update(resource, { metadata: { ...metadata, labels: { tier: 'copy' } }, spec });
    expect(copy().metadata.labels).toEqual({ tier: 'copy' });
  });

  it('wait for the claim that they are cloned from, and follow it (refused)', () => {
    from(cloned);
    expect(copy().status?.phase).toBe('Pending');
    createClaim();
    cluster.clock.advance(20_000);
    expect(copy().status?.phase).toBe('Bound');
    expect(problems()).toEqual([
      'failed to provision volume with StorageClass "embedded-standard": error getting handle for DataSource Type PersistentVolumeClaim by Name data: error getting PVC data (namespace "default") from api server: persistentvolumeclaim "data" not found',
    ]);
  });

  it.each([
    {
      name: 'smaller than their source',
      storage: '1Mi',
      more: {},
      problem:
        'error, new PVC request must be greater than or equal in size to the specified PVC data source, requested 1048576 but source is 1073741824',
    },
    {
      name: 'of another mode',
      storage: '1Gi',
      more: { volumeMode: 'Block' },
      problem:
        'the source PVC and destination PVCs must have the same volume mode for cloning.  Source is Filesystem, but new PVC requested Block',
    },
  ])('are not made $name (refused)', ({ storage, more, problem }) => {
    createClaim();
    cluster.clock.advance(1_000);
    from(cloned, storage, more);
    expect(problems()).toEqual([expect.stringContaining(problem)]);
  });

  it('are not restored where nobody serves snapshots (refused)', () => {
    from({ apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'backup' });
    expect(problems()).toEqual([expect.stringContaining('(get volumesnapshots.snapshot.storage.k8s.io backup)')]);
  });

  it('are left to the populator of another kind', () => {
    createClaim({ dataSourceRef: { apiGroup: 'example.com', kind: 'Backup', name: 'night' } });
    cluster.clock.advance(60_000);
    expect(claim().status?.phase).toBe('Pending');
    expect(problems()).toEqual([]);
  });
});
