import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../testing/start-test-api.ts';
import { type EngineApi, startEngineApi } from '../testing/start-engine-api.ts';
import { clusterApiEngine } from './engine.ts';

let world: EngineApi;
beforeAll(async () => {
  world = await startEngineApi(clusterApiEngine, 0);
});
afterAll(() => world.stop());

let number = 0;
const named = (spec: object, metadata: object = {}) => {
  number += 1;
  return { metadata: { name: `one-${number}`, ...metadata }, spec };
};
const topology = (fields: object = {}) => ({
  topology: { classRef: { name: 'base' }, version: 'v1.35.2', controlPlane: { replicas: 1 }, ...fields },
});
const workers = (...machineDeployments: object[]) => topology({ workers: { machineDeployments } });
const create = (plural: string, object: object) => world.post(plural, 'fleet', object);
const refused = async (plural: string, object: object): Promise<string> => {
  const { code, body } = await create(plural, object);
  expect(code, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
  return String(body.message);
};
const taken = async (plural: string, object: object): Promise<Json> => {
  const { code, body } = await create(plural, object);
  expect(code, String(body.message)).toBe(201);
  return body;
};
const variable = (object: Json, name: string): unknown =>
  object.spec.topology.variables.find((each: Json) => each.name === name)?.value;

describe('the definitions of Cluster API', () => {
  it('are served as v1beta2 with their subresources and columns', async () => {
    const { body } = await world.api.call('GET', '/apis/cluster.x-k8s.io/v1beta2');
    const names = body.resources.map(({ name }: Json) => name);
    expect(names).toEqual(
      expect.arrayContaining(['clusters', 'clusters/status', 'clusterclasses', 'machines', 'machinedeployments/scale']),
    );
    const table = await world.api.call('GET', '/apis/cluster.x-k8s.io/v1beta2/machinedeployments', {
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    });
    const columns = table.body.columnDefinitions.map(({ name }: Json) => name);
    expect(columns).toEqual(expect.arrayContaining(['Cluster', 'Desired', 'Up-to-date', 'Phase', 'Version']));
  });

  it('come with a class whose variables have schemas and defaults', async () => {
    const found = await world.read('clusterclasses', 'fleet', 'base');
    const schemas = Object.fromEntries(
      found.spec.variables.map((each: Json) => [each.name, each.schema.openAPIV3Schema]),
    );
    expect(schemas.nodeFlavor).toMatchObject({ type: 'string', default: '4C-8GiB' });
    expect(schemas.systemDisk.default).toEqual({ type: 'hdd', sizeGiB: 40 });
    expect(schemas.sshKeys).toMatchObject({ type: 'array', default: [] });
  });

  it.each([
    ['an empty spec', 'clusters', named({}), 'spec.properties: Invalid value|should have at least 1'],
    [
      'a reference with a version',
      'machines',
      named({
        clusterName: 'c',
        bootstrap: {},
        infrastructureRef: { apiVersion: 'a/v1', kind: 'DevMachine', name: 'm' },
      }),
      'infrastructureRef.apiGroup: Required',
    ],
    [
      'an unknown order of deletion',
      'clusters',
      named(workers({ class: 'default', name: 'md-0', deletion: { order: 'Best' } })),
      'Unsupported value: "Best"',
    ],
    [
      'two groups of one name',
      'clusters',
      named(workers({ class: 'default', name: 'a' }, { class: 'default', name: 'a' })),
      'Duplicate value',
    ],
  ])('refuse %s', async (_what, plural, object, words) => {
    expect(await refused(plural, object)).toMatch(new RegExp(words));
  });
});

describe('a Cluster with a topology', () => {
  it('takes the defaults of its class and a version without its v', async () => {
    const made = await taken('clusters', named(topology({ version: '1.35.2' })));
    expect(made.spec.topology.version).toBe('v1.35.2');
    expect(variable(made, 'nodeFlavor')).toBe('4C-8GiB');
    expect(variable(made, 'etcdDisk')).toEqual({ type: 'hdd', sizeGiB: 5 });
  });

  it('keeps what is said and fills up what is said by half', async () => {
    const variables = [
      { name: 'sshKeys', value: ['ssh-ed25519 AAAA me'] },
      { name: 'systemDisk', value: { sizeGiB: 200 } },
    ];
    const overrides = [{ name: 'nodeFlavor', value: '8C-16GiB' }];
    const made = await taken(
      'clusters',
      named({
        topology: {
          ...topology({ variables }).topology,
          workers: { machineDeployments: [{ class: 'default', name: 'md-0', variables: { overrides } }] },
        },
      }),
    );
    expect(variable(made, 'sshKeys')).toEqual(['ssh-ed25519 AAAA me']);
    expect(variable(made, 'systemDisk')).toEqual({ type: 'hdd', sizeGiB: 200 });
    expect(made.spec.topology.workers.machineDeployments[0].variables.overrides).toEqual(overrides);
  });

  const withVariable = (name: string, value: unknown) => named(topology({ variables: [{ name, value }] }));
  const withOverride = (name: string, value: unknown) =>
    named(workers({ class: 'default', name: 'md-0', variables: { overrides: [{ name, value }] } }));
  it.each([
    [
      'a variable nobody defines',
      withVariable('colour', 'red'),
      'variables[colour]: Invalid value: "\\"red\\"": variable is not defined',
    ],
    [
      'a flavor that is none',
      withVariable('nodeFlavor', 'large'),
      'variables[nodeFlavor].value: Invalid value: "\\"large\\"": should match',
    ],
    ['a disk of a text', withVariable('systemDisk', 'big'), 'variables[systemDisk].value'],
    ['a disk without end', withVariable('systemDisk', { sizeGiB: 70_000 }), 'variables[systemDisk].value.sizeGiB'],
    [
      'a disk with a field nobody knows',
      withVariable('dataDisk', { sizeGiB: 5, iops: 9 }),
      '"iops" field(s) are not specified in the variable schema of variable "dataDisk"',
    ],
    [
      'a wrong override of workers',
      withOverride('nodeFlavor', '0C-8GiB'),
      'workers.machineDeployments[md-0].variables.overrides[nodeFlavor].value',
    ],
    ['an override nobody defines', withOverride('colour', 'red'), 'overrides[colour]: Invalid value'],
    [
      'workers of no class',
      named(workers({ class: 'gpu', name: 'md-0' })),
      'MachineDeploymentClass with name "gpu" does not exist in ClusterClass "base"',
    ],
    ['a version that is none', named(topology({ version: 'newest' })), 'version must be a valid semantic version'],
    [
      'a network that is none',
      named({ ...topology(), clusterNetwork: { pods: { cidrBlocks: ['10.0.0.0/40'] } } }),
      'invalid CIDR address: 10.0.0.0/40',
    ],
    [
      'neither topology nor references',
      named({ paused: true }),
      'one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set',
    ],
    ['a name too long for a label', named(topology(), { name: 'a'.repeat(64) }), 'must be a valid label value'],
  ])('is refused with %s (bad input)', async (_what, object, words) => {
    expect(await refused('clusters', object)).toContain(words);
  });

  it('may wait for a class that is not there yet, and is not changed without one (refused)', async () => {
    const made = await taken('clusters', named({ topology: { classRef: { name: 'later' }, version: 'v1.35.0' } }));
    expect(made.spec.topology.variables).toBeUndefined();
    const changed = { spec: { topology: { version: 'v1.35.1' } } };
    const { code, body } = await world.patch('clusters', 'fleet', made.metadata.name, changed);
    expect([code, body.message]).toEqual([422, expect.stringContaining('ClusterClass not found')]);
  });

  it.each([
    ['v1.35.1', 'version cannot be decreased from "1.35.2" to "1.35.1"'],
    ['v1.37.0', 'version cannot be increased from "1.35.2" to "1.37.0"'],
    ['v1.36.0', 'version cannot be changed'],
  ])('does not go to %s at once (refused)', async (version, words) => {
    const made = await taken('clusters', named(topology()));
    const { code, body } = await world.patch('clusters', 'fleet', made.metadata.name, {
      spec: { topology: { version } },
    });
    expect([code, body.message]).toEqual([422, expect.stringContaining(words)]);
  });

  it('does not lose its topology (refused)', async () => {
    const made = await taken('clusters', named({ ...topology(), paused: true }));
    const { body } = await world.patch('clusters', 'fleet', made.metadata.name, { spec: { topology: null } });
    expect(body.message).toContain('spec.topology: Forbidden: cannot be removed from an existing Cluster');
  });
});

const machine = (fields: object = {}) => ({
  clusterName: 'one',
  bootstrap: { dataSecretName: 'data' },
  infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevMachine', name: 'm' },
  ...fields,
});
const deployment = (fields: object = {}, ofMachine: object = {}) =>
  ({ clusterName: 'one', selector: {}, template: { spec: machine(ofMachine) }, paused: true, ...fields }) as const;

describe('machines', () => {
  it('are labelled with their cluster', async () => {
    const made = await taken('machines', named(machine({ version: '1.35.2' })));
    expect(made.metadata.labels).toEqual({ 'cluster.x-k8s.io/cluster-name': 'one' });
    expect(made.spec).toMatchObject({ version: 'v1.35.2', deletion: { nodeDeletionTimeoutSeconds: 10 } });
  });

  it('of a deployment are selected by its name, one at a time', async () => {
    const made = await taken('machinedeployments', named(deployment()));
    const labels = { 'cluster.x-k8s.io/deployment-name': made.metadata.name, 'cluster.x-k8s.io/cluster-name': 'one' };
    expect(made.spec.selector.matchLabels).toEqual(labels);
    expect(made.spec.template.metadata.labels).toEqual(labels);
    expect(made.spec).toMatchObject({
      replicas: 1,
      rollout: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    });
  });

  const autoscaled = (min: string, max: string) => ({
    name: `scaled-${min}-${max}`,
    annotations: {
      'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size': min,
      'cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size': max,
    },
  });
  it('begin with the least number that the autoscaler is allowed', async () => {
    const made = await taken('machinedeployments', named(deployment(), autoscaled('3', '6')));
    expect(made.spec.replicas).toBe(3);
    expect(await refused('machinedeployments', named(deployment(), autoscaled('few', '6')))).toContain(
      'could not parse the value of the "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size" annotation',
    );
  });

  it.each([
    [
      'nothing to become a node with',
      deployment({}, { bootstrap: {} }),
      'dataSecretName or spec.template.spec.bootstrap.configRef to be populated',
    ],
    ['machines of another cluster', deployment({}, { clusterName: 'two' }), 'must be set to the same value'],
    ['labels it does not select', deployment({ selector: { matchLabels: { app: 'x' } } }), 'must match spec.selector'],
    ['a version that is none', deployment({}, { version: 'v1' }), 'must be a valid semantic version'],
    [
      'neither surge nor loss',
      deployment({
        rollout: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      }),
      'maxUnavailable and maxSurge cannot both be 0',
    ],
    [
      'a surge of words',
      deployment({ rollout: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 'some' } } } }),
      'must be either an int or a percentage',
    ],
    [
      'the taint of control planes',
      deployment(
        {},
        { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule', propagation: 'Always' }] },
      ),
      'taint is not allowed for worker Machines',
    ],
  ])('are refused with %s (bad input)', async (_what, spec, words) => {
    expect(await refused('machinedeployments', named(spec))).toContain(words);
  });

  it('never change their cluster (refused)', async () => {
    const made = await taken('machinedeployments', named(deployment()));
    const change = { spec: { clusterName: 'two', template: { spec: { clusterName: 'two' } } } };
    const { body } = await world.patch('machinedeployments', 'fleet', made.metadata.name, change);
    expect(body.message).toContain('spec.clusterName: Forbidden: field is immutable');
  });
});

