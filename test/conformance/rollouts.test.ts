import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { type DrivenPods, drivenPods, drivenTemplate, saidBy, saidOf } from './support/driven-pods.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';

// Time is the real one: what a case reports of its pods carries real times.
const { conformanceCase } = conformanceArea('rollouts', { embedded: { speed: 1 } });

const deployments = 'concepts/workloads/controllers/deployment';
const revisionOf = (object: Json): string => object.metadata.annotations['deployment.kubernetes.io/revision'];
const imageOf = (object: Json): string => (object.spec.template ?? object).spec.containers[0].image;
const withImage = (image: string): Json => ({
  spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
});

interface Rollout {
  readonly namespace: string;
  readonly path: string;
  readonly pods: DrivenPods;
  read(): Promise<Json>;
  patch(change: Json): Promise<void>;
  /** The ReplicaSet of this image. */
  set(image: string): Promise<Json>;
  sets(): Promise<Json[]>;
  /** Makes every pod ready as it comes, until the newest are all available. */
  finish(): Promise<void>;
}

async function deploy(t: CaseContext, spec: Json = {}, annotations: Json = {}): Promise<Rollout> {
  const namespace = await t.namespace();
  const root = `/apis/apps/v1/namespaces/${namespace}`;
  const path = `${root}/deployments/web`;
  const pods = drivenPods(t, namespace);
  await t.create(`${root}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', annotations },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: drivenTemplate('web', { containers: [{ name: 'main', image: 'example.com/web:1' }] }),
      ...spec,
    },
  });
  const read = async (): Promise<Json> => succeeded(await t.api.get(path)).body;
  const sets = async (): Promise<Json[]> => succeeded(await t.api.get(`${root}/replicasets`)).body.items;
  return {
    namespace,
    path,
    pods,
    read,
    sets,
    async patch(change) {
      succeeded(await t.api.patch('strategic', path, change));
    },
    async set(image) {
      const found = (await sets()).find((one) => imageOf(one) === image);
      if (found === undefined) throw new Error(`no ReplicaSet has ${image}`);
      return found;
    },
    finish: () =>
      eventually(async () => {
        for (const pod of await pods.all()) if (pod.status.phase === 'Pending') await pods.run(pod);
        const { metadata, spec: wanted, status } = await read();
        expect(status).toMatchObject({
          observedGeneration: metadata.generation,
          replicas: wanted.replicas,
          updatedReplicas: wanted.replicas,
          availableReplicas: wanted.replicas,
        });
      }),
  };
}

conformanceCase(
  {
    title: 'says how far a Deployment has come, in conditions, annotations and Events',
    source: `${deployments}: Deployment status`,
  },
  async (t) => {
    const { namespace, pods, read, set, finish } = await deploy(t, { replicas: 2 });
    const [pod] = await pods.living(2);
    const { metadata } = await set('example.com/web:1');
    const hash = metadata.labels['pod-template-hash'];
    expect(metadata).toMatchObject({
      name: `web-${hash}`,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': '2',
        'deployment.kubernetes.io/max-replicas': '3',
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }],
    });
    expect(pod.metadata.labels).toEqual({ app: 'web', 'pod-template-hash': hash });
    await eventually(async () =>
      expect(saidBy((await read()).status.conditions)).toEqual([
        {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
        {
          type: 'Progressing',
          status: 'True',
          reason: 'ReplicaSetUpdated',
          message: `ReplicaSet "web-${hash}" is progressing.`,
        },
      ]),
    );
    await finish();
    await eventually(async () => {
      const deployment = await read();
      expect(revisionOf(deployment)).toBe('1');
      expect(saidBy(deployment.status.conditions).sort((a, b) => (a.type < b.type ? -1 : 1))).toEqual([
        {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        },
        {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "web-${hash}" has successfully progressed.`,
        },
      ]);
      expect(await saidOf(t, namespace, 'web')).toEqual([
        `Normal ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 2`,
      ]);
    });
  },
);

conformanceCase(
  {
    title: 'rolls out with as many pods more and less as it may, rounded in favour of availability',
    source: `${deployments}: rolling update strategy, max surge and max unavailable`,
  },
  async (t) => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
    const { patch, finish, set, pods } = await deploy(t, { replicas: 5, strategy });
    await finish();
    await patch(withImage('example.com/web:2'));
    await eventually(async () => {
      expect((await set('example.com/web:1')).status.replicas).toBe(4);
      expect((await set('example.com/web:2')).status.replicas).toBe(3);
    });
    await pods.living(7);
  },
);

