import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';
import {
  ApplyManifestDocument,
  type ApplyManifestInput,
  ConfigMapByNameDocument,
  CreateNamespaceDocument,
  DeleteNamespaceDocument,
  DeleteObjectDocument,
  NamespacesDocument,
  NodeByIdDocument,
  OperationRecordByIdDocument,
  OperationRecordsDocument,
  RestartWorkloadDocument,
  ScaleWorkloadDocument,
} from '../typed/graphql.ts';

const developer = { token: 'dev-developer' };
const idOf = (group: string, kind: string, namespace: string, name: string) =>
  Buffer.from(`k8s|embedded|${group}|${kind}|${namespace}|${name}`).toString('base64url');
const front = idOf('apps', 'Deployment', 'shop', 'vote-front');

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      tokens: [
        staticToken('elsewhere', 'the-token-of-a-developer-of-the-platform', {
          roles: ['DEVELOPER'],
          namespaces: ['platform'],
        }),
      ],
    },
  });
});
afterAll(() => gateway.stop());
afterEach(() => {
  gateway.cluster.faults = undefined;
});

function stored(group: string, plural: string, namespace: string | undefined, name: string) {
  const { store } = gateway.cluster;
  return store.get(store.resource(group, plural), namespace, name) as
    | {
        readonly metadata: { readonly [key: string]: unknown };
        readonly spec?: Record<string, unknown>;
        readonly data?: unknown;
      }
    | undefined;
}

const replicas = (name = 'vote-front') => stored('apps', 'deployments', 'shop', name)?.spec?.replicas;

async function countRecords(): Promise<number> {
  const { operationRecords } = await ask(gateway, OperationRecordsDocument, { first: 1 });
  return operationRecords.totalCount ?? 0;
}

const apply = async (input: Omit<ApplyManifestInput, 'cluster'>, options = {}) =>
  (await ask(gateway, ApplyManifestDocument, { input: { cluster: 'embedded', ...input } }, options)).applyManifest;

const configMap = (name: string, data: string, extra = '') => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: shop
${extra}data:
  ${data}
