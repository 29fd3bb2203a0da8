import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const developer = { token: 'dev-developer' };
const admin = {};
const slow = { timeout: 30_000, interval: 50 };

async function ask<Data>(source: string, as: object = admin): Promise<Data> {
  const { data, errors } = await gateway.query(source, undefined, as);
  expect(errors).toBeUndefined();
  return data as Data;
}

function put(
  group: string,
  plural: string,
  object: { readonly metadata: object; readonly [field: string]: unknown },
): void {
  const { store } = gateway.cluster;
  store.create(store.resource(group, plural), object);
}

describe('storage on a cluster', () => {
  it('shows the class of claims that name none (STO-01)', async () => {
    const source =
      '{ storageClasses(filter: { isDefault: true }) { nodes { name isDefault provisioner reclaimPolicy volumeBindingMode allowsExpansion zones } } }';
    await expect
      .poll(() => ask(source, developer), slow)
      .toEqual({
        storageClasses: {
          nodes: [
            {
              name: 'embedded-standard',
              isDefault: true,
              provisioner: 'disk.embedded.longshore.dev',
              reclaimPolicy: 'DELETE',
              volumeBindingMode: 'IMMEDIATE',
              allowsExpansion: true,
              zones: [],
            },
          ],
        },
      });
  });

  it('leads from a claim to its class, volume and users and back, and streams it as it is bound (STO-06)', async () => {
    const stream = gateway.subscribe(
      'subscription { persistentVolumeClaimChanges(filter: { name: { equals: "seen" } }) { type persistentVolumeClaim { phase } } }',
      undefined,
      developer,
    );
    await stream.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    put('', 'persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'seen', namespace: 'shop' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    });
    put('', 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'mounts-seen', namespace: 'shop' },
      spec: {
        containers: [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/data' }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'seen' } }],
      },
    });
    await stream.next((message) => JSON.stringify(message).includes('BOUND'));
    const source = `{ persistentVolumeClaim(cluster: "embedded", namespace: "shop", name: "seen") {
      phase requestedSize requestedBytes capacity accessModes isWaitingForConsumer expansion { state }
      storageClass { name claims(filter: { name: { equals: "seen" } }) { nodes { name } } }
      volume { phase capacityBytes driver claim { name } storageClass { name } }
      usedBy { user { kind name } mounts { container path isReadOnly } } pods { nodes { name } } } }`;
    await expect
      .poll(() => ask(source), slow)
      .toEqual({
        persistentVolumeClaim: {
          phase: 'BOUND',
          requestedSize: '2Gi',
          requestedBytes: 2_147_483_648,
          capacity: '2Gi',
          accessModes: ['READ_WRITE_ONCE'],
          isWaitingForConsumer: false,
          expansion: null,
          storageClass: { name: 'embedded-standard', claims: { nodes: [{ name: 'seen' }] } },
          volume: {
            phase: 'BOUND',
            capacityBytes: 2_147_483_648,
            driver: 'disk.embedded.longshore.dev',
            claim: { name: 'seen' },
            storageClass: { name: 'embedded-standard' },
          },
          usedBy: [
            {
              user: { kind: 'Pod', name: 'mounts-seen' },
              mounts: [{ container: 'web', path: '/data', isReadOnly: false }],
            },
          ],
          pods: { nodes: [{ name: 'mounts-seen' }] },
        },
      });
    await stream.stop();
  });

  it('tells how full a volume is while a pod mounts it, and nothing of one that lies idle (STO-19)', async () => {
    const usage = 'usage { usedBytes capacityBytes availableBytes usedPercent inodes inodesUsed observedAt }';
    const read = (name: string) =>
      `{ persistentVolumeClaim(cluster: "embedded", namespace: "shop", name: "${name}") { ${usage} } }`;
    type Read = { readonly persistentVolumeClaim: { readonly usage: Readonly<Record<string, number>> | null } };
    const usageOf = async (name: string) => (await ask<Read>(read(name), developer)).persistentVolumeClaim.usage;
    await expect.poll(async () => (await usageOf('seen'))?.usedBytes, slow).toBeGreaterThan(0);
    const full = await usageOf('seen');
    expect((full?.usedBytes ?? 0) + (full?.availableBytes ?? 0)).toBe(full?.capacityBytes);
    expect(full?.capacityBytes).toBeLessThan(2 * 1024 ** 3);
    expect(full).toMatchObject({ usedPercent: 0, inodesUsed: 11, inodes: 131_072, observedAt: expect.any(String) });
    put('', 'persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'idle', namespace: 'shop' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await expect.poll(() => ask(read('idle'), developer), slow).toEqual({ persistentVolumeClaim: { usage: null } });
  });

  it('shows volumes to administrators alone, and claims to those of their namespace (refused) (CORE-17)', async () => {
    const claim =
      'persistentVolumeClaim(cluster: "embedded", namespace: "shop", name: "seen") { volumeName volume { name } }';
    const seen = await ask<{ persistentVolumeClaim: { volumeName: string | null } }>(`{ ${claim} }`, developer);
    expect(seen).toMatchObject({ persistentVolumeClaim: { volume: null } });
    expect(seen.persistentVolumeClaim.volumeName).not.toBeNull();
    const { errors } = await gateway.query('{ persistentVolumes { nodes { name } } }', undefined, developer);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });
});

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };
const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } } ... on PreconditionError { reason }`;

async function call(name: string, input: object, fields: string, as: object = admin): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, as);
  expect(failures).toBeUndefined();
  return data?.[name] as Answer;
}

const cluster = 'embedded';
const place = { cluster, namespace: 'shop' };
const driver = 'disk.embedded.longshore.dev';
const idOf = (answer: Answer, field: string) => (answer[field] as { readonly id: string }).id;
const codes = (answer: Answer) =>
  (answer.issues as readonly { path: readonly unknown[]; code: string }[]).map(
    ({ path, code }) => `${path.join('.')} ${code}`,
  );

describe('a StorageClass by form', () => {
  it('is made with what its claims may ask for, changed, and its claims are held to that (STO-01, STO-06, STO-07, STO-08)', async () => {
    const input = {
      cluster,
      name: 'shared',
      provisioner: driver,
      labels: [{ key: 'team', value: 'storage' }],
      annotations: [{ key: 'example.com/owner', value: 'us' }],
      reclaimPolicy: 'RETAIN',
      volumeBindingMode: 'WAIT_FOR_FIRST_CONSUMER',
      parameters: [{ name: 'tier', value: 'gold' }],
      zones: ['embedded-a'],
      allowsExpansion: true,
      accessModes: ['READ_WRITE_ONCE'],
      minimumSize: '2Gi',
    };
    const fields =
      'storageClass { id reclaimPolicy volumeBindingMode parameters { name value } zones labels { key } capabilities { accessModes minimumSize minimumBytes isZonal form } }';
    const made = await call('createStorageClass', input, fields);
    expect(made.storageClass).toMatchObject({
      reclaimPolicy: 'RETAIN',
      volumeBindingMode: 'WAIT_FOR_FIRST_CONSUMER',
      parameters: [{ name: 'tier', value: 'gold' }],
      zones: ['embedded-a'],
      capabilities: {
        accessModes: ['READ_WRITE_ONCE'],
        minimumSize: '2Gi',
        minimumBytes: 2_147_483_648,
        isZonal: false,
        form: null,
      },
    });
    const small = { ...place, name: 'small', storageClass: 'shared', size: '1Gi', accessModes: ['READ_WRITE_MANY'] };
    const refused = await call('createPersistentVolumeClaim', small, 'persistentVolumeClaim { id }', developer);
    expect(codes(refused)).toEqual(['accessModes.0 mode_not_offered', 'size too_small']);
    const changed = await call(
      'updateStorageClass',
      { id: idOf(made, 'storageClass'), accessModes: [], minimumSize: '0' },
      'storageClass { capabilities { accessModes minimumSize } }',
    );
    expect(changed.storageClass).toEqual({ capabilities: { accessModes: null, minimumSize: null } });
    const taken = await call(
      'createPersistentVolumeClaim',
      small,
      'persistentVolumeClaim { id isWaitingForConsumer }',
      developer,
    );
    expect(taken.persistentVolumeClaim).toMatchObject({ isWaitingForConsumer: true });
    const kept = await call('deleteStorageClass', { id: idOf(made, 'storageClass') }, 'id');
    expect(kept).toMatchObject({
      __typename: 'InUseError',
      references: [{ kind: 'PersistentVolumeClaim', name: 'small' }],
    });
    expect(
      await call('deletePersistentVolumeClaim', { id: idOf(taken, 'persistentVolumeClaim') }, 'id', developer),
    ).toMatchObject({
      __typename: 'DeletePersistentVolumeClaimSuccess',
    });
    await expect
      .poll(() => call('deleteStorageClass', { id: idOf(made, 'storageClass') }, 'id'), slow)
      .toMatchObject({
        __typename: 'DeleteStorageClassSuccess',
      });
  });

  it.each([
    ['without a provisioner', { name: 'a' }, ['provisioner required']],
    ['of a sort of storage that the profile does not know', { name: 'a', form: 'TAPE' }, ['form unknown_form']],
    ['with a name that no cluster takes', { name: 'A_b', provisioner: driver }, ['name invalid_text']],
    [
      'with a policy that nothing new can have',
      { name: 'a', provisioner: driver, reclaimPolicy: 'RECYCLE' },
      ['reclaimPolicy not_offered'],
    ],
    [
      'with a parameter twice',
      {
        name: 'a',
        provisioner: driver,
        parameters: [
          { name: 'x', value: '1' },
          { name: 'x', value: '2' },
        ],
      },
      ['parameters.1.name duplicate'],
    ],
  ])('is refused %s (STO-01)', async (_what, input, issues) => {
    expect(codes(await call('createStorageClass', { cluster, ...input }, 'storageClass { id }'))).toEqual(issues);
  });

  it('is for administrators alone (refused) (STO-01, CORE-10)', async () => {
    const source = `mutation { createStorageClass(input: { cluster: "embedded", name: "mine", provisioner: "x" }) { __typename } }`;
    const { errors: failures } = await gateway.query(source, undefined, developer);
    expect(failures?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });
});

describe('a claim by form', () => {
  it('is bound, grows and stays while something mounts it, whichever way it would go (STO-03, STO-06, STO-12)', async () => {
    const input = { ...place, name: 'grown', size: '1Gi', description: 'For a test' };
    const made = await call(
      'createPersistentVolumeClaim',
      input,
      'persistentVolumeClaim { id description }',
      developer,
    );
    const id = idOf(made, 'persistentVolumeClaim');
    const claim = `persistentVolumeClaim(cluster: "embedded", namespace: "shop", name: "grown")`;
    await expect
      .poll(() => ask(`{ ${claim} { phase } }`, developer), slow)
      .toEqual({ persistentVolumeClaim: { phase: 'BOUND' } });
    expect(
      codes(await call('expandPersistentVolumeClaim', { id, size: '1Gi' }, 'operation { id }', developer)),
    ).toEqual(['size not_larger']);
    put('', 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'mounts-grown', namespace: 'shop' },
      spec: {
        containers: [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/data' }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'grown' } }],
      },
    });
    const grown = await call(
      'expandPersistentVolumeClaim',
      { id, size: '3Gi' },
      'persistentVolumeClaim { requestedSize }',
      developer,
    );
    expect(grown.persistentVolumeClaim).toEqual({ requestedSize: '3Gi' });
    await expect
      .poll(() => ask(`{ ${claim} { capacity expansion { state } } }`, developer), slow)
      .toEqual({
        persistentVolumeClaim: { capacity: '3Gi', expansion: null },
      });
    const references = [{ kind: 'Pod', name: 'mounts-grown' }];
    for (const mutation of ['deletePersistentVolumeClaim', 'deleteObject']) {
      expect(await call(mutation, { id }, 'id', developer)).toMatchObject({ __typename: 'InUseError', references });
    }
    const { store } = gateway.cluster;
    store.delete(store.resource('', 'pods'), 'shop', 'mounts-grown', { gracePeriodSeconds: 0 });
    await expect
      .poll(() => call('deletePersistentVolumeClaim', { id }, 'id warnings', developer), slow)
      .toMatchObject({
        __typename: 'DeletePersistentVolumeClaimSuccess',
        warnings: [expect.stringMatching(/its disk and the data on it are deleted with it \(Delete\)/)],
      });
  });

  it('names a volume that fits, which stays while the claim has it (STO-03, STO-04, STO-05, STO-06)', async () => {
    const volume = {
      cluster,
      name: 'by-hand',
      storageClass: 'embedded-standard',
      capacity: '5Gi',
      volumeHandle: 'd-1',
      diskId: 'd-1',
      fileSystem: 'ext4',
      volumeAttributes: [{ name: 'rack', value: '7' }],
      reclaimPolicy: 'RETAIN',
    };
    const fields =
      'persistentVolume { id driver volumeHandle fileSystem reclaimPolicy volumeAttributes { name value } labels { key value } }';
    const made = await call('createPersistentVolume', volume, fields);
    expect(made.persistentVolume).toMatchObject({
      driver,
      volumeHandle: 'd-1',
      fileSystem: 'ext4',
      reclaimPolicy: 'RETAIN',
      volumeAttributes: [{ name: 'rack', value: '7' }],
      labels: [{ key: 'longshore.dev/disk-id', value: 'd-1' }],
    });
    expect(codes(await call('createPersistentVolume', { ...volume, name: 'twin' }, fields))).toEqual([
      'volumeHandle taken',
    ]);
    expect(
      codes(await call('createPersistentVolume', { ...volume, name: 'twin', storageClass: 'gone' }, fields)),
    ).toEqual(['storageClass not_found']);
    const input = { ...place, name: 'static', size: '5Gi', volumeName: 'by-hand' };
    const bind = (more: object) =>
      call('createPersistentVolumeClaim', { ...input, ...more }, 'persistentVolumeClaim { id }', developer);
    expect(codes(await bind({ size: '6Gi' }))).toEqual(['volumeName does_not_fit']);
    expect(codes(await bind({ volumeName: 'gone' }))).toEqual(['volumeName not_found']);
    const claim = idOf(await bind({}), 'persistentVolumeClaim');
    const source = '{ persistentVolume(cluster: "embedded", name: "by-hand") { phase claim { name } } }';
    await expect
      .poll(() => ask(source), slow)
      .toEqual({ persistentVolume: { phase: 'BOUND', claim: { name: 'static' } } });
    const id = idOf(made, 'persistentVolume');
    expect(await call('deletePersistentVolume', { id }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ kind: 'PersistentVolumeClaim', name: 'static' }],
    });
    expect(await call('deletePersistentVolumeClaim', { id: claim }, 'warnings', developer)).toMatchObject({
      warnings: [expect.stringMatching(/stay, released \(Retain\)/)],
    });
    await expect
      .poll(() => call('deletePersistentVolume', { id }, 'warnings'), slow)
      .toMatchObject({
        warnings: [expect.stringMatching(/'d-1'.* stay \(Retain\)/)],
      });
  });

  it('is held to the same as YAML, with what the same text makes (STO-06, STO-07, STO-12)', async () => {
    const claim = (className: string, storage: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'written', namespace: 'shop' },
      spec: { storageClassName: className, accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
    const storageClass = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'written', annotations: { 'longshore.dev/minimum-size': '2Gi' } },
      provisioner: driver,
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['embedded-a'] }] }],
    };
    const apply = (...objects: object[]) =>
      call(
        'applyManifest',
        { cluster, manifest: objects.map((object) => JSON.stringify(object)).join('\n---\n') },
        'warnings',
      );
    expect(codes(await apply(claim('written', '2Gi')))).toEqual(['manifest.0.spec.storageClassName not_found']);
    expect(codes(await apply(storageClass, claim('written', '1Gi')))).toEqual([
      'manifest.1.spec.resources.requests.storage too_small',
    ]);
    // A volume that is made at once is in one zone, and nobody knows where the pods will be (STO-10).
    expect(await apply(storageClass, claim('written', '2Gi'))).toMatchObject({
      __typename: 'ApplyManifestSuccess',
      warnings: expect.arrayContaining([expect.stringMatching(/in one zone \(embedded-a\)/)]),
    });
    expect(codes(await apply(claim('written', '1Gi')))).toEqual([
      expect.stringMatching(/^manifest\.0\.spec\.resources\.requests\.storage (class_not_expandable|claim_not_bound)$/),
    ]);
  });
});

describe('a StatefulSet by form', () => {
  it('makes claims that its class offers, or is refused by the place in its input (STO-11, STO-10, CMP-52)', async () => {
    const storageClass = await call(
      'createStorageClass',
      { cluster, name: 'sets', provisioner: driver, minimumSize: '2Gi', zones: ['embedded-a'] },
      'storageClass { id }',
    );
    const create = (name: string, size: string, more: object = {}) =>
      call(
        'createWorkload',
        {
          ...place,
          name: 'sets',
          kind: { statefulSet: { replicas: 0, volumeClaimTemplates: [{ name, storageClass: 'sets', size, ...more }] } },
          template: { containers: [{ name: 'web', image: 'nginx' }] },
        },
        'workload { id } warnings',
        developer,
      );
    const at = 'kind.statefulSet.volumeClaimTemplates.0';
    expect(codes(await create('Data', '1Gi'))).toEqual(
      expect.arrayContaining([`${at} invalid_text`, `${at} too_small`]),
    );
    expect(codes(await create('data', '2Gi', { storageClass: 'gone' }))).toEqual([`${at} not_found`]);
    const made = await create('data', '2Gi');
    expect(made).toMatchObject({
      warnings: expect.arrayContaining([expect.stringMatching(/in one zone \(embedded-a\)/)]),
    });
    const id = idOf(storageClass, 'storageClass');
    await expect
      .poll(() => call('deleteStorageClass', { id }, 'id'), slow)
      .toMatchObject({
        references: [{ kind: 'StatefulSet', name: 'sets' }],
      });
    // Whose templates those are is deleted with them.
    await call('deleteWorkload', { id: idOf(made, 'workload') }, 'id', developer);
    await expect.poll(() => call('deleteStorageClass', { id }, 'id'), slow).toMatchObject({ id });
  });
});
