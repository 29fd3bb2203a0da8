import { expect } from 'vitest';
import { kruiseEngine } from '../../src/embedded/engines/kruise/engine.ts';
import type { CaseContext } from './support/case-context.ts';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { podTemplate } from './support/objects.ts';

const { conformanceCase } = conformanceArea('kruise', { embedded: { engines: [kruiseEngine], speed: 200 } });

const docs = 'openkruise.io: user manuals';
const first = 'registry.k8s.io/pause:3.10';
const second = 'registry.k8s.io/pause:3.9';

interface Clones {
  readonly path: string;
  read(): Promise<Json>;
  change(edit: (set: Json) => void): Promise<Json>;
  /** Those that are not ending, by name. */
  pods(): Promise<Json[]>;
  /** Until so many pods are at the newest revision and ready, and the controller has seen the latest change. */
  updated(count: number): Promise<Json>;
}

async function makeClones(t: CaseContext, spec: Json = {}): Promise<Clones> {
  const namespace = await t.namespace();
  const collection = `/apis/apps.kruise.io/v1alpha1/namespaces/${namespace}/clonesets`;
  const path = `${collection}/web`;
  await t.create(collection, {
    apiVersion: 'apps.kruise.io/v1alpha1',
    kind: 'CloneSet',
    metadata: { name: 'web' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web'), ...spec },
  });
  const read = async (): Promise<Json> => succeeded(await t.api.get(path)).body;
  return {
    path,
    read,
    change: (edit) => t.api.change(path, edit),
    async pods() {
      const { items } = succeeded(await t.api.get(`/api/v1/namespaces/${namespace}/pods`)).body;
      return items
        .filter((pod: Json) => pod.metadata.deletionTimestamp === undefined)
        .sort((left: Json, right: Json) => (left.metadata.name < right.metadata.name ? -1 : 1));
    },
    updated: (count) =>
      eventually(async () => {
        const set = await read();
        expect(set.status).toMatchObject({ observedGeneration: set.metadata.generation, updatedReadyReplicas: count });
        return set;
      }),
  };
}

const setImage =
  (image: string) =>
  (set: Json): void => {
    set.spec.template.spec.containers[0].image = image;
  };
const uidsOf = (pods: readonly Json[]): string[] => pods.map((pod) => pod.metadata.uid).sort();
const imagesOf = (pods: readonly Json[]): string[] => pods.map((pod) => pod.spec.containers[0].image).sort();

conformanceCase(
  {
    title: 'serves CloneSets with status and scale, and Advanced StatefulSets in two versions',
    source: 'openkruise/kruise v1.9.0: config/crd/bases',
    needs: ['kruise'],
  },
  async ({ api }) => {
    const older = succeeded(await api.get('/apis/apps.kruise.io/v1alpha1')).body.resources;
    const newer = succeeded(await api.get('/apis/apps.kruise.io/v1beta1')).body.resources;
    const names = older.map((resource: Json) => resource.name);
    expect(names).toEqual(expect.arrayContaining(['clonesets', 'clonesets/status', 'clonesets/scale', 'statefulsets']));
    expect(older.find((resource: Json) => resource.name === 'clonesets')).toMatchObject({
      kind: 'CloneSet',
      shortNames: ['clone'],
      namespaced: true,
    });
    expect(newer.find((resource: Json) => resource.name === 'statefulsets')).toMatchObject({
      kind: 'StatefulSet',
      shortNames: ['sts', 'asts'],
    });
  },
);

conformanceCase(
  {
    title: 'reads and writes the scale of a CloneSet',
    source: `${docs}: CloneSet, scale subresource`,
    needs: ['kruise'],
  },
  async (t) => {
    const { path, read } = await makeClones(t, { replicas: 0 });
    await eventually(async () => expect((await read()).status?.labelSelector).toBe('app=web'));
    expect(succeeded(await t.api.get(`${path}/scale`)).body).toMatchObject({
      kind: 'Scale',
      spec: {},
      status: { replicas: 0, selector: 'app=web' },
    });
    succeeded(await t.api.patch('merge', `${path}/scale`, { spec: { replicas: 2 } }));
    await eventually(async () => expect((await read()).status.replicas).toBe(2));
  },
);

conformanceCase(
  {
    title: 'takes merge patches of CloneSets and no strategic ones',
    source: 'concepts/extend-kubernetes/api-extension/custom-resources: advanced features',
    needs: ['kruise'],
  },
  async (t) => {
    const { path } = await makeClones(t, { replicas: 0 });
    const patch = { spec: { updateStrategy: { partition: '50%' } } };
    expect(await t.api.patch('merge', path, patch)).toMatchObject({
      status: 200,
      body: { spec: { updateStrategy: { partition: '50%', type: 'ReCreate', maxUnavailable: '20%' } } },
    });
    expect((await t.api.patch('strategic', path, patch)).status).toBe(415);
  },
);

conformanceCase(
  {
    title: 'refuses a CloneSet that its webhook does not take',
    source: 'openkruise/kruise v1.9.0: pkg/webhook/cloneset/validating; admissionregistration/v1',
    needs: ['kruise'],
  },
  async (t) => {
    const { path } = await makeClones(t, { replicas: 1 });
    const answer = await t.api.patch('merge', path, { spec: { updateStrategy: { partition: '5' } } });
    expect(answer.status).toBe(422);
    expect(answer.body.message).toMatch(
      /^admission webhook "vcloneset\.kb\.io" denied the request: spec\.updateStrategy\.partition: /,
    );
    const gone = await t.api.patch('merge', path, { spec: { scaleStrategy: { podsToDelete: ['nobody'] } } });
    expect(gone.body.message).toContain('find pod nobody failed');
  },
);

conformanceCase(
  {
    title: 'restarts containers of CloneSet pods in place where only the image changes',
    source: `${docs}: CloneSet, in-place update`,
    needs: ['kruise', 'containers'],
  },
  async (t) => {
    const clones = await makeClones(t, { updateStrategy: { type: 'InPlaceIfPossible', maxUnavailable: '100%' } });
    await clones.updated(3);
    const before = await clones.pods();
    await clones.change(setImage(second));
    const { status } = await clones.updated(3);
    const after = await clones.pods();
    expect(uidsOf(after)).toEqual(uidsOf(before));
    expect(imagesOf(after)).toEqual([second, second, second]);
    for (const pod of after) {
      expect(pod.metadata.labels['controller-revision-hash']).toBe(status.updateRevision);
      expect(pod.status.containerStatuses[0].restartCount).toBe(1);
      expect(pod.status.podIP).toBe(before.find((each) => each.metadata.uid === pod.metadata.uid)?.status.podIP);
    }
  },
);

conformanceCase(
  {
    title: 'keeps the partition of a CloneSet at the old revision, and goes back to an older one by its template',
    source: `${docs}: CloneSet, partition; ControllerRevision apps/v1`,
    needs: ['kruise', 'containers'],
  },
  async (t) => {
    const clones = await makeClones(t, {
      updateStrategy: { type: 'InPlaceIfPossible', maxUnavailable: '100%', partition: 2 },
    });
    const { status } = await clones.updated(3);
    await clones.change(setImage(second));
    const held = await clones.updated(1);
    expect(held.status).toMatchObject({ expectedUpdatedReplicas: 1, currentRevision: status.updateRevision });
    expect(imagesOf(await clones.pods())).toEqual([first, first, second].sort());
    await clones.change((set) => {
      setImage(first)(set);
      set.spec.updateStrategy.partition = 0;
    });
    const back = await clones.updated(3);
    expect(back.status.updateRevision).toBe(status.updateRevision);
    expect(imagesOf(await clones.pods())).toEqual([first, first, first]);
  },
);

conformanceCase(
  {
    title: 'deletes exactly the CloneSet pods that are named',
    source: `${docs}: CloneSet, selective pod deletion`,
    needs: ['kruise', 'containers'],
  },
  async (t) => {
    const clones = await makeClones(t, { updateStrategy: { maxUnavailable: '100%' } });
    await clones.updated(3);
    const [kept, ...named] = await clones.pods();
    await clones.change((set) => {
      set.spec.replicas = 1;
      set.spec.scaleStrategy = { podsToDelete: named.map((pod) => pod.metadata.name) };
    });
    await eventually(async () => expect(uidsOf(await clones.pods())).toEqual(uidsOf([kept])));
    await eventually(async () => expect((await clones.read()).spec.scaleStrategy?.podsToDelete ?? []).toEqual([]));
  },
);

conformanceCase(
  {
    title: 'skips reserved numbers of an Advanced StatefulSet',
    source: `${docs}: Advanced StatefulSet, ordinals reserve`,
    needs: ['kruise', 'containers'],
  },
  async (t) => {
    const namespace = await t.namespace();
    const collection = `/apis/apps.kruise.io/v1beta1/namespaces/${namespace}/statefulsets`;
    await t.create(collection, {
      apiVersion: 'apps.kruise.io/v1beta1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        replicas: 2,
        podManagementPolicy: 'Parallel',
        reserveOrdinals: [0, '2-3'],
        selector: { matchLabels: { app: 'db' } },
        serviceName: 'db',
        template: podTemplate('db'),
      },
    });
    await eventually(async () => {
      const { items } = succeeded(await t.api.get(`/api/v1/namespaces/${namespace}/pods`)).body;
      expect(items.map((pod: Json) => pod.metadata.name).sort()).toEqual(['db-1', 'db-4']);
    });
    const older = succeeded(await t.api.get(`${collection}/db`.replace('v1beta1', 'v1alpha1'))).body;
    expect(older).toMatchObject({ apiVersion: 'apps.kruise.io/v1alpha1', spec: { replicas: 2 } });
    expect(older.spec.reserveOrdinals).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'applies a CloneSet again without a new generation, beside one who scales it',
    source: 'reference/using-api/server-side-apply; openkruise/kruise v1.9.0: pkg/webhook/cloneset/mutating',
    needs: ['kruise'],
  },
  async (t) => {
    const namespace = await t.namespace();
    const path = `/apis/apps.kruise.io/v1alpha1/namespaces/${namespace}/clonesets/web`;
    const intent = (image: string): Json => ({
      apiVersion: 'apps.kruise.io/v1alpha1',
      kind: 'CloneSet',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        updateStrategy: { type: 'InPlaceIfPossible' },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image }] } },
      },
    });
    const apply = async (image: string): Promise<Json> =>
      succeeded(await t.api.patch('apply', path, intent(image), { fieldManager: 'longshore' })).body;
    expect((await apply(first)).metadata.generation).toBe(1);
    expect((await apply(first)).metadata.generation).toBe(1);
    succeeded(await t.api.patch('merge', `${path}/scale`, { spec: { replicas: 2 } }, { fieldManager: 'scaler' }));
    const next = await apply(second);
    expect(next).toMatchObject({ metadata: { generation: 3 }, spec: { replicas: 2 } });
    expect(next.spec.template.spec.containers).toMatchObject([
      { name: 'main', image: second, imagePullPolicy: 'IfNotPresent' },
    ]);
    expect((await apply(second)).metadata.generation).toBe(3);
  },
);
