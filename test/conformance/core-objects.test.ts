import { expect } from 'vitest';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { configMap, pod, service } from './support/objects.ts';

const { conformanceCase } = conformanceArea('core objects');

const secret = (name: string, more: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  ...more,
});

conformanceCase(
  {
    title: 'never changes an immutable ConfigMap',
    source: 'concepts/configuration/configmap: immutable ConfigMaps; KEP-1412',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await create(path, configMap('a', { immutable: true }));
    const data = await api.patch('merge', `${path}/a`, { data: { key: 'other' } });
    expect(data.body).toMatchObject({
      code: 422,
      details: {
        causes: [
          {
            reason: 'FieldValueForbidden',
            field: 'data',
            message: 'Forbidden: field is immutable when `immutable` is set',
          },
        ],
      },
    });
    const back = await api.patch('merge', `${path}/a`, { immutable: false });
    expect(back.body).toMatchObject({
      code: 422,
      details: { causes: [{ reason: 'FieldValueForbidden', field: 'immutable' }] },
    });
    expect((await api.patch('merge', `${path}/a`, { metadata: { labels: { a: 'b' } } })).status).toBe(200);
    expect((await api.delete(`${path}/a`)).status).toBe(200);
  },
);

conformanceCase(
  { title: 'never changes an immutable Secret', source: 'concepts/configuration/secret: immutable Secrets; KEP-1412' },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/secrets`;
    await create(path, secret('a', { immutable: true, stringData: { x: '1' } }));
    expect((await api.patch('merge', `${path}/a`, { stringData: { x: '2' } })).status).toBe(422);
    expect((await api.patch('merge', `${path}/a`, { metadata: { labels: { a: 'b' } } })).status).toBe(200);
  },
);

conformanceCase(
  {
    title: 'keeps stringData of a Secret as data, and gives it the type Opaque',
    source: 'core/v1 Secret.stringData: write-only; Secret.type',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/secrets`;
    const made = await create(path, secret('a', { data: { x: 'b2xk', y: 'b2xk' }, stringData: { x: 'new' } }));
    expect(made).toMatchObject({ type: 'Opaque', data: { x: 'bmV3', y: 'b2xk' } });
    expect(made.stringData).toBeUndefined();
    expect((await api.patch('merge', `${path}/a`, { type: 'example.com/other' })).body.details.causes[0]).toMatchObject(
      { field: 'type', message: expect.stringContaining('field is immutable') },
    );
  },
);

conformanceCase(
  {
    title: 'gives a Service an address of its own and defaults, and keeps the address',
    source: 'concepts/services-networking/service: ClusterIP; core/v1 ServiceSpec defaults',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/services`;
    const { spec } = await create(path, service('web'));
    expect(spec).toMatchObject({
      type: 'ClusterIP',
      clusterIP: expect.stringMatching(/^[\d.]+$|:/),
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    expect(spec.clusterIPs).toEqual([spec.clusterIP]);
    const moved = await api.patch('merge', `${path}/web`, {
      spec: { clusterIP: '10.255.255.254', clusterIPs: ['10.255.255.254'] },
    });
    expect(moved.status).toBe(422);
    expect(moved.body.message).toContain('may not change once set');
    const kept = await api.update(`${path}/web`, service('web', { ports: [{ port: 81 }] }));
    expect(kept.body.spec).toMatchObject({ clusterIP: spec.clusterIP, ports: [{ port: 81 }] });
  },
);

conformanceCase(
  {
    title: 'changes the type of a Service, and takes back what the type had',
    source: 'e2e: [sig-network] Services should be able to change the type from ExternalName to ClusterIP',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/services`;
    const external = await create(
      path,
      service('web', { type: 'ExternalName', externalName: 'example.com', ports: undefined, selector: undefined }),
    );
    expect(external.spec.clusterIP).toBeUndefined();
    const inner = await api.patch('merge', `${path}/web`, {
      spec: { type: 'ClusterIP', externalName: null, ports: [{ port: 80 }] },
    });
    expect(inner).toMatchObject({ status: 200, body: { spec: { type: 'ClusterIP', clusterIP: expect.any(String) } } });
    const out = await api.patch('merge', `${path}/web`, { spec: { type: 'NodePort' } });
    expect(out.body.spec.ports[0].nodePort).toBeGreaterThan(0);
    const back = await api.patch('merge', `${path}/web`, { spec: { type: 'ClusterIP' } });
    expect(back.body.spec.ports[0].nodePort).toBeUndefined();
    expect(back.body.spec.clusterIP).toBe(inner.body.spec.clusterIP);
  },
);