conformanceCase(
  {
    title: 'shares out what is added or taken in the middle of a rollout',
    source: `${deployments}: proportional scaling`,
  },
  async (t) => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } };
    const { patch, finish, set } = await deploy(t, { replicas: 6, strategy });
    await finish();
    await patch(withImage('example.com/web:2'));
    const replicas = async (): Promise<number[]> =>
      Promise.all(['example.com/web:1', 'example.com/web:2'].map(async (image) => (await set(image)).status.replicas));
    await eventually(async () => expect(await replicas()).toEqual([5, 3]));
    await patch({ spec: { replicas: 12 } });
    await eventually(async () => {
      const [old = 0, fresh = 0] = await replicas();
      expect(old + fresh).toBe(14);
      expect(old).toBeGreaterThan(5);
      expect(fresh).toBeGreaterThan(3);
    });
  },
);

conformanceCase(
  {
    title: 'ends all old pods before it makes new ones (Recreate)',
    source: `${deployments}: recreate Deployment`,
  },
  async (t) => {
    const { patch, finish, pods, namespace } = await deploy(t, { replicas: 2, strategy: { type: 'Recreate' } });
    await finish();
    const [held] = await pods.living(2);
    const path = `/api/v1/namespaces/${namespace}/pods/${held.metadata.name}`;
    t.defer(() => t.api.patch('merge', path, { metadata: { finalizers: null } }));
    succeeded(await t.api.patch('merge', path, { metadata: { finalizers: ['example.com/hold'] } }));
    await patch(withImage('example.com/web:2'));
    await eventually(async () => {
      const found = await pods.all();
      expect(found.map(imageOf)).toEqual(['example.com/web:1']);
      expect(found[0]?.metadata.deletionTimestamp).toBeDefined();
    });
    succeeded(await t.api.patch('merge', path, { metadata: { finalizers: null } }));
    expect((await pods.living(2)).map(imageOf)).toEqual(['example.com/web:2', 'example.com/web:2']);
  },
);

conformanceCase(
  {
    title: 'changes nothing while it is paused but the number of pods',
    source: `${deployments}: pausing and resuming a rollout`,
  },
  async (t) => {
    const { patch, finish, read, sets, pods } = await deploy(t, { replicas: 2 });
    await finish();
    const progressing = async (): Promise<Json> =>
      saidBy((await read()).status.conditions).find(({ type }) => type === 'Progressing');
    await patch({ spec: { paused: true } });
    await eventually(async () =>
      expect(await progressing()).toEqual({
        type: 'Progressing',
        status: 'Unknown',
        reason: 'DeploymentPaused',
        message: 'Deployment is paused',
      }),
    );
    await patch({ ...withImage('example.com/web:2'), spec: { ...withImage('example.com/web:2').spec, replicas: 3 } });
    expect((await pods.living(3)).map(imageOf)).toEqual(Array(3).fill('example.com/web:1'));
    await eventually(async () => {
      const { metadata, status } = await read();
      expect(status.observedGeneration).toBe(metadata.generation);
    });
    expect(await sets()).toHaveLength(1);
    await patch({ spec: { paused: false } });
    await finish();
    expect((await pods.living(3)).map(imageOf)).toEqual(Array(3).fill('example.com/web:2'));
  },
);

conformanceCase(
  {
    title: 'gives a revision that comes back a new number and remembers the old one',
    source: `${deployments}: rolling back; deployment.kubernetes.io/revision-history`,
  },
  async (t) => {
    const cause = 'kubernetes.io/change-cause';
    const { patch, finish, read, set } = await deploy(t, {}, { [cause]: 'first' });
    await finish();
    await patch({ ...withImage('example.com/web:2'), metadata: { annotations: { [cause]: 'second' } } });
    await finish();
    expect(revisionOf(await read())).toBe('2');
    expect((await set('example.com/web:1')).metadata.annotations[cause]).toBe('first');
    await patch({ ...withImage('example.com/web:1'), metadata: { annotations: { [cause]: 'back' } } });
    await finish();
    const { metadata } = await set('example.com/web:1');
    expect(metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
      [cause]: 'back',
    });
    expect(revisionOf(await read())).toBe('3');
  },
);

