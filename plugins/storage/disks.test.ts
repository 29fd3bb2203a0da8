import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const developer = { token: 'dev-developer' };
type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

const errors = `... on Error { code message } ... on ValidationError { issues { path code message } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } }
  ... on PreconditionError { reason unacknowledged { code message } }`;

async function call(name: string, input: object, fields: string, as = developer): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, as);
  expect(failures).toBeUndefined();
  return data?.[name] as Answer;
}

const place = { cluster: 'embedded', namespace: 'shop' };
const seen = 'claim { id name disk { state kind fileSystem displayName isBuiltIn } capacity requestedSize }';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly disk: { readonly state: string };
}

async function disks(filter: object): Promise<readonly Row[]> {
  const { data, errors: failures } = await gateway.query<{ disks: { nodes: Row[] } }>(
    'query ($filter: DiskFilter) { disks(filter: $filter, orderBy: [{ field: NAME }]) { nodes { id name disk { state } } problems { code } } }',
    { filter },
    developer,
  );
  expect(failures).toBeUndefined();
  return data?.disks.nodes ?? [];
}

async function stateOf(name: string): Promise<string | undefined> {
  return (await disks({ name: { equals: name } }))[0]?.disk.state;
}

const patient = { timeout: 20_000 };
const snapshot = 'volumeSnapshot { id state }';
const store = () => gateway.cluster.store;

interface Snapshot {
  readonly id: string;
}

function administer(group: string, plural: string, object: object): void {
  store().create(store().resource(group, plural), object as never);
}