conformanceCase(
  {
    title: 'refuses Services with ports that are wrong or alike',
    source: 'core/v1 ServicePort: port, protocol and name',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/services`;
    const range = await api.create(path, service('a', { ports: [{ port: 70_000 }] }));
    expect(range.body.details.causes[0]).toMatchObject({
      field: 'spec.ports[0].port',
      message: expect.stringContaining('must be between 1 and 65535, inclusive'),
    });
    const unnamed = await api.create(path, service('a', { ports: [{ port: 80 }, { port: 81 }] }));
    expect(unnamed.body.details.causes.map(({ field, reason }: Json) => `${field} ${reason}`)).toEqual([
      'spec.ports[0].name FieldValueRequired',
      'spec.ports[1].name FieldValueRequired',
    ]);
    const alike = await api.create(
      path,
      service('a', {
        ports: [
          { name: 'x', port: 80 },
          { name: 'y', port: 80 },
        ],
      }),
    );
    expect(alike.body.details.causes[0]).toMatchObject({ reason: 'FieldValueDuplicate', field: 'spec.ports[1]' });
  },
);

conformanceCase(
  {
    title: 'keeps EndpointSlices of the Services that select pods, and none for others',
    source:
      'concepts/services-networking/endpoint-slices; e2e: [sig-network] EndpointSlice should create and delete EndpointSlices for a Service with a selector specified',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`;
    await create(`/api/v1/namespaces/${ns}/services`, service('web'));
    const [slice] = await eventually(async () => {
      const { items } = (await api.get(slices, { labelSelector: 'kubernetes.io/service-name=web' })).body;
      expect(items).toHaveLength(1);
      return items;
    });
    expect(slice.metadata).toMatchObject({
      generateName: 'web-',
      ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
    });
    expect(slice.metadata.labels['endpointslice.kubernetes.io/managed-by']).toBe('endpointslice-controller.k8s.io');
    succeeded(await api.delete(`/api/v1/namespaces/${ns}/services/web`));
    await eventually(async () => expect((await api.get(slices)).body.items).toEqual([]));
  },
);

conformanceCase(
  {
    title: 'labels a namespace with its name, and holds it active',
    source: 'concepts/overview/working-with-objects/namespaces: automatic labelling; KEP-2161',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    expect((await api.get(`/api/v1/namespaces/${ns}`)).body).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': ns } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  },
);

conformanceCase(
  {
    title: 'empties a namespace before it goes, and lets nothing new into it',
    source:
      'e2e: [sig-api-machinery] Namespaces should ensure that all pods are removed when a namespace is deleted; NamespaceLifecycle admission',
  },
  async ({ api, namespace, create, defer }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    defer(() => api.patch('merge', `${path}/held`, { metadata: { finalizers: null } }));
    await create(path, configMap('held', { metadata: { name: 'held', finalizers: ['example.com/hold'] } }));
    await create(path, configMap('free'));
    const going = await api.delete(`/api/v1/namespaces/${ns}`);
    expect(going.body).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      status: { phase: 'Terminating' },
    });
    const late = await eventually(async () => {
      const answer = await api.create(path, configMap('late'), { dryRun: 'All' });
      expect(answer.status).toBe(403);
      return answer;
    });
    expect(late.body).toMatchObject({
      reason: 'Forbidden',
      message: `configmaps "late" is forbidden: unable to create new content in namespace ${ns} because it is being terminated`,
    });
    expect(late.body.details.causes).toEqual([
      { reason: 'NamespaceTerminating', message: `namespace ${ns} is being terminated`, field: 'metadata.namespace' },
    ]);
    await eventually(async () => {
      expect((await api.get(`${path}/free`)).status).toBe(404);
      const { status } = (await api.get(`/api/v1/namespaces/${ns}`)).body;
      expect(status.conditions).toContainEqual(
        expect.objectContaining({
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
        }),
      );
    });
    expect((await api.get(`/api/v1/namespaces/${ns}`)).status).toBe(200);
    succeeded(await api.patch('merge', `${path}/held`, { metadata: { finalizers: null } }));
    await eventually(async () => expect((await api.get(`/api/v1/namespaces/${ns}`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'refuses objects in a namespace that is not there',
    source: 'reference/access-authn-authz/admission-controllers: NamespaceLifecycle',
  },
  async ({ api, name }) => {
    const none = name('none');
    expect(await api.create(`/api/v1/namespaces/${none}/configmaps`, configMap('a'))).toMatchObject({
      status: 404,
      body: {
        reason: 'NotFound',
        message: `namespaces "${none}" not found`,
        details: { name: none, kind: 'namespaces' },
      },
    });
  },
);

conformanceCase(
  {
    title: 'refuses a namespace whose name is more than one label',
    source: 'core/v1 Namespace: DNS label names',
  },
  async ({ api, name }) => {
    const dotted = await api.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `${name('x')}.dotted` },
    });
    expect(dotted).toMatchObject({ status: 422, body: { details: { causes: [{ field: 'metadata.name' }] } } });
  },
);