conformanceCase(
  {
    title: 'keeps as many old ReplicaSets as it may',
    source: `${deployments}: revision history limit, clean up policy`,
  },
  async (t) => {
    const { patch, finish, sets } = await deploy(t, { revisionHistoryLimit: 1 });
    for (const image of ['example.com/web:1', 'example.com/web:2', 'example.com/web:3']) {
      await patch(withImage(image));
      await finish();
    }
    await eventually(async () =>
      expect((await sets()).map(imageOf).sort()).toEqual(['example.com/web:2', 'example.com/web:3']),
    );
  },
);

conformanceCase(
  {
    title: 'says that a rollout takes too long, and takes it back when it gets there',
    source: `${deployments}: failed Deployment, progressDeadlineSeconds`,
  },
  async (t) => {
    const { read, set, finish, pods } = await deploy(t, { progressDeadlineSeconds: 1 });
    await pods.living(1);
    const { name } = (await set('example.com/web:1')).metadata;
    const progressing = async (): Promise<Json> =>
      saidBy((await read()).status.conditions).find(({ type }) => type === 'Progressing');
    await eventually(async () =>
      expect(await progressing()).toEqual({
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${name}" has timed out progressing.`,
      }),
    );
    await finish();
    await eventually(async () =>
      expect(await progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' }),
    );
  },
);

conformanceCase(
  {
    title: 'counts a pod as available when it has been ready for long enough',
    source: `${deployments}: min ready seconds`,
  },
  async (t) => {
    const { read, pods, patch } = await deploy(t, { minReadySeconds: 500 });
    const [pod] = await pods.living(1);
    await pods.run(pod);
    const status = async (): Promise<Json> => (await read()).status;
    await eventually(async () => expect(await status()).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 }));
    expect(await status()).not.toHaveProperty('availableReplicas');
    await patch({ spec: { minReadySeconds: 0 } });
    await eventually(async () => expect((await status()).availableReplicas).toBe(1));
  },
);

conformanceCase(
  {
    title: 'lets go of a pod whose labels no longer match, and takes it back when they do',
    source: 'concepts/workloads/controllers/replicaset: isolating pods; non-template pod acquisitions',
  },
  async (t) => {
    const namespace = await t.namespace();
    const pods = drivenPods(t, namespace);
    await t.create(`/apis/apps/v1/namespaces/${namespace}/replicasets`, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: drivenTemplate('web') },
    });
    const [first] = await pods.living(2);
    const path = `/api/v1/namespaces/${namespace}/pods/${first.metadata.name}`;
    succeeded(await t.api.patch('merge', path, { metadata: { labels: { app: 'other' } } }));
    await pods.living(3);
    await eventually(async () => expect((await t.api.get(path)).body.metadata.ownerReferences).toBeUndefined());
    succeeded(await t.api.patch('merge', path, { metadata: { labels: { app: 'web' } } }));
    await pods.living(2);
    // One that has failed is replaced and left to be looked at.
    const [failing] = await pods.living(2);
    await pods.end(failing, 'Failed');
    await pods.living(2);
    expect((await pods.all()).map(({ metadata }) => metadata.name)).toContain(failing.metadata.name);
  },
);

interface Set {
  readonly namespace: string;
  readonly pods: DrivenPods;
  read(): Promise<Json>;
  patch(change: Json): Promise<void>;
  /** Makes every pod ready as it comes, until there are so many of each image. */
  settle(images: Readonly<Record<string, string>>): Promise<void>;
}

async function statefulSet(t: CaseContext, spec: Json = {}): Promise<Set> {
  const namespace = await t.namespace();
  const root = `/apis/apps/v1/namespaces/${namespace}/statefulsets`;
  const pods = drivenPods(t, namespace);
  await t.create(root, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: drivenTemplate('db', { containers: [{ name: 'main', image: 'one' }] }),
      ...spec,
    },
  });
  return {
    namespace,
    pods,
    read: async () => succeeded(await t.api.get(`${root}/db`)).body,
    async patch(change) {
      succeeded(await t.api.patch('strategic', `${root}/db`, change));
    },
    settle: (images) =>
      eventually(async () => {
        const found = await pods.all();
        for (const pod of found) if (pod.status.phase === 'Pending') await pods.run(pod);
        expect(Object.fromEntries(found.map((pod) => [pod.metadata.name, imageOf(pod)]))).toEqual(images);
        expect(found.map(({ status }) => status.phase)).not.toContain('Pending');
      }),
  };
}