describe('a control plane', () => {
  const plane = (fields: object = {}) => ({
    version: 'v1.35.2',
    machineTemplate: {
      spec: {
        infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevMachineTemplate', name: 't' },
      },
    },
    ...fields,
  });
  const external = {
    kubeadmConfigSpec: { clusterConfiguration: { etcd: { external: { endpoints: ['https://e'] } } } },
  };

  it.each([
    ['one', plane(), 1],
    ['five', plane({ replicas: 5 }), 5],
    ['two with etcd elsewhere', plane({ replicas: 2, ...external }), 2],
  ])('has %s', async (_what, spec, replicas) => {
    expect((await taken('kubeadmcontrolplanes', named(spec))).spec.replicas).toBe(replicas);
  });

  it.each([
    ['two machines', plane({ replicas: 2 }), 'spec.replicas: Forbidden: cannot be an even number when etcd is stacked'],
    ['none', plane({ replicas: 0 }), 'cannot be less than or equal to 0'],
    ['a version that is none', plane({ version: 'v1.35' }), 'must be a valid semantic version'],
    [
      'a surge of two',
      plane({ rollout: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2 } } } }),
      'value must be 1 or 0',
    ],
  ])('is refused with %s (bad input)', async (_what, spec, words) => {
    expect(await refused('kubeadmcontrolplanes', named(spec))).toContain(words);
  });

  it('is not scaled to an even number by its scale either (refused)', async () => {
    const { metadata } = await taken('kubeadmcontrolplanes', named(plane({ replicas: 3 })));
    const path = `/apis/controlplane.cluster.x-k8s.io/v1beta2/namespaces/fleet/kubeadmcontrolplanes/${metadata.name}/scale`;
    const scale = (replicas: number) =>
      world.api.call('PATCH', path, { body: { spec: { replicas } }, contentType: 'application/merge-patch+json' });
    const { code, body } = await scale(4);
    expect([code, body.message]).toEqual([
      403,
      'admission webhook "validation-scale.kubeadmcontrolplane.controlplane.cluster.x-k8s.io" denied the request: replicas cannot be an even number when etcd is stacked',
    ]);
    expect((await scale(5)).code).toBe(200);
  });

  it('does not skip a minor version (refused)', async () => {
    const { metadata } = await taken('kubeadmcontrolplanes', named(plane()));
    const { body } = await world.patch('kubeadmcontrolplanes', 'fleet', metadata.name, {
      spec: { version: 'v1.37.0' },
    });
    expect(body.message).toContain('cannot update Kubernetes version from v1.35.2 to v1.37.0');
  });
});