conformanceCase(
  {
    title: 'publishes the cluster’s certificate authority in each namespace',
    source: 'reference/access-authn-authz/service-accounts-admin: kube-root-ca.crt',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    await eventually(async () => {
      const { body } = await api.get(`/api/v1/namespaces/${ns}/configmaps/kube-root-ca.crt`);
      expect(body.data['ca.crt']).toContain('BEGIN CERTIFICATE');
    });
  },
);

conformanceCase(
  {
    title: 'lets one holder renew a Lease and another take it over',
    source: 'concepts/architecture/leases; e2e: [sig-node] Lease lease API should be available',
  },
  async ({ api, namespace, create }) => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${await namespace()}/leases`;
    const made = await create(path, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'a' },
      spec: {
        holderIdentity: 'one',
        leaseDurationSeconds: 30,
        acquireTime: '2026-01-01T00:00:00.123456Z',
        renewTime: '2026-01-01T00:00:00.123456Z',
        leaseTransitions: 0,
      },
    });
    expect(made.spec.renewTime).toBe('2026-01-01T00:00:00.123456Z');
    const renewed = await api.update(`${path}/a`, {
      ...made,
      spec: { ...made.spec, renewTime: '2026-01-01T00:00:10.000000Z' },
    });
    expect(renewed.body.spec.renewTime).toBe('2026-01-01T00:00:10.000000Z');
    const late = await api.update(`${path}/a`, { ...made, spec: { ...made.spec, holderIdentity: 'two' } });
    expect(late.status).toBe(409);
    const taken = await api.update(`${path}/a`, {
      ...renewed.body,
      spec: { ...renewed.body.spec, holderIdentity: 'two', leaseTransitions: 1 },
    });
    expect(taken).toMatchObject({ status: 200, body: { spec: { holderIdentity: 'two', leaseTransitions: 1 } } });
    const wrong = await api.patch('merge', `${path}/a`, { spec: { leaseDurationSeconds: 0 } });
    expect(wrong.body.details.causes[0]).toMatchObject({
      field: 'spec.leaseDurationSeconds',
      message: 'Invalid value: 0: must be greater than 0',
    });
  },
);

conformanceCase(
  {
    title: 'refuses an Event of another namespace than its object',
    source: 'core/v1 Event.involvedObject.namespace: matches the event’s',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const { status, body } = await api.create(`/api/v1/namespaces/${ns}/events`, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'a' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'other' },
    });
    expect(status).toBe(422);
    expect(body.details.causes[0]).toMatchObject({
      field: 'involvedObject.namespace',
      message: expect.stringContaining('does not match event.namespace'),
    });
  },
);

conformanceCase(
  { title: 'fills in what a pod does not say', source: 'core/v1 PodSpec and Container: defaults; reference API: Pod' },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/pods`;
    await create(
      path,
      pod('a', {
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.com/app',
              ports: [{ containerPort: 80 }],
              livenessProbe: { httpGet: { port: 80 } },
            },
          ],
        },
      }),
    );
    const { spec } = (await api.get(`${path}/a`)).body;
    expect(spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      serviceAccountName: 'default',
      securityContext: {},
    });
    expect(spec.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      livenessProbe: {
        httpGet: { path: '/', port: 80, scheme: 'HTTP' },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
    });
    expect(spec.tolerations).toEqual([
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ]);
    expect(spec.volumes[0]).toMatchObject({
      name: expect.stringMatching(/^kube-api-access-\w{5}$/),
      projected: { defaultMode: 420 },
    });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: spec.volumes[0].name,
      readOnly: true,
      mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    });
  },
);

