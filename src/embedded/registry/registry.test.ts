import { describe, expect, it } from 'vitest';
import { StatusError } from '../api/status-error.ts';
import { createManualClock } from '../controllers/testing/manual-clock.ts';
import { createClusterStore } from '../store/create-cluster-store.ts';
import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { deployment, type Json, pod } from '../testing/start-test-api.ts';
import { builtInResources } from './built-in-resources.ts';

function newStore(): ClusterStore {
  const { store } = createClusterStore({
    clock: createManualClock(),
    resources: builtInResources,
    hasControllers: false,
  });
  store.create(store.resource('', 'namespaces'), { metadata: { name: 'default' } });
  return store;
}

const store = newStore();

function create(group: string, plural: string, object: Json, into = store): ClusterObject & Json {
  const resource = into.resource(group, plural);
  const metadata = resource.namespaced ? { namespace: 'default', ...object.metadata } : object.metadata;
  return into.create(resource, { ...object, metadata });
}

function refusalOf(act: () => unknown): StatusError {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `field: message` of every cause. */
function causesOf(act: () => unknown): string[] {
  const { status } = refusalOf(act);
  expect(status).toMatchObject({ code: 422, reason: 'Invalid' });
  return (status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
}

const podWith = (spec: object): Json => pod('x', { spec: { containers: [{ name: 'c', image: 'i:1' }], ...spec } });
const podOf = (container: object): Json => podWith({ containers: [{ name: 'c', image: 'i:1', ...container }] });
/** The same spec for every kind of workload. */
const workload = (spec: object = {}): Json => ({ metadata: { name: 'x' }, spec: deployment('x', spec).spec });
const service = (name: string, spec: object): Json => ({ metadata: { name }, spec });

describe('defaults', () => {
  it('fill a deployment and its template in', () => {
    const { spec } = create('apps', 'deployments', deployment('defaults'));
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        spec: {
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          terminationGracePeriodSeconds: 30,
          containers: [
            {
              imagePullPolicy: 'IfNotPresent',
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              resources: {},
            },
          ],
        },
      },
    });
  });

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['registry.local:5000/nginx', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['nginx@sha256:abc', 'IfNotPresent'],
    ['registry.local:5000/nginx:1', 'IfNotPresent'],
  ])('pull %s %s', (image, policy) => {
    const { spec } = create(
      '',
      'pods',
      pod('x', { metadata: { generateName: 'pull-' }, spec: { containers: [{ name: 'c', image }] } }),
    );
    expect(spec.containers[0].imagePullPolicy).toBe(policy);
  });

  it('give a pod its account, tolerations and quality of service', () => {
    const guaranteed = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1000m', memory: '1Gi' } };
    const { spec, status } = create('', 'pods', { ...podOf({ resources: guaranteed }), metadata: { name: 'qos' } });
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
    });
    expect(spec.tolerations.map(({ key }: Json) => key)).toEqual([
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
    ]);
    expect(status).toEqual({ phase: 'Pending', qosClass: 'Guaranteed' });
  });

  it('give services addresses and node ports, and never the same twice', () => {
    const own = newStore();
    const first = create('', 'services', service('one', { ports: [{ port: 80 }] }), own);
    const second = create(
      '',
      'services',
      service('two', {
        type: 'NodePort',
        ports: [{ port: 80 }, { port: 81, name: 'b' }].map((port, at) => ({ name: `p${at}`, ...port })),
      }),
      own,
    );
    expect(first.spec).toMatchObject({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    expect(first.spec.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/);
    expect(second.spec.clusterIP).not.toBe(first.spec.clusterIP);
    const [a, b] = second.spec.ports.map(({ nodePort }: Json) => nodePort);
    expect(a).toBeGreaterThanOrEqual(30_000);
    expect(b).not.toBe(a);
    const changed = own.update(own.resource('', 'services'), {
      ...second,
      spec: {
        ...second.spec,
        clusterIP: undefined,
        ports: second.spec.ports.map((port: Json) => ({ ...port, nodePort: undefined })),
      },
    }) as Json;
    expect(changed.spec.ports.map(({ nodePort }: Json) => nodePort)).toEqual([a, b]);
  });

  it('leave a headless service without an address', () => {
    expect(create('', 'services', service('headless', { clusterIP: 'None' })).spec.clusterIP).toBe('None');
  });

  it('move stringData of a secret into data', () => {
    const secret = create('', 'secrets', { metadata: { name: 's' }, stringData: { a: 'x' }, data: { b: 'eQ==' } });
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'eA==', b: 'eQ==' } });
    expect(secret.stringData).toBeUndefined();
  });

  it('let a job select its own pods', () => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } };
    const job = create('batch', 'jobs', { metadata: { name: 'j' }, spec: { template } });
    expect(job.spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': job.metadata.uid } },
    });
    expect(job.spec.template.metadata.labels).toMatchObject({ 'job-name': 'j', 'controller-uid': job.metadata.uid });
  });
});