const sets = 'concepts/workloads/controllers/statefulset';

conformanceCase(
  {
    title: 'makes the pods of a StatefulSet one after the other and takes them back in reverse',
    source: `${sets}: ordered pod management`,
  },
  async (t) => {
    const { namespace, pods, read, patch } = await statefulSet(t, { replicas: 3 });
    const [first] = await pods.living(1);
    await eventually(async () =>
      expect(first.metadata.labels).toEqual({
        app: 'db',
        'apps.kubernetes.io/pod-index': '0',
        'controller-revision-hash': (await read()).status.updateRevision,
        'statefulset.kubernetes.io/pod-name': 'db-0',
      }),
    );
    expect(first.spec).toMatchObject({ hostname: 'db-0', subdomain: 'db' });
    await pods.run(first, false);
    await eventually(async () => expect((await read()).status).toMatchObject({ replicas: 1, currentReplicas: 1 }));
    await pods.living(1);
    for (const count of [1, 2, 3]) {
      const found = await pods.living(count);
      expect(found.map(({ metadata }) => metadata.name)).toEqual(['db-0', 'db-1', 'db-2'].slice(0, count));
      await pods.run(found[count - 1]);
    }
    await eventually(async () =>
      expect((await read()).status).toMatchObject({ readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 }),
    );
    await patch({ spec: { replicas: 1 } });
    expect((await pods.living(1)).map(({ metadata }) => metadata.name)).toEqual(['db-0']);
    await eventually(async () =>
      expect(await saidOf(t, namespace, 'db')).toEqual(
        expect.arrayContaining([
          'Normal SuccessfulCreate: Create Pod db-2 in StatefulSet db successful',
          'Normal SuccessfulDelete: Delete Pod db-2 in StatefulSet db successful',
        ]),
      ),
    );
  },
);

conformanceCase(
  {
    title: 'makes the pods of a StatefulSet all at once where told to, and counts from where told to',
    source: `${sets}: parallel pod management; start ordinal, KEP-3335`,
  },
  async (t) => {
    const { pods } = await statefulSet(t, { replicas: 3, podManagementPolicy: 'Parallel', ordinals: { start: 5 } });
    expect((await pods.living(3)).map(({ metadata }) => metadata.name)).toEqual(['db-5', 'db-6', 'db-7']);
  },
);

conformanceCase(
  {
    title: 'updates a StatefulSet down to its partition and no further',
    source: `${sets}: partitioned rolling updates`,
  },
  async (t) => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } };
    const { settle, patch, read } = await statefulSet(t, { replicas: 3, updateStrategy });
    await settle({ 'db-0': 'one', 'db-1': 'one', 'db-2': 'one' });
    await patch(withImage('two'));
    await settle({ 'db-0': 'one', 'db-1': 'one', 'db-2': 'two' });
    const { status } = await read();
    expect(status.currentRevision).not.toBe(status.updateRevision);
    await eventually(async () =>
      expect((await read()).status).toMatchObject({ updatedReplicas: 1, currentReplicas: 2, readyReplicas: 3 }),
    );
    await patch({ spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
    await settle({ 'db-0': 'two', 'db-1': 'two', 'db-2': 'two' });
    await eventually(async () => {
      const done = (await read()).status;
      expect(done.currentRevision).toBe(done.updateRevision);
      expect(done.updateRevision).toBe(status.updateRevision);
    });
  },
);

conformanceCase(
  {
    title: 'leaves updating the pods of a StatefulSet to whoever deletes them (OnDelete)',
    source: `${sets}: update strategies`,
  },
  async (t) => {
    const { namespace, settle, patch, read } = await statefulSet(t, { updateStrategy: { type: 'OnDelete' } });
    await settle({ 'db-0': 'one', 'db-1': 'one' });
    await patch(withImage('two'));
    await eventually(async () => {
      const { metadata, status } = await read();
      expect(status).toMatchObject({ observedGeneration: metadata.generation, replicas: 2 });
      expect(status.currentRevision).not.toBe(status.updateRevision);
    });
    await settle({ 'db-0': 'one', 'db-1': 'one' });
    succeeded(await t.api.delete(`/api/v1/namespaces/${namespace}/pods/db-1`));
    await settle({ 'db-0': 'one', 'db-1': 'two' });
  },
);

