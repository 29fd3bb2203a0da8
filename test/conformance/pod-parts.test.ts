import { expect } from 'vitest';
import type { Answer, ClusterClient } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';
import { pod, podSpec } from './support/objects.ts';

const { conformanceCase } = conformanceArea('ephemeral containers and resizes');

const debugPage = 'tasks/debug/debug-application/debug-running-pod: ephemeral debug container';
const resizePage = 'tasks/configure-pod-container/resize-container-resources';
const image = 'registry.k8s.io/pause:3.10';

const debugWith = (api: ClusterClient, ns: string, ...containers: Json[]): Promise<Answer> =>
  api.patch('strategic', `/api/v1/namespaces/${ns}/pods/p/ephemeralcontainers`, {
    spec: { ephemeralContainers: containers },
  });
const resizeTo = (api: ClusterClient, ns: string, resources: Json, more: Json = {}): Promise<Answer> =>
  api.patch('strategic', `/api/v1/namespaces/${ns}/pods/p/resize`, {
    spec: { containers: [{ name: podSpec().containers[0].name, resources, ...more }] },
  });
const sized = (resources: Json): Json => {
  const spec = podSpec();
  return pod('p', { spec: { ...spec, containers: [{ ...spec.containers[0], resources }] } });
};

conformanceCase(
  { title: 'adds ephemeral containers, with defaults, as a new generation', source: debugPage },
  async (t) => {
    const ns = await t.namespace();
    const before = await t.create(`/api/v1/namespaces/${ns}/pods`, pod('p'));
    const { status, body } = await debugWith(t.api, ns, { name: 'debug', image });
    expect([status, body.kind, body.metadata.generation]).toEqual([200, 'Pod', before.metadata.generation + 1]);
    expect(body.spec.ephemeralContainers).toEqual([
      {
        name: 'debug',
        image,
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ]);
    const twice = await debugWith(t.api, ns, { name: 'second', image });
    expect(twice.body.spec.ephemeralContainers.map(({ name }: Json) => name).sort()).toEqual(['debug', 'second']);
  },
);

conformanceCase(
  {
    title: 'takes nothing but ephemeral containers through their subresource',
    source: 'upstream test: pkg/registry/core/pod ephemeralContainersStrategy',
  },
  async (t) => {
    const ns = await t.namespace();
    const { spec, metadata } = await t.create(`/api/v1/namespaces/${ns}/pods`, pod('p'));
    const { status, body } = await t.api.patch('merge', `/api/v1/namespaces/${ns}/pods/p/ephemeralcontainers`, {
      metadata: { labels: { added: 'yes' } },
      spec: { activeDeadlineSeconds: 5, ephemeralContainers: [{ name: 'debug', image }] },
    });
    expect(status).toBe(200);
    // A scheduler may have bound the pod meanwhile, with the topology of its node as labels.
    expect(body.metadata.labels).toMatchObject(metadata.labels);
    expect(body.metadata.labels).not.toHaveProperty('added');
    expect({ ...body.spec, ephemeralContainers: undefined }).toEqual({ ...spec, nodeName: body.spec.nodeName });
  },
);

conformanceCase(
  { title: 'neither changes nor removes ephemeral containers', source: 'core/v1 PodSpec: ephemeralContainers' },
  async (t) => {
    const ns = await t.namespace();
    await t.create(`/api/v1/namespaces/${ns}/pods`, pod('p'));
    await debugWith(t.api, ns, { name: 'debug', image });
    const changed = await debugWith(t.api, ns, { name: 'debug', image: `${image}.1` });
    expect([changed.status, changed.body.message]).toEqual([
      422,
      expect.stringContaining('existing ephemeral containers "debug" may not be changed'),
    ]);
    const removed = await t.api.patch('merge', `/api/v1/namespaces/${ns}/pods/p/ephemeralcontainers`, {
      spec: { ephemeralContainers: [] },
    });
    expect([removed.status, removed.body.message]).toEqual([
      422,
      expect.stringContaining('existing ephemeral containers "debug" may not be removed'),
    ]);
    const plain = await t.api.patch('strategic', `/api/v1/namespaces/${ns}/pods/p`, {
      spec: { ephemeralContainers: [{ name: 'other', image }] },
    });
    expect([plain.status, plain.body.reason]).toEqual([422, 'Invalid']);
  },
);

conformanceCase(
  {
    title: 'refuses ephemeral containers with ports, resources or probes, and targets that are not there',
    source: 'core/v1 EphemeralContainer; upstream test: pkg/apis/core/validation ephemeral containers',
  },
  async (t) => {
    const ns = await t.namespace();
    const { spec } = await t.create(`/api/v1/namespaces/${ns}/pods`, pod('p'));
    const { status, body } = await debugWith(t.api, ns, {
      name: spec.containers[0].name,
      image,
      targetContainerName: 'nobody',
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '1' } },
      livenessProbe: { exec: { command: ['true'] } },
    });
    expect(status).toBe(422);
    expect(body.details.causes.map(({ reason, field }: Json) => [reason, field])).toEqual([
      ['FieldValueDuplicate', 'spec.ephemeralContainers[0].name'],
      ['FieldValueNotFound', 'spec.ephemeralContainers[0].targetContainerName'],
      ['FieldValueForbidden', 'spec.ephemeralContainers[0].ports'],
      ['FieldValueForbidden', 'spec.ephemeralContainers[0].resources'],
      ['FieldValueForbidden', 'spec.ephemeralContainers[0].livenessProbe'],
    ]);
  },
);

