import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
const driver = 'disk.embedded.longshore.dev';
const developer = { token: 'dev-developer' };
const changer = { token: 'a-token-of-one-who-only-changes-claims-0123456789' };
const patient = { timeout: 30_000, interval: 50 };
const place = { cluster: 'embedded', namespace: 'shop' };

beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      roles: [
        {
          name: 'claim-changer',
          description: 'Changes claims, and neither makes nor deletes any.',
          rules: [
            { actions: ['READ'], subjects: ['core/Cluster'] },
            { actions: ['READ', 'UPDATE'], subjects: ['core/PersistentVolumeClaim'], where: 'namespaces' },
          ],
        },
      ],
      tokens: [staticToken('cleo', changer.token, { roles: ['claim-changer'], namespaces: ['shop'] })],
    },
  });
  const storageClass = (name: string, more: object) =>
    put('storage.k8s.io', 'storageclasses', {
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner: driver },
      ...{ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...more },
    });
  storageClass('faster', {});
  storageClass('placed', { volumeBindingMode: 'WaitForFirstConsumer' });
  storageClass('elsewhere', { provisioner: 'disk.example.com' });
  storageClass('in-xfs', { parameters: { 'csi.storage.k8s.io/fstype': 'xfs' } });
  put('snapshot.storage.k8s.io', 'volumesnapshotclasses', {
    ...{ apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass', metadata: { name: 'kept' } },
    ...{ driver, deletionPolicy: 'Delete' },
  });
});
afterAll(() => gateway?.stop());

const store = () => gateway.cluster.store;
const put = (group: string, plural: string, object: object): void =>
  void store().create(store().resource(group, plural), object as never);

interface Object {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: object };
  readonly spec: {
    readonly volumeName: string;
    readonly storageClassName: string;
    readonly persistentVolumeReclaimPolicy: string;
  };
}
const all = (group: string, plural: string): readonly Object[] =>
  store().list(store().resource(group, plural)) as unknown as readonly Object[];
const claimOf = (name: string) => all('', 'persistentvolumeclaims').find(({ metadata }) => metadata.name === name);
const volumeOf = (name: string | undefined) =>
  all('', 'persistentvolumes').find(({ metadata }) => metadata.name === name);