describe('a ClusterClass', () => {
  const withPatch = (jsonPatch: object, patch: object = {}): Promise<string> =>
    world.read('clusterclasses', 'fleet', 'base').then(({ spec }) => {
      const selector = { ...spec.patches[0].definitions[0].selector };
      const definitions = [{ selector, jsonPatches: [{ op: 'add', path: '/spec/x', ...jsonPatch }] }];
      return refused('clusterclasses', named({ ...spec, patches: [{ name: 'p', definitions, ...patch }] }));
    });

  it.each([
    [
      'a variable it does not define',
      { valueFrom: { variable: 'colour' } },
      'variable with name colour cannot be found',
    ],
    ['a place outside the spec', { path: '/metadata/x', value: 1 }, 'jsonPatch path must start with'],
    ['a list in its middle', { path: '/spec/list/2', value: 1 }, 'arrays can only be accessed using'],
    ['no value', {}, 'jsonPatch must define one of value or valueFrom'],
    [
      'a template, which is not understood',
      { valueFrom: { template: '{{ .x }}' } },
      'is not understood by this simulated',
    ],
  ])('is refused when it patches with %s (bad input)', async (_what, jsonPatch, words) => {
    expect(await withPatch(jsonPatch)).toContain(words);
  });

  it('is refused with a variable whose schema is none (bad input)', async () => {
    const { spec } = await world.read('clusterclasses', 'fleet', 'base');
    const variables = [{ name: 'size', required: true, schema: { openAPIV3Schema: { type: 'array' } } }];
    expect(await refused('clusterclasses', named({ ...spec, patches: [], variables }))).toContain('items');
  });
});