conformanceCase(
  { title: 'creates no pods that have ephemeral containers from the start', source: debugPage },
  async (t) => {
    const ns = await t.namespace();
    const withOne = pod('p', { spec: { ...podSpec(), ephemeralContainers: [{ name: 'debug', image }] } });
    const { status, body } = await t.api.create(`/api/v1/namespaces/${ns}/pods`, withOne);
    expect([status, body.message]).toEqual([
      422,
      expect.stringContaining('spec.ephemeralContainers: Forbidden: cannot be set on create'),
    ]);
  },
);

conformanceCase({ title: 'resizes containers through a subresource', source: resizePage }, async (t) => {
  const ns = await t.namespace();
  const before = await t.create(`/api/v1/namespaces/${ns}/pods`, sized({ requests: { cpu: '1m', memory: '1Mi' } }));
  const { status, body } = await resizeTo(t.api, ns, { requests: { cpu: '2m' } });
  expect([status, body.metadata.generation]).toEqual([200, before.metadata.generation + 1]);
  expect(body.spec.containers[0].resources).toEqual({ requests: { cpu: '2m', memory: '1Mi' } });
  const same = await resizeTo(t.api, ns, { requests: { cpu: '2m' } }, { image: 'registry.k8s.io/other:1' });
  expect([same.status, same.body.spec.containers[0].image]).toEqual([200, before.spec.containers[0].image]);
  const plain = await t.api.patch('strategic', `/api/v1/namespaces/${ns}/pods/p`, {
    spec: { containers: [{ name: before.spec.containers[0].name, resources: { requests: { cpu: '3m' } } }] },
  });
  expect([plain.status, plain.body.reason]).toEqual([422, 'Invalid']);
});

conformanceCase(
  {
    title: 'refuses resizes that take resources away or change the quality of service',
    source: 'KEP-1287 in-place update of pod resources: validation',
  },
  async (t) => {
    const ns = await t.namespace();
    await t.create(`/api/v1/namespaces/${ns}/pods`, sized({ requests: { cpu: '1m' }, limits: { cpu: '5m' } }));
    const causesOf = async (resources: Json): Promise<string[]> => {
      const { status, body } = await resizeTo(t.api, ns, resources);
      expect(status).toBe(422);
      return body.details.causes.map(({ message }: Json) => message);
    };
    expect(await causesOf({ requests: { cpu: '6m' } })).toEqual([
      'Invalid value: "6m": must be less than or equal to cpu limit of 5m',
    ]);
    expect(await causesOf({ requests: { 'ephemeral-storage': '1Mi' } })).toEqual([
      'Forbidden: only cpu and memory resources are mutable',
    ]);
    const removed = await t.api.patch('json', `/api/v1/namespaces/${ns}/pods/p/resize`, [
      { op: 'remove', path: '/spec/containers/0/resources/limits' },
    ]);
    expect(removed.body.details.causes.map(({ message }: Json) => message)).toEqual([
      'Forbidden: resource limits cannot be removed',
    ]);
    const renamed = await t.api.patch('json', `/api/v1/namespaces/${ns}/pods/p/resize`, [
      { op: 'replace', path: '/spec/containers/0/name', value: 'other' },
    ]);
    expect(renamed.body.details.causes.map(({ message }: Json) => message)).toEqual([
      'Forbidden: containers may not be renamed or reordered on resize',
    ]);
  },
);

conformanceCase(
  { title: 'keeps the quality of service of a pod that is resized', source: `${resizePage}: limitations` },
  async (t) => {
    const ns = await t.namespace();
    await t.create(`/api/v1/namespaces/${ns}/pods`, pod('p'));
    const { status, body } = await resizeTo(t.api, ns, { requests: { cpu: '1m' } });
    expect([status, body.details.causes]).toEqual([
      422,
      [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
          field: 'spec',
        },
      ],
    ]);
  },
);