/** Whatever a move makes for itself. */
const leftOver = () =>
  (
    [
      ['', 'persistentvolumeclaims'],
      ['', 'pods'],
      ['snapshot.storage.k8s.io', 'volumesnapshots'],
    ] as const
  ).flatMap(([group, plural]) =>
    all(group, plural)
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.includes('-moving-')),
  );

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };
const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } } ... on PreconditionError { reason }`;

async function call(name: string, input: object, fields: string, as = developer): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, as);
  expect(failures).toBeUndefined();
  return data?.[name] as Answer;
}

interface Disk {
  readonly id: string;
  readonly storageClassName: string;
  readonly disk: Readonly<Record<string, unknown>> & { readonly state: string };
}

async function read(name: string): Promise<Disk | undefined> {
  const { data } = await gateway.query<{ disks: { nodes: Disk[] } }>(
    `query ($filter: DiskFilter) { disks(filter: $filter) { nodes { id storageClassName
      disk { state displayName fileSystem migration { action steps { name status } } } } } }`,
    { filter: { name: { equals: name } } },
    developer,
  );
  return data?.disks.nodes[0];
}
const stateOf = async (name: string) => (await read(name))?.disk.state;

async function makeDisk(name: string): Promise<string> {
  const naming = { name, displayName: `The ${name}`, description: 'To be moved' };
  const made = await call('createDisk', { ...place, ...naming, sizeGib: 1 }, 'claim { id }');
  await expect.poll(() => stateOf(name), patient).toBe('UNUSED');
  return (made.claim as { id: string }).id;
}

async function move(id: string, to: object): Promise<string> {
  const answer = await call('migrateDisk', { id, ...to }, 'id operation { id }');
  expect(answer).toMatchObject({ __typename: 'MigrateDiskSuccess', id });
  return (answer.operation as { id: string }).id;
}

async function record(id: string) {
  const { data } = await gateway.query<{ operationRecord: { status: string; failure: { message: string } | null } }>(
    `query ($id: ID!) { operationRecord(id: $id) { status failure { message } steps { name status } } }`,
    { id },
    developer,
  );
  return data?.operationRecord;
}
const statusOf = async (id: string) => (await record(id))?.status;

/** Stops a move before one of its deeds; the returned function lets it go on. */
function hold(deed: string): { readonly reached: Promise<void>; readonly go: () => void } {
  const reached = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const disarm = gateway.gateway.failpoints.arm(`storage.diskMigrations.before-${deed}`, () => {
    disarm();
    reached.resolve();
    return free.promise;
  });
  return { reached: reached.promise, go: free.resolve };
}

const startPod = (name: string, claimName: string) =>
  put('', 'pods', {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } },
    spec: {
      containers: [{ name: 'main', image: 'registry.local/web:v1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  });

describe('a disk that is moved', () => {
  it('is the same disk with another volume, though its process dies at every turn, and nothing is left over (STO-15, STO-19)', async () => {
    const id = await makeDisk('wandering');
    const before = claimOf('wandering');
    // As of a process that was killed right there: what it did is done, and nobody knows.
    const died: string[] = [];
    const turns = [
      'after-take-snapshot',
      'after-make-copy',
      'after-keep-volumes',
      'after-delete-old',
      'after-make-disk',
    ];
    for (const turn of turns) {
      const disarm = gateway.gateway.failpoints.arm(`storage.diskMigrations.${turn}`, () => {
        disarm();
        died.push(turn);
        throw new Error('killed');
      });
    }
    const operation = await move(id, { storageClass: 'faster' });
    await expect.poll(() => statusOf(operation), patient).toBe('SUCCEEDED');
    expect(died).toEqual(turns);
    expect(await record(operation)).toMatchObject({
      steps: ['snapshot', 'copy', 'switch', 'clean-up'].map((name) => ({ name, status: 'SUCCESS' })),
    });
    expect(await read('wandering')).toMatchObject({
      ...{ id, storageClassName: 'faster' },
      disk: { state: 'UNUSED', displayName: 'The wandering', fileSystem: 'EXT4', migration: null },
    });
    const after = claimOf('wandering');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.metadata.labels).toEqual(before?.metadata.labels);
    expect(volumeOf(after?.spec.volumeName)?.spec.persistentVolumeReclaimPolicy).toBe('Delete');
    await expect.poll(() => [volumeOf(before?.spec.volumeName), leftOver()], patient).toEqual([undefined, []]);
    startPod('settled', 'wandering');
    await expect.poll(() => stateOf('wandering'), patient).toBe('IN_USE');
  });

  it('lies in the zone that was asked for, of a class that waits for a pod (STO-10, STO-15)', async () => {
    const id = await makeDisk('zonal');
    const operation = await move(id, { storageClass: 'placed', zone: 'embedded-b' });
    await expect.poll(() => statusOf(operation), patient).toBe('SUCCEEDED');
    const volume = volumeOf(claimOf('zonal')?.spec.volumeName);
    expect(JSON.stringify(volume?.spec)).toContain('embedded-b');
    await expect.poll(leftOver, patient).toEqual([]);
    expect(await call('migrateDisk', { id, storageClass: 'placed', zone: 'embedded-b' }, 'id')).toMatchObject({
      issues: [{ path: ['zone'], code: 'same_place' }],
    });
  });

  it('is MIGRATING, and neither mounted, extended, copied, deleted nor moved again until that is over (STO-15, STO-16) (refused)', async () => {
    const id = await makeDisk('locked');
    const held = hold('take-snapshot');
    const operation = await move(id, { storageClass: 'faster' });
    await held.reached;
    await expect.poll(() => stateOf('locked'), patient).toBe('MIGRATING');
    expect(await read('locked')).toMatchObject({ disk: { migration: { action: 'migrateDisk' } } });
    const notReady = { reason: 'DISK_NOT_READY' };
    expect(await call('extendDisk', { id, sizeGib: 2 }, 'claim { id }')).toMatchObject(notReady);
    expect(await call('cloneDisk', { id, name: 'copy' }, 'claim { id }')).toMatchObject(notReady);
    expect(await call('deleteDisk', { id }, 'id')).toMatchObject(notReady);
    expect(await call('migrateDisk', { id, storageClass: 'faster' }, 'id')).toMatchObject(notReady);
    expect(await call('openFileBrowser', { id }, 'isJoined')).toMatchObject({ reason: 'NOT_BROWSABLE' });
    const mounting = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mounting', namespace: 'shop' } },
      spec: {
        containers: [{ name: 'web', image: 'nginx' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'locked' } }],
      },
    };
    const text = { cluster: 'embedded', manifest: JSON.stringify(mounting) };
    expect(await call('applyManifest', text, 'operation { id }')).toMatchObject({
      issues: [{ code: 'disk_migrating' }],
    });
    held.go();
    await expect.poll(() => statusOf(operation), patient).toBe('SUCCEEDED');
  });

  it('is as it was once the move is cancelled, which is too late when its claim goes (STO-15)', async () => {
    const id = await makeDisk('staying');
    const before = claimOf('staying');
    const held = hold('pass-no-return');
    const operation = await move(id, { storageClass: 'faster' });
    await held.reached;
    expect(await call('cancelDiskMigration', { id }, 'id')).toMatchObject({ id });
    held.go();
    await expect.poll(() => statusOf(operation), patient).toBe('FAILED');
    expect((await record(operation))?.failure?.message).toContain("cancelled by 'dev-developer'");
    expect(await stateOf('staying')).toBe('UNUSED');
    await expect.poll(leftOver, patient).toEqual([]);
    const after = claimOf('staying');
    expect([after?.metadata.uid, after?.spec]).toEqual([before?.metadata.uid, before?.spec]);
    expect(volumeOf(after?.spec.volumeName)?.spec.persistentVolumeReclaimPolicy).toBe('Delete');
    expect(await call('cancelDiskMigration', { id }, 'id')).toMatchObject({ reason: 'NOT_MIGRATING' });
    const late = hold('delete-old');
    const again = await move(id, { storageClass: 'faster' });
    await late.reached;
    expect(await call('cancelDiskMigration', { id }, 'id')).toMatchObject({ reason: 'NOT_MIGRATING' });
    late.go();
    await expect.poll(() => statusOf(again), patient).toBe('SUCCEEDED');
  });

  it('stays where it is when something mounts it past the platform, and says who (STO-15, STO-16) (refused)', async () => {
    const id = await makeDisk('wanted');
    const held = hold('make-copy');
    const operation = await move(id, { storageClass: 'faster' });
    await held.reached;
    startPod('intruder', 'wanted');
    await expect.poll(() => stateOf('wanted'), patient).toBe('IN_USE');
    held.go();
    await expect.poll(() => statusOf(operation), patient).toBe('FAILED');
    expect((await record(operation))?.failure?.message).toContain("mounted by 'intruder'");
    await expect.poll(leftOver, patient).toEqual([]);
    expect(await read('wanted')).toMatchObject({ storageClassName: 'embedded-standard', disk: { migration: null } });
    expect(await call('migrateDisk', { id, storageClass: 'faster' }, 'id')).toMatchObject({
      ...{ __typename: 'InUseError', references: [{ kind: 'Pod', name: 'intruder' }] },
    });
  });

  it('is not moved by who may change it, but neither delete nor make it (STO-15, CORE-17) (refused)', async () => {
    const id = await makeDisk('guarded');
    expect(await call('migrateDisk', { id, storageClass: 'faster' }, 'id', changer)).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await stateOf('guarded')).toBe('UNUSED');
  });

  it.each([
    ['where it is', { storageClass: 'embedded-standard' }, 'storageClass', 'same_place'],
    ['to a class that is not there', { storageClass: 'lost' }, 'storageClass', 'not_found'],
    ['to another driver', { storageClass: 'elsewhere' }, 'storageClass', 'other_driver'],
    ['to another file system', { storageClass: 'in-xfs' }, 'storageClass', 'other_file_system'],
    ['to a zone by a class that chooses itself', { storageClass: 'faster', zone: 'b' }, 'zone', 'zone_not_chosen'],
  ])('is not moved %s (STO-15) (refused)', async (_what, to, path, code) => {
    const id = (await read('fixed'))?.id ?? (await makeDisk('fixed'));
    expect(await call('migrateDisk', { id, ...to }, 'id')).toMatchObject({
      issues: [{ path: [path], code }],
    });
    expect(await stateOf('fixed')).toBe('UNUSED');
  });
});