describe('validation', () => {
  it.each<[string, Json, string[]]>([
    ['no containers', podWith({ containers: [] }), ['spec.containers: Required value']],
    [
      'a container without name and image',
      podWith({ containers: [{}] }),
      ['spec.containers[0].name: Required value', 'spec.containers[0].image: Required value'],
    ],
    [
      'two containers of one name',
      podWith({
        containers: [
          { name: 'c', image: 'i' },
          { name: 'c', image: 'i' },
        ],
      }),
      ['spec.containers[1].name: Duplicate value: "c"'],
    ],
    [
      'a port out of range',
      podOf({ ports: [{ containerPort: 70_000 }] }),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'an unknown protocol',
      podOf({ ports: [{ containerPort: 1, protocol: 'ICMP' }] }),
      ['spec.containers[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      'an unknown restart policy',
      podWith({ restartPolicy: 'Sometimes' }),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      'a mount without its volume',
      podOf({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'requests above limits',
      podOf({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'a quantity that is none',
      podOf({ resources: { requests: { cpu: 'much' } } }),
      [
        expect.stringMatching(
          /^spec.containers\[0\].resources.requests\[cpu\]: Invalid value: "much": quantities must match/,
        ),
      ],
    ],
    [
      'a name in capitals',
      { ...pod('x'), metadata: { name: 'Upper' } },
      [expect.stringMatching(/^metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain must consist of/)],
    ],
    [
      'a bad label',
      { ...pod('x'), metadata: { name: 'x', labels: { a: 'b c' } } },
      [expect.stringMatching(/^metadata.labels: Invalid value: "b c": a valid label must be/)],
    ],
    [
      'a bad finalizer',
      { ...pod('x'), metadata: { name: 'x', finalizers: ['bare'] } },
      [
        'metadata.finalizers[0]: Invalid value: "bare": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
  ])('does not accept a pod with %s (refused)', (_name, object, causes) => {
    expect(causesOf(() => create('', 'pods', object))).toEqual(causes);
  });

  it.each<[string, string, string, Json, string[]]>([
    [
      'a deployment with negative replicas',
      'apps',
      'deployments',
      deployment('x', { replicas: -1 }),
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a deployment without a selector',
      'apps',
      'deployments',
      deployment('x', { selector: undefined }),
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'a selector that misses the template',
      'apps',
      'deployments',
      deployment('x', { selector: { matchLabels: { app: 'y' } } }),
      ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
    ],
    [
      'an empty selector',
      'apps',
      'statefulsets',
      workload({ selector: {} }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset'],
    ],
    [
      'pods that do not restart',
      'apps',
      'daemonsets',
      workload({
        template: {
          metadata: { labels: { app: 'x' } },
          spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
        },
      }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'no room to roll',
      'apps',
      'deployments',
      deployment('x', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    [
      'a job that restarts always',
      'batch',
      'jobs',
      {
        metadata: { name: 'x' },
        spec: { template: { spec: { restartPolicy: 'Always', containers: [{ name: 'c', image: 'i' }] } } },
      },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'a schedule of four fields',
      'batch',
      'cronjobs',
      {
        metadata: { name: 'x' },
        spec: {
          schedule: '* * * *',
          jobTemplate: {
            spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
          },
        },
      },
      ['spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
    ],
    ['a service without ports', '', 'services', service('x', {}), ['spec.ports: Required value']],
    [
      'a service port out of range',
      '',
      'services',
      service('x', { ports: [{ port: 0 }] }),
      expect.arrayContaining(['spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive']),
    ],
    [
      'a service with a dot in its name',
      '',
      'services',
      service('a.b', { ports: [{ port: 1 }] }),
      ['metadata.name: Invalid value: "a.b": must not contain dots'],
    ],
    [
      'a bad key in a config map',
      '',
      'configmaps',
      { metadata: { name: 'x' }, data: { 'a b': '1' } },
      [expect.stringMatching(/^data\[a b\]: Invalid value: "a b": a valid config key/)],
    ],
    [
      'a secret that is not base64',
      '',
      'secrets',
      { metadata: { name: 'x' }, data: { a: '!' } },
      ['data[a]: Invalid value: "<secret contents redacted>": must be base64'],
    ],
    [
      'a TLS secret without its key',
      '',
      'secrets',
      { metadata: { name: 'x' }, type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
      ['data[tls.key]: Required value'],
    ],
    [
      'a claim without a size',
      '',
      'persistentvolumeclaims',
      { metadata: { name: 'x' }, spec: { accessModes: ['ReadWriteOnce'] } },
      ['spec.resources[storage]: Required value'],
    ],
    [
      'a role without verbs',
      'rbac.authorization.k8s.io',
      'roles',
      { metadata: { name: 'x' }, rules: [{ apiGroups: [''], resources: ['pods'] }] },
      ['rules[0].verbs: Required value: verbs must contain at least one value'],
    ],
    [
      'a binding to nothing',
      'rbac.authorization.k8s.io',
      'rolebindings',
      { metadata: { name: 'x' }, roleRef: { kind: 'Role', name: '' } },
      ['roleRef.name: Required value'],
    ],
    [
      'an ingress without rules',
      'networking.k8s.io',
      'ingresses',
      { metadata: { name: 'x' }, spec: {} },
      ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    ],
    [
      'an event of another namespace',
      '',
      'events',
      { metadata: { name: 'x' }, involvedObject: { namespace: 'other' } },
      ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ],
    [
      'an autoscaler with min above max',
      'autoscaling',
      'horizontalpodautoscalers',
      {
        metadata: { name: 'x' },
        spec: {
          minReplicas: 3,
          maxReplicas: 2,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
        },
      },
      ['spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`'],
    ],
  ])('does not accept %s (refused)', (_name, group, plural, object, causes) => {
    expect(causesOf(() => create(group, plural, object))).toEqual(causes);
  });

  it('says it all in one message', () => {
    const refusal = refusalOf(() =>
      create('apps', 'deployments', deployment('x', { replicas: -1, minReadySeconds: -2 })),
    );
    expect(refusal.message).toBe(
      'Deployment.apps "x" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.minReadySeconds: Invalid value: -2: must be greater than or equal to 0]',
    );
    expect(refusal.status.details).toMatchObject({ name: 'x', group: 'apps', kind: 'Deployment' });
  });
});

describe('what an update may not change', () => {
  const change = (group: string, plural: string, object: Json, edit: (draft: Json) => void): string[] => {
    const own = newStore();
    const created = structuredClone(create(group, plural, object, own));
    edit(created);
    return causesOf(() => own.update(own.resource(group, plural), created));
  };

  it.each<[string, string, string, Json, (draft: Json) => void, string[]]>([
    [
      'the selector of a deployment',
      'apps',
      'deployments',
      deployment('x'),
      (draft) => {
        draft.spec.selector.matchLabels = { app: 'y' };
        draft.spec.template.metadata.labels = { app: 'y' };
      },
      ['spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'],
    ],
    [
      'the service name of a stateful set',
      'apps',
      'statefulsets',
      workload(),
      (draft) => {
        draft.spec.serviceName = 'y';
      },
      [
        expect.stringMatching(
          /^spec: Forbidden: updates to statefulset spec for fields other than 'replicas', .* are forbidden$/,
        ),
      ],
    ],
    [
      'the template of a job',
      'batch',
      'jobs',
      {
        metadata: { name: 'x' },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
      },
      (draft) => {
        draft.spec.template.spec.containers[0].image = 'j';
      },
      [expect.stringMatching(/^spec.template: Invalid value: .*: field is immutable$/)],
    ],
    [
      'the address of a service',
      '',
      'services',
      service('x', { ports: [{ port: 1 }] }),
      (draft) => {
        draft.spec.clusterIP = '10.96.9.9';
      },
      ['spec.clusterIPs[0]: Invalid value: ["10.96.9.9"]: may not change once set'],
    ],
    [
      'the type of a secret',
      '',
      'secrets',
      { metadata: { name: 'x' } },
      (draft) => {
        draft.type = 'other';
      },
      ['type: Invalid value: "other": field is immutable'],
    ],
    [
      'an immutable config map',
      '',
      'configmaps',
      { metadata: { name: 'x' }, immutable: true, data: { a: '1' } },
      (draft) => {
        draft.data.a = '2';
      },
      ['data: Forbidden: field is immutable when `immutable` is set'],
    ],
    [
      'the role of a binding',
      'rbac.authorization.k8s.io',
      'rolebindings',
      { metadata: { name: 'x' }, roleRef: { kind: 'Role', name: 'a' } },
      (draft) => {
        draft.roleRef.name = 'b';
      },
      [expect.stringMatching(/^roleRef: Invalid value: .*: cannot change roleRef$/)],
    ],
  ])('is %s (refused)', (_name, group, plural, object, edit, causes) => {
    expect(change(group, plural, object, edit)).toEqual(causes);
  });
});

describe('the store as controllers see it', () => {
  it('binds pods and finalizes namespaces through a plain update', () => {
    const own = newStore();
    const created = create('', 'pods', pod('x'), own);
    const bound = own.update(own.resource('', 'pods'), { ...created, spec: { ...created.spec, nodeName: 'n1' } });
    expect(bound.spec).toMatchObject({ nodeName: 'n1' });
    const namespaces = own.resource('', 'namespaces');
    own.create(namespaces, { metadata: { name: 'going' } });
    const going = own.delete(namespaces, undefined, 'going');
    own.update(namespaces, { ...going, spec: { finalizers: [] } });
    expect(own.get(namespaces, undefined, 'going')).toBeUndefined();
  });

  it('writes nothing for an equal status', () => {
    const own = newStore();
    const deployments = own.resource('apps', 'deployments');
    const created = create('apps', 'deployments', deployment('x'), own);
    const first = own.updateStatus(deployments, { ...created, status: { replicas: 1 } });
    const { resourceVersion } = own;
    expect(own.updateStatus(deployments, { ...first, status: { replicas: 1 } })).toBe(first);
    expect(own.resourceVersion).toBe(resourceVersion);
  });

  it('holds to the lock (refused)', () => {
    const own = newStore();
    const maps = own.resource('', 'configmaps');
    const created = create('', 'configmaps', { metadata: { name: 'x' } }, own);
    own.update(maps, { ...created, data: { a: '1' } });
    expect(refusalOf(() => own.update(maps, { ...created, data: { a: '2' } })).status).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
    expect(refusalOf(() => own.resource('none', 'things')).code).toBe(404);
  });
});