conformanceCase(
  {
    title: 'keeps the revisions of a StatefulSet and gives one that comes back a new number',
    source: `${sets}: revision history; apps/v1 ControllerRevision`,
  },
  async (t) => {
    const { namespace, settle, patch } = await statefulSet(t, { replicas: 1, revisionHistoryLimit: 1 });
    const revisions = async (): Promise<[number, string][]> =>
      succeeded(await t.api.get(`/apis/apps/v1/namespaces/${namespace}/controllerrevisions`))
        .body.items.map(({ revision, data }: Json) => [revision, imageOf(data)])
        .sort(([left]: [number], [right]: [number]) => left - right);
    await settle({ 'db-0': 'one' });
    expect(await revisions()).toEqual([[1, 'one']]);
    await patch(withImage('two'));
    await settle({ 'db-0': 'two' });
    await patch(withImage('one'));
    await settle({ 'db-0': 'one' });
    await eventually(async () =>
      expect(await revisions()).toEqual([
        [2, 'two'],
        [3, 'one'],
      ]),
    );
    await patch(withImage('three'));
    await settle({ 'db-0': 'three' });
    await eventually(async () =>
      expect(await revisions()).toEqual([
        [3, 'one'],
        [4, 'three'],
      ]),
    );
  },
);

conformanceCase(
  {
    title: 'keeps or deletes the claims of a StatefulSet as it says',
    source: `${sets}: PersistentVolumeClaim retention; KEP-1847`,
  },
  async (t) => {
    const claims = (whenDeleted: string, whenScaled: string): Json => ({
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            storageClassName: 'none-such',
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    });
    const { namespace, settle, patch } = await statefulSet(t, claims('Retain', 'Delete'));
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
    const owners = async (name: string): Promise<Json> =>
      (await t.api.get(`${path}/${name}`)).body.metadata?.ownerReferences;
    await settle({ 'db-0': 'one', 'db-1': 'one' });
    expect(await owners('data-db-0')).toBeUndefined();
    await patch({ spec: { replicas: 1 } });
    await settle({ 'db-0': 'one' });
    await eventually(async () => expect((await t.api.get(`${path}/data-db-1`)).status).toBe(404));
    await patch({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } } });
    await eventually(async () =>
      expect(await owners('data-db-0')).toMatchObject([{ kind: 'StatefulSet', name: 'db', controller: true }]),
    );
    succeeded(
      await t.api.delete(`/apis/apps/v1/namespaces/${namespace}/statefulsets/db`, { propagationPolicy: 'Background' }),
    );
    await eventually(async () => expect((await t.api.get(`${path}/data-db-0`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'reports a DaemonSet that no node suits',
    source: 'concepts/workloads/controllers/daemonset: running pods on select nodes',
  },
  async (t) => {
    const namespace = await t.namespace();
    const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets`;
    const template = drivenTemplate('agent', { nodeSelector: { 'conformance.longshore.dev/none': 'such' } });
    await t.create(path, {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template },
    });
    await eventually(async () => {
      const { metadata, status } = succeeded(await t.api.get(`${path}/agent`)).body;
      expect(metadata.annotations).toEqual({ 'deprecated.daemonset.template.generation': '1' });
      expect(status).toEqual({
        currentNumberScheduled: 0,
        desiredNumberScheduled: 0,
        numberMisscheduled: 0,
        numberReady: 0,
        observedGeneration: 1,
      });
    });
    const [revision] = succeeded(await t.api.get(`/apis/apps/v1/namespaces/${namespace}/controllerrevisions`)).body
      .items;
    expect(revision).toMatchObject({
      revision: 1,
      metadata: {
        name: `agent-${revision.metadata.labels['controller-revision-hash']}`,
        ownerReferences: [{ kind: 'DaemonSet', name: 'agent', controller: true }],
      },
      data: { spec: { template: { $patch: 'replace' } } },
    });
  },
);