function startPod(name: string, claimName: string, labels: object = {}): void {
  administer('', 'pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: {
      containers: [{ name: 'main', image: 'registry.local/web:v1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  });
}

async function makeDisk(name: string, more: object = {}): Promise<string> {
  const answer = await call('createDisk', { ...place, name, sizeGib: 1, ...more }, seen);
  expect(answer).toMatchObject({ __typename: 'CreateDiskSuccess' });
  await expect.poll(() => stateOf(name), patient).toBe('UNUSED');
  return (answer.claim as { id: string }).id;
}

describe('cloud disks on a cluster', () => {
  it('are made, and found by name, description, kind and state (STO-14, STO-15, STO-22, API-18, API-19)', async () => {
    const naming = { name: 'plain', displayName: 'Plain disk', description: 'For a test' };
    const made = await call('createDisk', { ...place, ...naming, sizeGib: 1 }, seen);
    const facts = { kind: 'EXCLUSIVE', fileSystem: 'EXT4', displayName: 'Plain disk', isBuiltIn: false };
    expect(made).toMatchObject({ claim: { name: 'plain', disk: facts } });
    await expect.poll(() => stateOf('plain'), patient).toBe('UNUSED');
    for (const search of ['PLAIN', 'for a', 'plain d']) {
      expect((await disks({ search })).map(({ name }) => name)).toContain('plain');
    }
    expect(await disks({ search: 'nowhere' })).toEqual([]);
    expect(await disks({ states: ['UNUSED'], kinds: ['EXCLUSIVE'], search: 'plain' })).toHaveLength(1);
    expect(await disks({ states: ['IN_USE'], search: 'plain' })).toEqual([]);
    expect(await disks({ kinds: ['SHARED'], search: 'plain' })).toEqual([]);
    expect(await call('createDisk', { ...place, name: 'plain', sizeGib: 1 }, seen)).toMatchObject({ code: 'CONFLICT' });
  });

  it.each([
    ['no size', { sizeGib: null }, ['sizeGib']],
    ['no size at all', { sizeGib: 0 }, ['sizeGib']],
    ['a name that is none', { name: 'Not A Name' }, ['name']],
    ['a file system that no class makes', { fileSystem: 'XFS' }, ['fileSystem']],
    ['a class that is not there', { storageClass: 'nowhere' }, ['storageClass']],
  ])('are not made with %s (STO-14) (refused)', async (_what, wrong, path) => {
    expect(await call('createDisk', { ...place, name: 'wrong', sizeGib: 1, ...wrong }, seen)).toMatchObject({
      code: 'VALIDATION',
      issues: [{ path }],
    });
  });

  it('grow while nothing mounts them, and wait for a pod with their file system (STO-17, API-21)', async () => {
    const id = await makeDisk('growing');
    expect(await call('extendDisk', { id, sizeGib: 1 }, seen)).toMatchObject({ issues: [{ path: ['sizeGib'] }] });
    expect(await call('extendDisk', { id, sizeGib: 2 }, seen)).toMatchObject({ claim: { requestedSize: '2Gi' } });
    await expect.poll(() => stateOf('growing'), patient).toBe('UNUSED');
    expect(await call('extendDisk', { id, sizeGib: 2 }, seen)).toMatchObject({ issues: [{ code: 'too_small' }] });
  });

  it('in use are told to be, and neither grow, go, nor are copied or snapshotted (STO-16, STO-17, STO-20, CON-27, P41) (refused)', async () => {
    const id = await makeDisk('busy');
    await using stream = gateway.subscribe<{ diskChanges: { type: string; claim: Row | null } }>(
      'subscription { diskChanges(filter: { name: { equals: "busy" } }) { type claim { id name disk { state } } } }',
      {},
      developer,
    );
    await stream.next(({ data }) => data?.diskChanges.type === 'SNAPSHOT');
    startPod('user', 'busy');
    const told = await stream.next(({ data }) => data?.diskChanges.claim?.disk.state === 'IN_USE');
    expect(told.data?.diskChanges.type).toBe('MODIFIED');
    const refusal = { __typename: 'InUseError', references: [{ kind: 'Pod', name: 'user' }] };
    expect(await call('extendDisk', { id, sizeGib: 2 }, seen)).toMatchObject(refusal);
    expect(await call('cloneDisk', { id, name: 'copy' }, seen)).toMatchObject(refusal);
    expect(await call('createVolumeSnapshot', { diskId: id, name: 'snap' }, snapshot)).toMatchObject(refusal);
    expect(await call('deleteDisk', { id }, 'id')).toMatchObject(refusal);
    expect(await call('deleteObject', { id }, 'id')).toMatchObject(refusal);
    const ended = { metadata: { name: 'user', namespace: 'shop' } };
    store().delete(store().resource('', 'pods'), 'shop', ended.metadata.name, { gracePeriodSeconds: 0 });
    await stream.next(({ data }) => data?.diskChanges.claim?.disk.state === 'UNUSED');
    expect(await call('deleteDisk', { id }, 'id')).toMatchObject({ __typename: 'DeleteDiskSuccess', id });
    await stream.next(({ data }) => data?.diskChanges.type === 'DELETED');
  });

  it('whose file browser is open are MANAGING and stay as they are (STO-16) (refused)', async () => {
    const id = await makeDisk('browsed');
    startPod('browser', 'browsed', { 'longshore.dev/file-browser': 'browsed' });
    await expect.poll(() => stateOf('browsed'), patient).toBe('MANAGING');
    expect(await call('extendDisk', { id, sizeGib: 2 }, seen)).toMatchObject({
      __typename: 'InUseError',
      message: expect.stringContaining('file browser is open'),
      references: [{ kind: 'Pod', name: 'browser' }],
    });
    expect(await call('deleteDisks', { ids: [id], confirm: '1' }, 'results { id ok error { code } }')).toMatchObject({
      results: [{ ok: false, error: { code: 'IN_USE' } }],
    });
  });

  it('keep what they held in snapshots, from which new ones are made; they are copied, too (STO-19, STO-20)', async () => {
    administer('snapshot.storage.k8s.io', 'volumesnapshotclasses', {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      metadata: { name: 'kept' },
      driver: 'disk.embedded.longshore.dev',
      deletionPolicy: 'Delete',
    });
    const id = await makeDisk('source', { sizeGib: 3 });
    const take = () => call('createVolumeSnapshot', { diskId: id, name: 'moment', displayName: 'Before' }, snapshot);
    await expect.poll(take, patient).toMatchObject({ __typename: 'CreateVolumeSnapshotSuccess' });
    const read = `{ volumeSnapshot(cluster: "embedded", namespace: "shop", name: "moment") { id displayName state restoreBytes fileSystem claim { name } } }`;
    const ready = async () =>
      (await gateway.query<{ volumeSnapshot: Snapshot }>(read, {}, developer)).data?.volumeSnapshot;
    const facts = { displayName: 'Before', state: 'READY', restoreBytes: 3 * 1024 ** 3, fileSystem: 'EXT4' };
    await expect.poll(ready, patient).toMatchObject({ ...facts, claim: { name: 'source' } });
    const snapshotId = (await ready())?.id;
    expect(await call('createDisk', { ...place, name: 'less', sizeGib: 2, snapshotId }, seen)).toMatchObject({
      issues: [{ path: ['sizeGib'], code: 'too_small' }],
    });
    expect(await call('createDisk', { ...place, name: 'other', fileSystem: 'XFS', snapshotId }, seen)).toMatchObject({
      issues: [{ path: ['fileSystem'], code: 'other_file_system' }],
    });
    expect(await call('createDisk', { ...place, name: 'restored', snapshotId }, seen)).toMatchObject({
      claim: { requestedSize: '3Gi', disk: { fileSystem: 'EXT4' } },
    });
    await expect.poll(() => stateOf('restored'), patient).toBe('UNUSED');
    expect(await call('cloneDisk', { id, name: 'copied' }, seen)).toMatchObject({ claim: { requestedSize: '3Gi' } });
    await expect.poll(() => stateOf('copied'), patient).toBe('UNUSED');
    expect(await call('deleteDisk', { id }, 'id warnings')).toMatchObject({
      warnings: [expect.stringContaining("'moment'")],
    });
    expect(await call('deleteVolumeSnapshot', { id: snapshotId }, 'id')).toMatchObject({ id: snapshotId });
  });

  it('are mounted by forms and texts only once what had them has ended, and let go by what has ended (STO-16, STO-18) (refused)', async () => {
    await makeDisk('mounted');
    startPod('holder', 'mounted');
    await expect.poll(() => stateOf('mounted'), patient).toBe('IN_USE');
    const volumes = [{ name: 'data', source: { persistentVolumeClaim: { claimName: 'mounted' } } }];
    const containers = [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
    const form = {
      ...place,
      name: 'mounter',
      kind: { deployment: { replicas: 1 } },
      template: { containers, volumes },
    };
    const path = ['template', 'volumes', 0, 'source', 'persistentVolumeClaim', 'claimName'].map(String);
    const refused = { code: 'VALIDATION', issues: [{ code: 'disk_in_use' }] };
    const byForm = await call('createWorkload', form, 'workload { id }');
    expect(byForm).toMatchObject(refused);
    expect((byForm.issues as { path: unknown[] }[])[0]?.path.map(String)).toEqual(path);
    const application = await call('createApplication', { ...place, name: 'disk-users' }, 'application { id }');
    const { id: applicationId } = application.application as { id: string };
    const { cluster: _cluster, namespace: _namespace, ...workload } = form;
    const together = { id: applicationId, workloads: [workload] };
    expect(await call('addApplicationWorkloads', together, 'operation { id }')).toMatchObject(refused);
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'second', namespace: 'shop' } };
    const spec = {
      containers: [{ name: 'web', image: 'nginx' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'mounted' } }],
    };
    const manifest = JSON.stringify({ ...pod, spec });
    expect(await call('applyManifest', { cluster: 'embedded', manifest }, 'operation { id }')).toMatchObject(refused);
    const elsewhere = {
      ...form,
      namespace: 'shop',
      template: {
        containers,
        volumes: [{ name: 'data', source: { persistentVolumeClaim: { claimName: 'in-another-cluster' } } }],
      },
    };
    expect(await call('createWorkload', elsewhere, 'workload { id }')).toMatchObject({ code: 'VALIDATION' });
    store().delete(store().resource('', 'pods'), 'shop', 'holder', { gracePeriodSeconds: 0 });
    await expect.poll(() => stateOf('mounted'), patient).toBe('UNUSED');
    const made = await call('createWorkload', form, 'workload { id }');
    expect(made).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    await expect.poll(() => stateOf('mounted'), patient).toBe('IN_USE');
    const { id } = made.workload as { id: string };
    const release = {
      id,
      template: {
        volumes: [{ name: 'data', remove: true }],
        containers: [{ name: 'web', volumeMounts: [{ mountPath: '/data', remove: true }] }],
      },
    };
    expect(await call('updateWorkload', release, 'workload { id }')).toMatchObject(refused);
    await call('stopWorkload', { id }, 'workload { id }');
    await expect.poll(() => stateOf('mounted'), patient).toBe('UNUSED');
    expect(await call('updateWorkload', release, 'workload { id }')).toMatchObject({
      __typename: 'UpdateWorkloadSuccess',
    });
  });

  it('taken by another while their workload was stopped keep that from starting, whichever way it would (STO-16) (refused)', async () => {
    await makeDisk('contested');
    const volumes = [{ name: 'data', source: { persistentVolumeClaim: { claimName: 'contested' } } }];
    const containers = [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
    const form = { ...place, name: 'first', kind: { deployment: { replicas: 1 } }, template: { containers, volumes } };
    const made = await call('createWorkload', form, 'workload { id }');
    const { id } = made.workload as { id: string };
    await expect.poll(() => stateOf('contested'), patient).toBe('IN_USE');
    await call('stopWorkload', { id }, 'workload { id }');
    await expect.poll(() => stateOf('contested'), patient).toBe('UNUSED');
    startPod('other-app', 'contested');
    await expect.poll(() => stateOf('contested'), patient).toBe('IN_USE');
    const inUse = { code: 'VALIDATION', issues: [{ path: ['id'], code: 'disk_in_use' }] };
    expect(await call('startWorkload', { id }, 'workload { id }')).toMatchObject(inUse);
    expect(await call('scaleWorkload', { id, replicas: 1 }, 'workload { id }')).toMatchObject({
      issues: [{ path: ['replicas'], code: 'disk_in_use' }],
    });
    const patch = JSON.stringify({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'first', namespace: 'shop' } },
      spec: { replicas: 1 },
    });
    expect(await call('applyManifest', { cluster: 'embedded', manifest: patch }, 'operation { id }')).toMatchObject({
      issues: [{ code: 'disk_in_use' }],
    });
    store().delete(store().resource('', 'pods'), 'shop', 'other-app', { gracePeriodSeconds: 0 });
    await expect.poll(() => stateOf('contested'), patient).toBe('UNUSED');
    expect(await call('startWorkload', { id }, 'workload { id }')).toMatchObject({
      __typename: 'StartWorkloadSuccess',
    });
    await expect.poll(() => stateOf('contested'), patient).toBe('IN_USE');
    await call('stopWorkload', { id }, 'workload { id }');
    // Its own last pod may still be ending.
    expect(await call('startWorkload', { id }, 'workload { id }')).toMatchObject({
      __typename: 'StartWorkloadSuccess',
    });
  });

  it('that were made with what mounts them are in the list, as built-in ones (STO-15, STO-22)', async () => {
    const containers = [{ name: 'db', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
    const kind = { statefulSet: { replicas: 1, volumeClaimTemplates: [{ name: 'data', size: '1Gi' }] } };
    const made = await call(
      'createWorkload',
      { ...place, name: 'own-disk', kind, template: { containers } },
      'workload { id }',
    );
    expect(made).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    await expect.poll(() => stateOf('data-own-disk-0'), patient).toBe('IN_USE');
    const builtIn = await disks({ isBuiltIn: true });
    expect(builtIn.map(({ name }) => name)).toContain('data-own-disk-0');
    expect((await disks({ isBuiltIn: false })).map(({ name }) => name)).not.toContain('data-own-disk-0');
    const id = builtIn.find(({ name }) => name === 'data-own-disk-0')?.id;
    expect(await call('deleteDisk', { id }, 'id')).toMatchObject({ __typename: 'InUseError' });
  });

  it('neither grow nor are snapshotted in use by texts, nor are they made there as no form makes them (STO-14, STO-17, STO-20, CON-27) (refused)', async () => {
    const id = await makeDisk('texts');
    startPod('reader', 'texts');
    await expect.poll(() => stateOf('texts'), patient).toBe('IN_USE');
    const claim = (name: string, storage: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name, namespace: 'shop', labels: { 'longshore.dev/disk': 'ordinary' } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
      });
    const taken = {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshot',
      metadata: { name: 'by-text', namespace: 'shop' },
      spec: { source: { persistentVolumeClaimName: 'texts' } },
    };
    const apply = (manifest: string) => call('applyManifest', { cluster: 'embedded', manifest }, 'operation { id }');
    expect(await apply(claim('texts', '2Gi'))).toMatchObject({ issues: [{ code: 'disk_in_use' }] });
    expect(await apply(JSON.stringify(taken))).toMatchObject({ issues: [{ code: 'disk_in_use' }] });
    expect(await apply(claim('small', '1Mi'))).toMatchObject({ issues: [{ code: 'out_of_range' }] });
    expect(await call('deleteObject', { id }, 'id')).toMatchObject({ references: [{ kind: 'Pod', name: 'reader' }] });
  });
});

describe('the form for a cloud disk', () => {
  it('offers what its place allows and tells what is free there (STO-14)', async () => {
    const admin = { token: 'dev-admin' };
    const quota = { storage: '3Gi', persistentVolumeClaims: 2 };
    const set = await call(
      'setNamespaceQuota',
      { cluster: 'embedded', name: 'default', quota },
      'namespace { id }',
      admin,
    );
    expect(set).toMatchObject({ __typename: 'SetNamespaceQuotaSuccess' });
    const read = `{ namespace(cluster: "embedded", name: "default") {
      quota { free { storage persistentVolumeClaims } }
      diskOptions { sizeMinGib sizeMaxGib isOnlineExtensionAllowed
        choices { kind fileSystem isExtensible storageClass { name } } } } }`;
    const form = async () => (await gateway.query<{ namespace: object }>(read, {}, admin)).data?.namespace;
    await expect.poll(form, patient).toMatchObject({
      quota: { free: { storage: '3Gi', persistentVolumeClaims: 2 } },
      diskOptions: { sizeMinGib: 1, sizeMaxGib: null, isOnlineExtensionAllowed: false },
    });
    const { diskOptions } = (await form()) as { diskOptions: { choices: object[] } };
    expect(diskOptions.choices).toContainEqual({
      ...{ kind: 'EXCLUSIVE', fileSystem: 'EXT4', isExtensible: true },
      storageClass: { name: 'embedded-standard' },
    });
    expect(diskOptions.choices).toContainEqual({
      ...{ kind: 'EXCLUSIVE', fileSystem: 'XFS', isExtensible: false },
      storageClass: null,
    });
    const disk = { cluster: 'embedded', namespace: 'default', name: 'limited' };
    expect(await call('createDisk', { ...disk, sizeGib: 4 }, seen, admin)).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(await call('createDisk', { ...disk, sizeGib: 2 }, seen, admin)).toMatchObject({
      claim: { name: 'limited' },
    });
    await expect.poll(form, patient).toMatchObject({ quota: { free: { storage: '1Gi', persistentVolumeClaims: 1 } } });
  });

  it('takes the only namespace of a project in the cluster, and none of another (STO-14, API-18)', async () => {
    const admin = { token: 'dev-admin' };
    const project = await call(
      'createProject',
      { identifier: 'disk-owners', displayName: 'Owners' },
      'project { id }',
      admin,
    );
    const { id: projectId } = project.project as { id: string };
    const disk = { cluster: 'embedded', projectId, name: 'owned', sizeGib: 1 };
    const required = { issues: [{ path: ['namespace'], code: 'required' }] };
    expect(await call('createDisk', disk, seen, admin)).toMatchObject(required);
    expect(await call('createDisk', { ...disk, projectId: null }, seen, admin)).toMatchObject(required);
    const namespaces = [{ cluster: 'embedded', namespace: 'shop' }];
    await call('bindNamespaces', { id: projectId, namespaces }, 'project { id }', admin);
    expect(await call('createDisk', { ...disk, namespace: 'default' }, seen, admin)).toMatchObject({
      issues: [{ path: ['namespace'], code: 'other_project' }],
    });
    const made = await call('createDisk', disk, 'claim { namespace disk { project { id } } }', admin);
    expect(made).toMatchObject({ claim: { namespace: 'shop', disk: { project: { id: projectId } } } });
    expect((await disks({ projectIds: [projectId], name: { equals: 'owned' } })).length).toBe(1);
    expect(await call('createDisk', { ...disk, projectId: 'nowhere' }, seen, admin)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a cluster without the snapshot controller', () => {
  it('has disks, and says of snapshots what is missing (STO-20) (refused)', async () => {
    await using bare = await startTestGateway({ clusterSpeed: 40, settings: { embedded: { engines: [] } } });
    const ask = async (source: string, variables: object = {}) => {
      const { data, errors: failures } = await bare.query<Record<string, never>>(source, variables as never, developer);
      expect(failures).toBeUndefined();
      return data as Record<string, unknown>;
    };
    const mutation = (name: string, input: string, fields: string) =>
      ask(
        `mutation { answer: ${name}(input: { ${input} }) { __typename ... on Error { code message } ... on CapabilityMissingError { hint } ${fields} } }`,
      );
    const made = await mutation(
      'createDisk',
      'cluster: "embedded", namespace: "shop", name: "plain", sizeGib: 1',
      '... on CreateDiskSuccess { claim { id snapshots { nodes { id } problems { code } } } }',
    );
    const { claim } = made.answer as { claim: { id: string } };
    expect(claim).toMatchObject({ snapshots: { nodes: [], problems: [{ code: 'CAPABILITY_MISSING' }] } });
    expect(await mutation('createVolumeSnapshot', `diskId: "${claim.id}", name: "moment"`, '')).toMatchObject({
      answer: { code: 'CAPABILITY_MISSING', hint: expect.stringContaining('snapshot') },
    });
    expect(await ask('{ volumeSnapshots { nodes { id } problems { code cluster } } }')).toEqual({
      volumeSnapshots: { nodes: [], problems: [{ code: 'CAPABILITY_MISSING', cluster: 'embedded' }] },
    });
    await expect
      .poll(() => mutation('deleteDisk', `id: "${claim.id}"`, '... on DeleteDiskSuccess { id }'), patient)
      .toMatchObject({ answer: { id: claim.id } });
  });
});

describe('a platform without storage (aks-private)', () => {
  it('shows what is there and changes nothing of it, for nobody and by no road (STO-13) (refused)', async () => {
    await using its = await startTestGateway({ clusterSpeed: 40, settings: { profile: 'aks-private' } });
    const { store: there } = its.cluster;
    const put = (group: string, plural: string, object: object) =>
      there.create(there.resource(group, plural), object as never);
    put('', 'persistentvolumeclaims', {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      metadata: { name: 'there', namespace: 'shop', labels: { 'longshore.dev/disk': 'ordinary' } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    const list = '{ disks { nodes { id name } } storageClasses { nodes { id } } }';
    type List = { disks: { nodes: Row[] }; storageClasses: { nodes: { id: string }[] } };
    const read = async () => (await its.query<List>(list)).data;
    await expect.poll(async () => (await read())?.disks.nodes, patient).toMatchObject([{ name: 'there' }]);
    const seen = await read();
    const id = seen?.disks.nodes[0]?.id;
    const classId = seen?.storageClasses.nodes[0]?.id;
    const named = { ...place, name: 'new' };
    const refused: readonly (readonly [string, object])[] = [
      ['createStorageClass', { cluster: 'embedded', name: 'new', provisioner: 'disk.example.com' }],
      ['updateStorageClass', { id: classId, allowsExpansion: false }],
      ['deleteStorageClass', { id: classId }],
      [
        'createPersistentVolume',
        { cluster: 'embedded', name: 'new', storageClass: 'embedded-standard', capacity: '1Gi', volumeHandle: 'd' },
      ],
      ['createPersistentVolumeClaim', { ...named, storageClass: 'embedded-standard', size: '1Gi' }],
      ['expandPersistentVolumeClaim', { id, size: '2Gi' }],
      ['updatePersistentVolumeClaim', { id, description: 'Mine' }],
      ['deletePersistentVolumeClaim', { id }],
      ['createDisk', { ...named, sizeGib: 1 }],
      ['cloneDisk', { id, name: 'copy' }],
      ['extendDisk', { id, sizeGib: 2 }],
      ['deleteDisk', { id }],
      ['createVolumeSnapshot', { diskId: id, name: 'moment' }],
      ['openFileBrowser', { id }],
      ['deleteObject', { id }],
    ];
    for (const [name, input] of refused) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
      const source = `mutation ($input: ${type}) { answer: ${name}(input: $input) { ... on Error { code message } } }`;
      const { data, errors: failures } = await its.query<{ answer: object }>(source, { input } as never);
      expect([name, failures ?? data?.answer]).toMatchObject([name, { code: 'FORBIDDEN' }]);
    }
    const stateful = {
      ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace: 'shop' } },
      spec: {
        ...{ serviceName: 'db', replicas: 1, selector: { matchLabels: { app: 'db' } } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'nginx' }] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    };
    const source =
      'mutation ($manifest: String!) { answer: applyManifest(input: { cluster: "embedded", manifest: $manifest }) { ... on ValidationError { issues { code } } } }';
    const { data } = await its.query<{ answer: object }>(source, { manifest: JSON.stringify(stateful) } as never);
    expect(data?.answer).toMatchObject({ issues: expect.arrayContaining([{ code: 'no_storage' }]) });
    expect((await read())?.disks.nodes).toHaveLength(1);
  });
});
