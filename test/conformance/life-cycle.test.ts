import { expect } from 'vitest';
import type { Answer, ClusterClient } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { podSpec, podTemplate } from './support/objects.ts';

const { conformanceCase } = conformanceArea('life cycle of every kind');

interface Kind {
  readonly groupVersion: string;
  readonly kind: string;
  readonly resource: string;
  /** Whatever beside apiVersion, kind and metadata an object cannot do without. `name` and `namespace` are the object's. */
  readonly rest?: (name: string, namespace: string) => Json;
}

const selector = { matchLabels: { app: 'none' } };
const roleRef = (kind: string) => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'nobody' },
  subjects: [],
});

const kinds: readonly Kind[] = [
  { groupVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', rest: () => ({ data: { a: '1' } }) },
  { groupVersion: 'v1', kind: 'Secret', resource: 'secrets', rest: () => ({ stringData: { a: '1' } }) },
  { groupVersion: 'v1', kind: 'Service', resource: 'services', rest: () => ({ spec: { ports: [{ port: 80 }] } }) },
  { groupVersion: 'v1', kind: 'ServiceAccount', resource: 'serviceaccounts' },
  { groupVersion: 'v1', kind: 'Pod', resource: 'pods', rest: () => ({ spec: podSpec() }) },
  {
    groupVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    resource: 'persistentvolumeclaims',
    rest: () => ({
      spec: {
        storageClassName: 'none-such',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    }),
  },
  {
    groupVersion: 'v1',
    kind: 'PersistentVolume',
    resource: 'persistentvolumes',
    rest: () => ({
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/tmp/none' },
        storageClassName: 'none-such',
      },
    }),
  },
  {
    groupVersion: 'v1',
    kind: 'ResourceQuota',
    resource: 'resourcequotas',
    rest: () => ({ spec: { hard: { 'count/nonsenses.example.com': '1' } } }),
  },
  {
    groupVersion: 'v1',
    kind: 'LimitRange',
    resource: 'limitranges',
    rest: () => ({ spec: { limits: [{ type: 'Pod', max: { cpu: '4' } }] } }),
  },
  { groupVersion: 'v1', kind: 'Endpoints', resource: 'endpoints' },
  {
    groupVersion: 'apps/v1',
    kind: 'Deployment',
    resource: 'deployments',
    rest: () => ({ spec: { replicas: 0, selector, template: podTemplate('none') } }),
  },
  {
    groupVersion: 'apps/v1',
    kind: 'ReplicaSet',
    resource: 'replicasets',
    rest: () => ({ spec: { replicas: 0, selector, template: podTemplate('none') } }),
  },
  {
    groupVersion: 'apps/v1',
    kind: 'StatefulSet',
    resource: 'statefulsets',
    rest: () => ({ spec: { replicas: 0, serviceName: 'none', selector, template: podTemplate('none') } }),
  },
  {
    groupVersion: 'apps/v1',
    kind: 'DaemonSet',
    resource: 'daemonsets',
    rest: () => ({
      spec: {
        selector,
        template: { ...podTemplate('none'), spec: { ...podSpec(), nodeSelector: { 'example.com/none-such': 'here' } } },
      },
    }),
  },
  {
    groupVersion: 'apps/v1',
    kind: 'ControllerRevision',
    resource: 'controllerrevisions',
    rest: () => ({ revision: 1, data: { a: 1 } }),
  },
  {
    groupVersion: 'batch/v1',
    kind: 'Job',
    resource: 'jobs',
    rest: () => ({ spec: { suspend: true, template: { spec: { ...podSpec(), restartPolicy: 'Never' } } } }),
  },
  {
    groupVersion: 'batch/v1',
    kind: 'CronJob',
    resource: 'cronjobs',
    rest: () => ({
      spec: {
        schedule: '0 0 29 2 *',
        suspend: true,
        jobTemplate: { spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } } } },
      },
    }),
  },
  {
    groupVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    rest: () => ({
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
    }),
  },
  {
    groupVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    resource: 'leases',
    rest: () => ({ spec: { holderIdentity: 'me' } }),
  },
  {
    groupVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    resource: 'endpointslices',
    rest: () => ({ addressType: 'IPv4', endpoints: [], ports: [] }),
  },
  {
    groupVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    resource: 'ingresses',
    rest: () => ({ spec: { defaultBackend: { service: { name: 'none', port: { number: 80 } } } } }),
  },
  {
    groupVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    resource: 'ingressclasses',
    rest: () => ({ spec: { controller: 'example.com/none' } }),
  },
  {
    groupVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    resource: 'networkpolicies',
    rest: () => ({ spec: { podSelector: {} } }),
  },
  {
    groupVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    resource: 'poddisruptionbudgets',
    rest: () => ({ spec: { minAvailable: 1, selector } }),
  },
  { groupVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', resource: 'roles', rest: () => ({ rules: [] }) },
  {
    groupVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    resource: 'rolebindings',
    rest: () => roleRef('Role'),
  },
  {
    groupVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    resource: 'clusterroles',
    rest: () => ({ rules: [] }),
  },
  {
    groupVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    resource: 'clusterrolebindings',
    rest: () => roleRef('ClusterRole'),
  },
  {
    groupVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    resource: 'priorityclasses',
    rest: () => ({ value: 1 }),
  },
  {
    groupVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    resource: 'storageclasses',
    rest: () => ({ provisioner: 'example.com/none' }),
  },
];

