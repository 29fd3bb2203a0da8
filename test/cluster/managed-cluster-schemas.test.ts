import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { baseClassObjects } from '../../src/embedded/engines/cluster-api/base-class.ts';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type ClusterClient, createClusterClient } from '../conformance/support/cluster-client.ts';
import { readConnection } from '../conformance/support/connection.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';
import { until } from '../support/until.ts';

/**
 * What is written of managed clusters, judged by the schemas of Cluster API as whatever cluster there is has them: in `test:all` the one of KUBECONFIG. Nothing
 * of Cluster API need run there, since no cluster is waited for.
 */
const ofUser = realKubeconfig();
const mark = randomBytes(3).toString('hex');
const namespace = `longshore-fleet-${mark}`;
const group = '/apis/cluster.x-k8s.io/v1beta2';
const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let client: ClusterClient;
let cluster = '';

beforeAll(async () => {
  let kubeconfig = ofUser ?? '';
  if (!ofUser) {
    sayThatEmbeddedStandsIn();
    const engines = await loadEngines(['cluster-api']);
    const standIn = stack.use(await startEmbeddedCluster({ engines, controllers: false }));
    kubeconfig = stack.use(await kubeconfigFile(standIn)).path;
  }
  client = createClusterClient(await readConnection({ kubeconfigPath: kubeconfig }));
  stack.defer(async () => {
    await client.close();
  });
  gateway = stack.use(await startTestGateway({ flags: ['--kubeconfig', kubeconfig] }));
  cluster = gateway.gateway.rooms.clusters.all[0]?.name ?? '';
  await call('createNamespace', { cluster, name: namespace }, 'namespace { name }');
  stack.defer(async () => {
    await call('deleteNamespace', { cluster, name: namespace, confirm: namespace }, '__typename');
  });
});
afterAll(() => stack.disposeAsync());

type Answer = ReturnType<typeof JSON.parse>;
async function call(mutation: string, input: object, fields: string): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const source = `mutation ($input: ${type}Input!) { answer: ${mutation}(input: $input) { __typename ... on ${type}Success { ${fields} }
    ... on Error { message } ... on ValidationError { issues { path message } } } }`;
  const token = gateway.gateway.rooms.signIn.adminToken ?? '';
  const { data, errors } = await gateway.query<Answer>(source, { input } as never, { token });
  expect(errors).toBeUndefined();
  return data.answer;
}
const refusals = ({ warnings }: Answer): string[] =>
  warnings.filter((warning: string) => /unknown field|deprecated/.test(warning));

async function needs(context: TestContext): Promise<void> {
  if ((await client.get(group)).status === 200) return;
  const why = `${cluster} serves no cluster.x-k8s.io/v1beta2`;
  process.stderr.write(`${context.task.name}: skipped, ${why}\n`);
  context.skip(why);
}

const text = { type: 'string' };
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
/** What forms can say, and the class `base` has no variable for. */
const more = {
  ...{ eip: text, networkZone: text, containerRuntime: text, sshKeyPair: text, etcdDiscoveryFlavor: open },
  ...{ nodeNetwork: open, logService: open, monitorStorage: open, logStorage: open, serviceMesh: { type: 'boolean' } },
  vSwitches: { type: 'array', items: open },
};

/** The class `base` in a namespace of its own, with a variable for each field of the form. */
async function makeClass(): Promise<void> {
  const { spec, ...base } = baseClassObjects.find(({ kind }) => kind === 'ClusterClass') as Answer;
  const variables = Object.entries(more).map(([name, openAPIV3Schema]) => ({
    ...{ name, required: false, schema: { openAPIV3Schema } },
  }));
  const made = await client.create(`${group}/namespaces/${namespace}/clusterclasses`, {
    ...base,
    metadata: { name: 'base', namespace },
    spec: { ...spec, variables: [...spec.variables, ...variables] },
  });
  expect([200, 201], made.text).toContain(made.status);
}