`;

describe('scaleWorkload', () => {
  it('sets the replicas, answers what changed and leaves a record that succeeded (CORE-18)', async () => {
    const { scaleWorkload } = await ask(
      gateway,
      ScaleWorkloadDocument,
      { input: { id: front, replicas: 5 } },
      developer,
    );
    expect(scaleWorkload).toMatchObject({
      __typename: 'ScaleWorkloadSuccess',
      workload: { id: front, desiredReplicas: 5 },
      changes: [{ path: expect.stringContaining('replicas'), operation: 'REPLACE', before: 3, after: 5 }],
      operation: {
        action: 'scaleWorkload',
        status: 'SUCCEEDED',
        operator: 'dev-developer',
        failure: null,
        target: { cluster: 'embedded', namespace: 'shop', kind: 'Deployment', name: 'vote-front' },
        writes: [{ verb: 'SCALE', kind: 'Deployment', namespace: 'shop', name: 'vote-front' }],
      },
    });
    expect(replicas()).toBe(5);
    await until(async () => {
      const list = await ask(
        gateway,
        '{ pods(filter: { name: { contains: "vote-front" }, ready: true }) { totalCount } }',
      );
      expect(list).toEqual({ pods: { totalCount: 5 } });
    });
  });

  it('tells in a dry run what would change, changes nothing and leaves no record', async () => {
    const before = [
      replicas(),
      stored('apps', 'deployments', 'shop', 'vote-front')?.metadata.generation,
      await countRecords(),
    ];
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, {
      input: { id: front, replicas: 9, dryRun: true },
    });
    expect(scaleWorkload).toMatchObject({
      __typename: 'ScaleWorkloadSuccess',
      changes: [{ before: before[0], after: 9 }],
      operation: null,
    });
    expect([
      replicas(),
      stored('apps', 'deployments', 'shop', 'vote-front')?.metadata.generation,
      await countRecords(),
    ]).toEqual(before);
  });

  it.each([-1, 1_001])('refuses %i pods, naming the field', async (replicas) => {
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input: { id: front, replicas } });
    expect(scaleWorkload).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['replicas'] }] });
  });

  it.each([
    { name: 'a DaemonSet', id: idOf('apps', 'DaemonSet', 'platform', 'node-exporter'), typename: 'PreconditionError' },
    { name: 'what is not there', id: idOf('apps', 'Deployment', 'shop', 'nobody'), typename: 'NotFoundError' },
    { name: 'what is no workload', id: idOf('', 'ConfigMap', 'shop', 'vote-settings'), typename: 'NotFoundError' },
  ])('refuses $name with $typename', async ({ id, typename }) => {
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 2 } });
    expect(scaleWorkload.__typename).toBe(typename);
  });

  it('does not tell a developer of another namespace that the thing exists (refused)', async () => {
    const id = idOf('apps', 'StatefulSet', 'platform', 'metrics-store');
    const there = await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 2 } }, developer);
    const absent = await ask(
      gateway,
      ScaleWorkloadDocument,
      { input: { id: idOf('apps', 'StatefulSet', 'platform', 'metrics-stork'), replicas: 2 } },
      developer,
    );
    expect(there.scaleWorkload.__typename).toBe('NotFoundError');
    expect(JSON.stringify(there).replaceAll('metrics-store', 'x')).toBe(
      JSON.stringify(absent).replaceAll('metrics-stork', 'x'),
    );
  });
});

describe('restartWorkload', () => {
  it('starts a new rollout as kubectl does', async () => {
    const id = idOf('apps', 'Deployment', 'shop', 'vote-back');
    const { restartWorkload } = await ask(gateway, RestartWorkloadDocument, { input: { id } }, developer);
    expect(restartWorkload).toMatchObject({
      __typename: 'RestartWorkloadSuccess',
      workload: { json: { 'kubectl.kubernetes.io/restartedAt': expect.stringMatching(/^\d{4}-/) } },
      operation: { status: 'SUCCEEDED' },
    });
    const { store } = gateway.cluster;
    await until(() => {
      const sets = store
        .list(store.resource('apps', 'replicasets'), 'shop')
        .filter(({ metadata }) => metadata.name.startsWith('vote-back'));
      expect(sets).toHaveLength(2);
    });
  });

  it('refuses a Job, which has no rollout', async () => {
    const { restartWorkload } = await ask(gateway, RestartWorkloadDocument, {
      input: { id: idOf('batch', 'Job', 'platform', 'inventory-scan') },
    });
    expect(restartWorkload).toMatchObject({ __typename: 'PreconditionError', reason: 'NOT_RESTARTABLE' });
  });
});

describe('applyManifest', () => {
  it('applies the documents of a manifest in their order and says of each what became of it', async () => {
    const manifest = `${configMap('first', 'a: "1"')}---\n${configMap('second', 'b: "2"')}`;
    const made = await apply({ manifest }, developer);
    expect(made).toMatchObject({
      __typename: 'ApplyManifestSuccess',
      documents: [
        { index: 0, kind: 'ConfigMap', name: 'first', action: 'CREATED', error: null },
        { index: 1, kind: 'ConfigMap', name: 'second', action: 'CREATED', error: null },
      ],
      operation: { status: 'SUCCEEDED', writeCount: 2 },
    });
    const again = await apply({ manifest: manifest.replace('b: "2"', 'b: "3"') }, developer);
    expect(again).toMatchObject({
      documents: [
        { action: 'UNCHANGED', changes: [] },
        { action: 'CONFIGURED', changes: [{ path: '/data/b', operation: 'REPLACE', before: '2', after: '3' }] },
      ],
    });
    expect(stored('', 'configmaps', 'shop', 'second')?.data).toEqual({ b: '3' });
  });

  it('shows the writer its own write in the next read', async () => {
    for (let round = 0; round < 20; round += 1) {
      await apply({ manifest: configMap('own-write', `round: "${round}"`) }, developer);
      const { configMap: seen } = await ask(
        gateway,
        ConfigMapByNameDocument,
        { cluster: 'embedded', namespace: 'shop', name: 'own-write' },
        developer,
      );
      expect(seen?.data).toEqual([{ key: 'round', value: String(round) }]);
    }
  });

  it.each([
    { name: 'text that is no YAML', manifest: 'apiVersion: v1\nkind: [ConfigMap\n', line: 3 },
    { name: 'a tab for indentation', manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n', line: 4 },
    {
      name: 'a key that stands twice',
      manifest: 'apiVersion: v1\nkind: ConfigMap\nkind: Secret\nmetadata:\n  name: x\n',
      line: 3,
    },
    {
      name: 'a missing name in the second document',
      manifest: `${configMap('fine', 'a: b')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {}\n`,
      line: 11,
    },
    {
      name: 'a kind that nobody serves',
      manifest: 'apiVersion: nowhere.example/v1\nkind: Ghost\nmetadata:\n  name: x\n',
      line: 2,
    },
  ])('refuses $name with its line and column, before anything is written (CORE-27)', async ({ manifest, line }) => {
    const refused = await apply({ manifest, namespace: 'shop' });
    expect(refused).toMatchObject({ __typename: 'ValidationError', issues: [{ line, column: expect.any(Number) }] });
    expect(stored('', 'configmaps', 'shop', 'fine')).toBeUndefined();
  });

  it('tells in a dry run what would change, and writes nothing (CORE-31)', async () => {
    const records = await countRecords();
    const planned = await apply({ manifest: configMap('planned', 'a: "1"'), dryRun: true });
    expect(planned).toMatchObject({ documents: [{ action: 'CREATED' }], operation: null });
    expect(stored('', 'configmaps', 'shop', 'planned')).toBeUndefined();
    const changed = await apply({ manifest: configMap('vote-settings', 'TITLE: Planned'), dryRun: true, force: true });
    expect(changed).toMatchObject({
      documents: [
        { action: 'CONFIGURED', changes: [{ path: '/data/TITLE', before: 'Longshore Voting App', after: 'Planned' }] },
      ],
    });
    expect(stored('', 'configmaps', 'shop', 'vote-settings')?.data).toMatchObject({ TITLE: 'Longshore Voting App' });
    expect(await countRecords()).toBe(records);
  });

  it('names the managers of fields that others own, and takes them over only when told to (CORE-31)', async () => {
    const manifest = configMap('vote-settings', 'TITLE: Mine');
    const refused = await apply({ manifest });
    expect(refused).toMatchObject({
      __typename: 'ConflictError',
      managers: [{ manager: 'longshore-sample', field: expect.stringContaining('TITLE') }],
    });
    const dry = await apply({ manifest, dryRun: true });
    expect(dry).toMatchObject({
      __typename: 'ApplyManifestSuccess',
      conflicts: [{ manager: 'longshore-sample', field: expect.stringContaining('TITLE') }],
    });
    expect(stored('', 'configmaps', 'shop', 'vote-settings')?.data).toMatchObject({ TITLE: 'Longshore Voting App' });
    const taken = await apply({ manifest, force: true });
    expect(taken.__typename).toBe('ApplyManifestSuccess');
    expect(stored('', 'configmaps', 'shop', 'vote-settings')?.data).toMatchObject({
      TITLE: 'Mine',
      VOTE1VALUE: 'Cats',
    });
  });

  it('leaves finalizers, owners and labels of others as they are, also where the text of a read is sent back', async () => {
    const { store } = gateway.cluster;
    const maps = store.resource('', 'configmaps');
    const owner = stored('apps', 'deployments', 'shop', 'vote-front');
    store.create(
      maps,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'kept',
          namespace: 'shop',
          labels: { team: 'harbour' },
          annotations: { note: 'by others' },
          finalizers: ['harbour.example/keep'],
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'Deployment', name: 'vote-front', uid: String(owner?.metadata.uid) },
          ],
        },
        data: { a: '1' },
      },
      { fieldManager: 'somebody-else' },
    );
    const place = { cluster: 'embedded', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'kept' };
    const applied = await apply({ manifest: configMap('kept', 'b: "2"') });
    expect(applied).toMatchObject({
      documents: [{ action: 'CONFIGURED', changes: [{ path: '/data/b', operation: 'ADD' }] }],
    });
    const seen: { object: { yaml: string } } = await ask(
      gateway,
      'query ($cluster: String!, $apiVersion: String!, $kind: String!, $namespace: String, $name: String!) { object(cluster: $cluster, apiVersion: $apiVersion, kind: $kind, namespace: $namespace, name: $name) { yaml } }',
      place,
    );
    expect(
      (await apply({ manifest: seen.object.yaml.replace("b: '2'", "b: '3'").replace('b: "2"', 'b: "3"'), force: true }))
        .__typename,
    ).toBe('ApplyManifestSuccess');
    expect(stored('', 'configmaps', 'shop', 'kept')).toMatchObject({
      metadata: {
        labels: { team: 'harbour' },
        annotations: { note: 'by others' },
        finalizers: ['harbour.example/keep'],
        ownerReferences: [{ name: 'vote-front' }],
      },
      data: { a: '1', b: '3' },
    });
  });

  it('says that a namespace is being deleted', async () => {
    await ask(gateway, CreateNamespaceDocument, { input: { cluster: 'embedded', name: 'leaving' } });
    const held = configMap('held', 'a: b', '  finalizers: [harbour.example/keep]\n').replace(
      'namespace: shop',
      'namespace: leaving',
    );
    expect((await apply({ manifest: held })).__typename).toBe('ApplyManifestSuccess');
    await ask(gateway, DeleteNamespaceDocument, {
      input: { cluster: 'embedded', name: 'leaving', confirm: 'leaving' },
    });
    const late = await apply({ manifest: configMap('late', 'a: b').replace('namespace: shop', 'namespace: leaving') });
    expect(late).toMatchObject({ __typename: 'PreconditionError', reason: 'NAMESPACE_TERMINATING' });
  });
});

describe('deleteObject', () => {
  it('deletes, and what is gone is not found again', async () => {
    await apply({ manifest: configMap('short-lived', 'a: b') });
    const id = idOf('', 'ConfigMap', 'shop', 'short-lived');
    const { deleteObject } = await ask(gateway, DeleteObjectDocument, { input: { id } }, developer);
    expect(deleteObject).toMatchObject({
      __typename: 'DeleteObjectSuccess',
      id,
      object: null,
      operation: { status: 'SUCCEEDED' },
    });
    expect(stored('', 'configmaps', 'shop', 'short-lived')).toBeUndefined();
    expect((await ask(gateway, NodeByIdDocument, { id })).node).toBeNull();
    expect((await ask(gateway, DeleteObjectDocument, { input: { id } })).deleteObject.__typename).toBe('NotFoundError');
  });

  it('answers the object with the time of the request where a finalizer holds it', async () => {
    await apply({ manifest: configMap('held', 'a: b', '  finalizers: [harbour.example/keep]\n') });
    const { deleteObject } = await ask(gateway, DeleteObjectDocument, {
      input: { id: idOf('', 'ConfigMap', 'shop', 'held') },
    });
    expect(deleteObject).toMatchObject({ object: { deletionRequestedAt: expect.stringMatching(/^\d{4}-/) } });
  });

  it('refuses a developer what is in another namespace as if it were not there (refused)', async () => {
    const id = idOf('', 'Service', 'platform', 'metrics-store');
    const { deleteObject } = await ask(gateway, DeleteObjectDocument, { input: { id } }, developer);
    expect(deleteObject.__typename).toBe('NotFoundError');
    expect(stored('', 'services', 'platform', 'metrics-store')).toBeDefined();
  });
});

describe('namespaces', () => {
  it('are made with labels and deleted with all that is in them, once the name was typed again (CMP-32, CMP-35, CMP-36)', async () => {
    const { createNamespace } = await ask(gateway, CreateNamespaceDocument, {
      input: { cluster: 'embedded', name: 'workshop', labels: [{ key: 'team', value: 'harbour' }] },
    });
    expect(createNamespace).toMatchObject({
      __typename: 'CreateNamespaceSuccess',
      namespace: { name: 'workshop', phase: 'ACTIVE' },
      operation: { status: 'SUCCEEDED' },
    });
    const { namespaces } = await ask(gateway, NamespacesDocument, { filter: { name: { equals: 'workshop' } } });
    expect(namespaces.nodes[0]?.labels).toContainEqual({ key: 'team', value: 'harbour' });
    await apply({ manifest: configMap('inside', 'a: b').replace('namespace: shop', 'namespace: workshop') });

    const wrong = await ask(gateway, DeleteNamespaceDocument, {
      input: { cluster: 'embedded', name: 'workshop', confirm: 'workshops' },
    });
    expect(wrong.deleteNamespace).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['confirm'] }] });
    expect(stored('', 'namespaces', undefined, 'workshop')).toBeDefined();

    const right = await ask(gateway, DeleteNamespaceDocument, {
      input: { cluster: 'embedded', name: 'workshop', confirm: 'workshop' },
    });
    expect(right.deleteNamespace).toMatchObject({
      __typename: 'DeleteNamespaceSuccess',
      operation: { status: 'SUCCEEDED' },
    });
    await until(() => {
      expect(stored('', 'namespaces', undefined, 'workshop')).toBeUndefined();
      expect(stored('', 'configmaps', 'workshop', 'inside')).toBeUndefined();
    });
  });

  it.each([
    'Upper',
    '-dash',
    'a'.repeat(64),
    'under_score',
    '',
  ])('refuse the name %j (CMP-32, bad input)', async (name) => {
    const { createNamespace } = await ask(gateway, CreateNamespaceDocument, { input: { cluster: 'embedded', name } });
    expect(createNamespace).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['name'] }] });
  });

  it('refuse to be made twice (CMP-32)', async () => {
    const { createNamespace } = await ask(gateway, CreateNamespaceDocument, {
      input: { cluster: 'embedded', name: 'shop' },
    });
    expect(createNamespace.__typename).toBe('ConflictError');
  });

  it('are there of themselves where Kubernetes makes them (CMP-31)', async () => {
    const { data } = await gateway.query<{ namespaces: { nodes: { name: string }[] } }>(
      '{ namespaces(filter: { cluster: "embedded" }) { nodes { name } } }',
    );
    const names = data?.namespaces.nodes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['default', 'kube-public', 'kube-system']));
  });

  it('are not guessed for what names none (CMP-31, refused)', async () => {
    const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: nowhere\ndata:\n  a: b\n';
    expect(await apply({ manifest })).toMatchObject({ __typename: 'ValidationError' });
    expect(await apply({ manifest, namespace: 'default' })).toMatchObject({ __typename: 'ApplyManifestSuccess' });
    expect(stored('', 'configmaps', 'default', 'nowhere')).toBeDefined();
  });

  it.each([
    ['default', 'default'],
    ['kube-public', 'kube-publi'],
    ['not-there', 'not-there'],
  ])('are deleted by no input that is wrong: %s, confirmed by %s (CMP-31, CMP-35, bad input)', async (name, confirm) => {
    const { deleteNamespace } = await ask(gateway, DeleteNamespaceDocument, {
      input: { cluster: 'embedded', name, confirm },
    });
    expect(deleteNamespace.__typename).toMatch(/^(Precondition|Validation|NotFound)Error$/);
    if (name !== 'not-there') expect(stored('', 'namespaces', undefined, name)).toBeDefined();
  });

  it.each([
    ['who may not see it', 'kube-system', developer],
    ['a name that is none', 'No Name', {}],
  ])('are null for %s (CMP-36, refused, bad input)', async (_who, name, as) => {
    const { data, errors } = await gateway.query(
      'query ($name: String!) { namespace(cluster: "embedded", name: $name) { name state: phase labels { key } createdAt } }',
      { name },
      as,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ namespace: null });
  });

  it('of the cluster itself are never deleted (refused, CMP-31, CMP-35)', async () => {
    const { deleteNamespace } = await ask(gateway, DeleteNamespaceDocument, {
      input: { cluster: 'embedded', name: 'kube-system', confirm: 'kube-system' },
    });
    expect(deleteNamespace).toMatchObject({ __typename: 'PreconditionError', reason: 'PROTECTED_NAMESPACE' });
  });

  it('are not made by developers (refused, CORE-10)', async () => {
    const answer = await gateway.query(
      CreateNamespaceDocument,
      { input: { cluster: 'embedded', name: 'mine' } },
      developer,
    );
    const code = answer.errors?.[0]?.extensions?.code ?? answer.data?.createNamespace.__typename;
    expect(['FORBIDDEN', 'ForbiddenError']).toContain(code);
    expect(stored('', 'namespaces', undefined, 'mine')).toBeUndefined();
  });
});

describe('operation records', () => {
  it('are PENDING while the cluster is being asked and SUCCEEDED when it has answered (CORE-22)', async () => {
    const records = async () =>
      (await ask(gateway, OperationRecordsDocument, { first: 1, filter: { actions: ['scaleWorkload'] } }))
        .operationRecords.nodes[0];
    const asked = Promise.withResolvers<void>();
    gateway.cluster.faults = ({ verb, subresource }) => {
      if (subresource !== 'scale' || verb === 'get') return undefined;
      asked.resolve();
      return { delayMs: 300 };
    };
    const scaling = ask(gateway, ScaleWorkloadDocument, { input: { id: front, replicas: 4 } });
    await asked.promise;
    expect((await records())?.status).toBe('PENDING');
    const { scaleWorkload } = await scaling;
    expect(scaleWorkload).toMatchObject({ operation: { status: 'SUCCEEDED' } });
    expect(await records()).toMatchObject({ status: 'SUCCEEDED', finishedAt: expect.any(String) });
  });

  it('are FAILED with a code and a sentence where the cluster refuses (CORE-21)', async () => {
    gateway.cluster.faults = ({ subresource, verb }) =>
      subresource === 'scale' && verb !== 'get' ? { status: 500 } : undefined;
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input: { id: front, replicas: 6 } });
    expect(scaleWorkload).toMatchObject({ __typename: 'UpstreamError', code: 'UPSTREAM' });
    const { operationRecords } = await ask(gateway, OperationRecordsDocument, {
      first: 1,
      filter: { statuses: ['FAILED'] },
    });
    expect(operationRecords.nodes[0]).toMatchObject({
      action: 'scaleWorkload',
      status: 'FAILED',
      failure: { code: 'UPSTREAM', message: expect.any(String) },
    });
    expect(replicas()).not.toBe(6);
  });

  it('keep refused attempts on what the caller may see (refused, CORE-18)', async () => {
    const records = await countRecords();
    const [node] = gateway.cluster.store.list(gateway.cluster.store.resource('', 'nodes'));
    const id = idOf('', 'Node', '', node?.metadata.name ?? '');
    const answer = await gateway.query(DeleteObjectDocument, { input: { id } }, developer);
    expect(answer.data?.deleteObject.__typename).toBe('ForbiddenError');
    expect(stored('', 'nodes', undefined, node?.metadata.name ?? '')).toBeDefined();
    expect(await countRecords()).toBe(records + 1);
    const { operationRecords } = await ask(gateway, OperationRecordsDocument, { first: 1 });
    expect(operationRecords.nodes[0]).toMatchObject({
      action: 'deleteObject',
      status: 'REFUSED',
      operator: 'dev-developer',
      failure: { code: 'FORBIDDEN' },
    });
  });

  it('are shown to developers of their namespace and to nobody else (refused, CORE-18)', async () => {
    const { operationRecords } = await ask(
      gateway,
      OperationRecordsDocument,
      { first: 50, filter: { namespaces: ['shop'] } },
      developer,
    );
    expect(operationRecords.nodes.length).toBeGreaterThan(3);
    const [record] = operationRecords.nodes;
    const stranger = { token: 'the-token-of-a-developer-of-the-platform' };
    expect(
      (await ask(gateway, OperationRecordByIdDocument, { id: record?.id ?? '' }, developer)).operationRecord?.id,
    ).toBe(record?.id);
    expect(
      (await ask(gateway, OperationRecordByIdDocument, { id: record?.id ?? '' }, stranger)).operationRecord,
    ).toBeNull();
    const { operationRecords: own } = await ask(gateway, OperationRecordsDocument, { first: 50 }, stranger);
    expect(new Set(own.nodes.map(({ target }) => target.namespace))).toEqual(new Set(['platform']));
  });
});

describe('an idempotency key', () => {
  it('lets 20 parallel repeats have one effect and one record (P18)', async () => {
    const scales = { verb: 'patch', subresource: 'scale', name: 'vote-worker' };
    const writes = () =>
      gateway.cluster.requests.count(
        (request) => request.name === scales.name && request.subresource === 'scale' && request.verb !== 'get',
      );
    const before = [writes(), await countRecords()];
    const input = {
      id: idOf('apps', 'Deployment', 'shop', 'vote-worker'),
      replicas: 2,
      idempotencyKey: 'twenty-times',
    };
    const answers = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await ask(gateway, ScaleWorkloadDocument, { input }, developer)).scaleWorkload,
      ),
    );
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(new Set(['ScaleWorkloadSuccess']));
    expect(new Set(answers.map((answer) => ('operation' in answer ? answer.operation?.id : undefined))).size).toBe(1);
    expect([writes(), await countRecords()]).toEqual([Number(before[0]) + 1, Number(before[1]) + 1]);
    expect(replicas('vote-worker')).toBe(2);
  });

  it('refuses other input under the same key, and does nothing', async () => {
    const input = {
      id: idOf('apps', 'Deployment', 'shop', 'vote-worker'),
      replicas: 3,
      idempotencyKey: 'twenty-times',
    };
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input }, developer);
    expect(scaleWorkload.__typename).toBe('ConflictError');
    expect(replicas('vote-worker')).toBe(2);
  });

  it('is each caller’s own', async () => {
    const input = {
      id: idOf('apps', 'Deployment', 'shop', 'vote-worker'),
      replicas: 1,
      idempotencyKey: 'twenty-times',
    };
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input });
    expect(scaleWorkload.__typename).toBe('ScaleWorkloadSuccess');
    expect(replicas('vote-worker')).toBe(1);
  });

  it('repeats an apply and a delete as one', async () => {
    const manifest = configMap('once', 'a: b');
    const [one, two] = [
      await apply({ manifest, idempotencyKey: 'apply-once' }),
      await apply({ manifest, idempotencyKey: 'apply-once' }),
    ];
    expect(two).toMatchObject({ __typename: 'ApplyManifestSuccess', documents: [{ name: 'once' }] });
    expect('operation' in two && two.operation?.id).toBe('operation' in one && one.operation?.id);
    const input = { id: idOf('', 'ConfigMap', 'shop', 'once'), idempotencyKey: 'delete-once' };
    const first = await ask(gateway, DeleteObjectDocument, { input });
    const second = await ask(gateway, DeleteObjectDocument, { input });
    expect([first.deleteObject.__typename, second.deleteObject.__typename]).toEqual([
      'DeleteObjectSuccess',
      'DeleteObjectSuccess',
    ]);
  });
});