for (const kind of kinds) {
  conformanceCase(
    {
      title: `lets each ${kind.kind} be made, read, changed in every way, watched and deleted`,
      source: `API concepts: resource operations on ${kind.groupVersion} ${kind.resource}; e2e: should run through the life cycle of a ${kind.kind}`,
    },
    async (t) => {
      const { api } = t;
      const root = kind.groupVersion === 'v1' ? '/api/v1' : `/apis/${kind.groupVersion}`;
      const resources = succeed(await api.get(root)).resources;
      const resource = resources.find((one: Json) => one.name === kind.resource);
      expect(resource, 'discovery').toMatchObject({ kind: kind.kind });
      expect(resource.verbs).toEqual(
        expect.arrayContaining(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']),
      );

      const namespace = resource.namespaced ? await t.namespace() : '';
      const collection = `${root}${namespace === '' ? '' : `/namespaces/${namespace}`}/${kind.resource}`;
      const name = t.name('one');
      const path = `${collection}/${name}`;
      const make = (metadata: Json): Json => ({
        apiVersion: kind.groupVersion,
        kind: kind.kind,
        metadata,
        ...kind.rest?.(name, namespace),
      });
      const list = succeed(await api.get(collection, { labelSelector: `case=${name}` }));
      expect(list).toMatchObject({ apiVersion: kind.groupVersion, kind: `${kind.kind}List`, items: [] });
      await using watch = await api.watch(collection, {
        labelSelector: `case=${name}`,
        resourceVersion: list.metadata.resourceVersion,
      });

      const made = await t.create(collection, make({ name, labels: { case: name } }));
      expect(made.metadata).toMatchObject({
        name,
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: expect.stringMatching(/^[1-9]\d*$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
      expect(made).toMatchObject({ apiVersion: kind.groupVersion, kind: kind.kind });
      expect(made.metadata.managedFields[0]).toMatchObject({
        operation: 'Update',
        fieldsType: 'FieldsV1',
        apiVersion: kind.groupVersion,
      });
      await eventually(async () => expect(succeed(await api.get(path)).metadata.uid).toBe(made.metadata.uid));

      const put = await api.change(path, (object) => {
        object.metadata.labels.put = 'yes';
      });
      expect(put.metadata.labels).toMatchObject({ case: name, put: 'yes' });
      expect(put.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion);
      expect(put.metadata.uid).toBe(made.metadata.uid);

      const json = succeed(await api.patch('json', path, [{ op: 'add', path: '/metadata/labels/json', value: 'yes' }]));
      expect(json.metadata.labels.json).toBe('yes');
      const merge = succeed(await api.patch('merge', path, { metadata: { labels: { merge: 'yes', json: null } } }));
      expect(merge.metadata.labels).toMatchObject({ merge: 'yes' });
      expect(merge.metadata.labels.json).toBeUndefined();
      const strategic = succeed(await api.patch('strategic', path, { metadata: { labels: { strategic: 'yes' } } }));
      expect(strategic.metadata.labels.strategic).toBe('yes');
      const applied = succeed(
        await api.patch(
          'apply',
          path,
          { apiVersion: kind.groupVersion, kind: kind.kind, metadata: { name, labels: { applied: 'yes' } } },
          { fieldManager: 'suite' },
        ),
      );
      expect(applied.metadata.labels).toMatchObject({
        case: name,
        put: 'yes',
        merge: 'yes',
        strategic: 'yes',
        applied: 'yes',
      });
      expect(applied.metadata.managedFields).toContainEqual(
        expect.objectContaining({ manager: 'suite', operation: 'Apply' }),
      );

      if (resources.some((one: Json) => one.name === `${kind.resource}/status`)) await changeStatus(api, path, kind);

      const deleted = await api.delete(path, { propagationPolicy: 'Background' });
      expect([200, 202]).toContain(deleted.status);
      await eventually(async () => expect((await api.get(path)).status).toBe(404));

      await watch.next(({ type }) => type === 'DELETED');
      const types = watch.events.map(({ type }) => type);
      expect([types[0], types.at(-1)]).toEqual(['ADDED', 'DELETED']);
      expect(types.slice(1, -1).every((type) => type === 'MODIFIED')).toBe(true);
      const versions = watch.events.map(({ object }) => BigInt(object.metadata.resourceVersion));
      expect(versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0n))).toBe(true);

      for (const one of ['a', 'b'])
        await t.create(collection, make({ name: `${name}-${one}`, labels: { case: name } }));
      expect(
        (await api.delete(`${collection}?labelSelector=case%3D${name}`, { propagationPolicy: 'Background' })).status,
      ).toBe(200);
      await eventually(async () =>
        expect(succeed(await api.get(collection, { labelSelector: `case=${name}` })).items).toEqual([]),
      );
    },
  );
}

/** The status is read and written at its own door, through which nothing else goes. */
async function changeStatus(api: ClusterClient, path: string, kind: Kind): Promise<void> {
  const seen = succeed(await api.get(`${path}/status`));
  expect(seen).toMatchObject({ kind: kind.kind, metadata: { labels: { put: 'yes' } } });
  const written = succeed(
    await api.patch('merge', `${path}/status`, {
      metadata: { annotations: { 'example.com/by-status': 'yes' } },
      spec: { nonsense: true },
    }),
  );
  expect(written.kind).toBe(kind.kind);
  expect(written.spec?.nonsense).toBeUndefined();
}

function succeed(answer: Answer): Json {
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
}