const flavor = { cores: 8, memoryGiB: 16 };
const disks = { systemDisk: { type: 'ssd', sizeGiB: 120 }, dataDisk: { type: 'hdd', sizeGiB: 200 } };
const form = (name: string) => ({
  ...{ cluster, namespace, clusterClass: 'base', name, kubernetesVersion: '1.35.2', description: 'A proof' },
  ...{ podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', vpc: 'vpc-1', subnet: 'subnet-1', securityGroup: 'sg-1' },
  controlPlane: { count: 3, flavor, ...disks, etcdDisk: { type: 'ssd', sizeGiB: 10 }, hasPublicIp: true },
  nodes: [
    { count: 2, namePrefix: 'web', zone: 'zone-a', deploymentUnit: 'du-1', flavor, ...disks },
    { count: 1, namePrefix: 'db', zone: 'zone-b', deploymentUnit: 'du-2', flavor, ...disks },
  ],
  ...{ vSwitches: [{ zone: 'zone-a', id: 'vsw-1' }], eip: { mode: 'USE_EXISTING', id: 'eip-1' }, networkZone: 'zone' },
  nodeNetwork: { mode: 'EXISTING', network: 'net-1', subnet: 'sub-1' },
  ...{ maxPodsPerNode: 64, serviceMesh: true, logService: { isEnabled: true, project: 'logs' }, sshKeyPair: 'mine' },
  ...{ containerRuntime: 'containerd', rootPasswordSecret: 'root', etcdDiscoveryFlavor: { cores: 1, memoryGiB: 0.5 } },
  ...{ publicIpBandwidthMbps: 20, nodeDns: ['9.9.9.9'], registryAddress: 'registry.example.com' },
  ...{ monitorStorage: { sizeGiB: 100, retentionDays: 30 }, logStorage: { sizeGiB: 200 } },
});

describe('what is written of managed clusters, by the schemas of Cluster API', () => {
  it('a Cluster with every field of the form, whole, and then more nodes for it (CMP-01, CMP-02, CMP-03, CMP-04, CMP-23)', async (context) => {
    await needs(context);
    await makeClass();
    const name = `proof-${mark}`;
    await until(async () => {
      const tried = await call('createManagedCluster', { ...form(name), dryRun: true }, 'warnings');
      expect(tried).toMatchObject({ __typename: 'CreateManagedClusterSuccess' });
      expect(refusals(tried)).toEqual([]);
    });
    const begun = await call('createManagedCluster', form(name), 'managedClusterId');
    expect(begun).toMatchObject({ __typename: 'CreateManagedClusterSuccess' });
    const path = `${group}/namespaces/${namespace}/clusters/${name}`;
    const stored = await until(async () => {
      const { status, body } = await client.get(path);
      expect(status).toBe(200);
      return body as Answer;
    });
    const { topology, clusterNetwork } = stored.spec;
    expect(clusterNetwork).toMatchObject({
      pods: { cidrBlocks: ['10.244.0.0/16'] },
      services: { cidrBlocks: ['10.96.0.0/16'] },
    });
    expect(topology).toMatchObject({ classRef: { name: 'base' }, version: 'v1.35.2', controlPlane: { replicas: 3 } });
    const namesOf = (variables: readonly Answer[]) => variables.map((each) => each.name).sort();
    expect(namesOf(topology.controlPlane.variables.overrides)).toEqual([
      'dataDisk',
      'etcdDisk',
      'masterPublicIp',
      'nodeFlavor',
      'systemDisk',
    ]);
    expect(namesOf(topology.variables)).toEqual(expect.arrayContaining(Object.keys(more).sort()));
    expect(
      topology.workers.machineDeployments.map((each: Answer) => [each.name, each.replicas, each.failureDomain]),
    ).toEqual([
      ['web', 2, 'zone-a'],
      ['db', 1, 'zone-b'],
    ]);
    expect(JSON.stringify(topology.workers.machineDeployments)).toContain('du-1');

    // One that nobody is making: what is said of more nodes is tried against its schema alone.
    const { status: _status, metadata: _metadata, ...plain } = stored;
    const metadata = { name: `${name}-2`, namespace };
    const other = await client.create(`${group}/namespaces/${namespace}/clusters`, { ...plain, metadata });
    expect([200, 201], other.text).toContain(other.status);
    const id = Buffer.from(
      ['k8s', cluster, 'cluster.x-k8s.io', 'Cluster', namespace, `${name}-2`].map(encodeURIComponent).join('|'),
    ).toString('base64url');
    await until(async () => {
      const nodes = [{ count: 3, namePrefix: 'cache', zone: 'zone-a', deploymentUnit: 'du-1', flavor, ...disks }];
      const tried = await call('expandManagedCluster', { id, nodes, dryRun: true }, 'warnings');
      expect(tried).toMatchObject({ __typename: 'ExpandManagedClusterSuccess' });
      expect(refusals(tried)).toEqual([]);
    });
    const gone = await call('deleteManagedCluster', { id: begun.managedClusterId, confirm: name }, 'managedClusterId');
    expect(gone).toMatchObject({ __typename: 'DeleteManagedClusterSuccess' });
    await until(async () => expect((await client.get(path)).status).toBe(404));
  });
});