conformanceCase(
  {
    title: 'says of a pod how well it is served: BestEffort, Burstable or Guaranteed',
    source: 'concepts/workloads/pods/pod-qos; core/v1 PodStatus.qosClass',
  },
  async ({ namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/pods`;
    const withResources = (name: string, resources: Json) =>
      pod(name, { spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources }] } });
    const given: readonly (readonly [string, Json, string])[] = [
      ['none', {}, 'BestEffort'],
      ['some', { requests: { cpu: '10m' } }, 'Burstable'],
      ['all', { limits: { cpu: '10m', memory: '10Mi' } }, 'Guaranteed'],
      ['zero', { requests: { cpu: '0' } }, 'BestEffort'],
      ['half', { limits: { cpu: '0', memory: '10Mi' } }, 'Burstable'],
    ];
    for (const [name, resources, expected] of given) {
      const made = await create(path, withResources(name, resources));
      expect(made.status, name).toMatchObject({ phase: 'Pending', qosClass: expected });
    }
  },
);

conformanceCase(
  {
    title: 'refuses pods that make no sense',
    source: 'core/v1 PodSpec: validation of containers, volumes and resources',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/pods`;
    const image = 'registry.k8s.io/pause:3.10';
    const wrong: readonly (readonly [Json, string])[] = [
      [{ containers: [] }, 'spec.containers'],
      [{ containers: [{ name: 'A B', image }] }, 'spec.containers[0].name'],
      [
        {
          containers: [
            { name: 'a', image },
            { name: 'a', image },
          ],
        },
        'spec.containers[1].name',
      ],
      [
        { containers: [{ name: 'a', image, volumeMounts: [{ name: 'none', mountPath: '/x' }] }] },
        'spec.containers[0].volumeMounts[0].name',
      ],
      [
        { containers: [{ name: 'a', image, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
        'spec.containers[0].resources.requests',
      ],
      [
        { containers: [{ name: 'a', image, ports: [{ containerPort: 0 }] }] },
        'spec.containers[0].ports[0].containerPort',
      ],
      [{ containers: [{ name: 'a', image, env: [{ name: '' }] }] }, 'spec.containers[0].env[0].name'],
    ];
    for (const [spec, field] of wrong) {
      const { status, body } = await api.create(path, pod('a', { spec }));
      expect(status, field).toBe(422);
      expect(
        body.details.causes.map((cause: Json) => cause.field),
        field,
      ).toContain(field);
    }
  },
);

conformanceCase(
  {
    title: 'gives pods the number of their priority class, and refuses classes that are not there',
    source: 'concepts/scheduling-eviction/pod-priority-preemption: PriorityClass',
  },
  async ({ api, namespace, create, name }) => {
    const path = `/api/v1/namespaces/${await namespace()}/pods`;
    await create('/apis/scheduling.k8s.io/v1/priorityclasses', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: name('high') },
      value: 1234,
      preemptionPolicy: 'Never',
    });
    const made = await eventually(async () => {
      const answer = await api.create(path, pod('a', { spec: { ...pod('a').spec, priorityClassName: name('high') } }));
      return succeeded(answer).body;
    });
    expect(made.spec).toMatchObject({ priority: 1234, preemptionPolicy: 'Never' });
    const none = await api.create(path, pod('b', { spec: { ...pod('b').spec, priorityClassName: 'none-such' } }));
    expect(none).toMatchObject({
      status: 403,
      body: { message: 'pods "b" is forbidden: no PriorityClass with name none-such was found' },
    });
  },
);
