import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type ClusterClient, createClusterClient } from '../conformance/support/cluster-client.ts';
import { readConnection } from '../conformance/support/connection.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';
import { until } from '../support/until.ts';

/**
 * What the forms of storage and network write, judged by the schemas of whatever cluster there is: in `test:all` the one of KUBECONFIG, with the
 * engines' own definitions as far as it has them. No engine need run there: what one would report the test writes itself.
 */
const ofUser = realKubeconfig();
const mark = randomBytes(3).toString('hex');
const namespace = `longshore-schemas-${mark}`;
const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let client: ClusterClient;
let cluster = '';

beforeAll(async () => {
  let kubeconfig = ofUser ?? '';
  if (!ofUser) {
    sayThatEmbeddedStandsIn();
    const engines = await loadEngines(['volume-snapshot', 'kube-ovn', 'gateway-api']);
    const standIn = stack.use(await startEmbeddedCluster({ engines, controllers: false }));
    kubeconfig = stack.use(await kubeconfigFile(standIn)).path;
  }
  client = createClusterClient(await readConnection({ kubeconfigPath: kubeconfig }));
  atTheEnd(() => client.close());
  gateway = stack.use(await startTestGateway({ flags: ['--kubeconfig', kubeconfig] }));
  cluster = gateway.gateway.rooms.clusters.all[0]?.name ?? '';
  await done('createNamespace', { cluster, name: namespace }, 'namespace { name }');
  atTheEnd(() => answerOf('deleteNamespace', { cluster, name: namespace, confirm: namespace }, '__typename'));
});
afterAll(() => stack.disposeAsync());

function atTheEnd(act: () => Promise<unknown>): void {
  stack.defer(async () => {
    await act();
  });
}

interface Answer {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

async function query(text: string, variables: object = {}): Promise<Record<string, unknown>> {
  const token = gateway.gateway.rooms.signIn.adminToken ?? '';
  const { data, errors } = await gateway.query(text, variables as Record<string, unknown>, { token });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

async function answerOf(mutation: string, input: object, fields: string): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const data = await query(
    `mutation ($input: ${type}Input!) { answer: ${mutation}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message } ... on ValidationError { issues { path message } } } }`,
    { input },
  );
  return data.answer as Answer;
}

/** The success of a mutation of which the cluster drops no field; fails the test with what it answers otherwise. */
async function done(mutation: string, input: object, fields: string): Promise<Answer> {
  const answer = await answerOf(mutation, input, `${fields} warnings`);
  const results = (answer.results ?? []) as { ok: boolean }[];
  if (!answer.__typename.endsWith('Success') || results.some(({ ok }) => !ok)) {
    throw new Error(`${mutation} ${JSON.stringify(input)}: ${JSON.stringify(answer)}`);
  }
  expect((answer.warnings as string[]).filter((warning) => /unknown field|deprecated/.test(warning))).toEqual([]);
  return answer;
}

const inPlace = () => ({ cluster, namespace });
const result = (field: string) => `results { ok error { message } ${field} { id name } }`;
const first = ({ results }: Answer, field: string): Named => (results as Record<string, Named>[])[0]?.[field] as Named;

/** Ends a test that a cluster cannot run, and says why. */
async function needs(context: TestContext, group: string, definitions: readonly string[]): Promise<void> {
  const { status, body } = await client.get(`/apis/${group}/v1`);
  const served = new Set(((status === 200 ? body.resources : []) as { name: string }[]).map(({ name }) => name));
  const missing = definitions.filter((name) => !served.has(name));
  if (missing.length === 0) return;
  const why = `${cluster} serves no ${missing.map((name) => `${name}.${group}`).join(', ')}`;
  process.stderr.write(`${context.task.name}: skipped, ${why}\n`);
  context.skip(why);
}

/** What an engine would say of its object, said by the test unless one has. */
async function report(
  path: string,
  status: object,
  isThere: (status: Record<string, unknown>) => boolean,
): Promise<void> {
  const { body } = await client.get(path);
  if (isThere((body.status ?? {}) as Record<string, unknown>)) return;
  const answer = await client.patch('merge', `${path}/status`, { status });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
}

async function apply(object: object): Promise<void> {
  await done('applyManifest', { cluster, manifest: JSON.stringify(object) }, 'documents { error { message } }');
}

async function isBound(path: string): Promise<void> {
  expect((await client.get(path)).body.status?.phase).toBe('Bound');
}

/** Until the gateway has seen it. */
const seen = (id: string, fields: string, expected: object) =>
  until(async () => {
    const { node } = await query(`query ($id: ID!) { node(id: $id) { ${fields} } }`, { id });
    expect(node).toMatchObject(expected);
  });

describe('what the forms write, by the schemas of the cluster', () => {
  const labels = [{ key: 'example.com/of', value: 'proof' }];
  const annotations = [{ key: 'example.com/note', value: 'any text' }];

  it('classes, volumes and claims (STO-01, STO-04, STO-05, STO-06)', async () => {
    const name = `schemas-${mark}`;
    const volume = { cluster, driver: 'disk.example.com', capacity: '2Gi', accessModes: ['READ_WRITE_ONCE'] };
    const made = await done(
      'createStorageClass',
      {
        ...{ cluster, name, provisioner: 'disk.example.com', labels, annotations, allowsExpansion: true },
        ...{ reclaimPolicy: 'RETAIN', volumeBindingMode: 'IMMEDIATE', mountOptions: ['noatime'], zones: ['zone-a'] },
        ...{ accessModes: ['READ_WRITE_ONCE'], minimumSize: '1Gi' },
        parameters: [{ name: 'csi.storage.k8s.io/fstype', value: 'ext4' }],
      },
      'storageClass { id name }',
    );
    atTheEnd(() => answerOf('deleteStorageClass', { id: (made.storageClass as Named).id }, '__typename'));
    for (const more of [
      { fileSystem: 'ext4', volumeAttributes: [{ name: 'kind', value: 'ssd' }], mountOptions: ['noatime'] },
      { volumeMode: 'BLOCK', zones: ['zone-a', 'zone-b'], isReadOnly: true },
    ]) {
      const of = `${name}-${'zones' in more ? 'block' : 'files'}`;
      const input = { ...volume, ...more, name: of, storageClass: name, volumeHandle: of, labels, annotations };
      const { persistentVolume } = await done('createPersistentVolume', input, 'persistentVolume { id name }');
      atTheEnd(() => answerOf('deletePersistentVolume', { id: (persistentVolume as Named).id }, '__typename'));
    }
    const claim = { ...inPlace(), size: '1Gi', storageClass: name, accessModes: ['READ_WRITE_ONCE'] };
    await done('createPersistentVolumeClaim', { ...claim, name: 'plain', labels }, 'persistentVolumeClaim { id }');
    const bound = { ...claim, name: 'bound', volumeName: `${name}-block`, volumeMode: 'BLOCK' };
    await done('createPersistentVolumeClaim', bound, 'persistentVolumeClaim { id }');
  });

  it('disks, their copies and their snapshots (STO-14, STO-17, STO-20)', async (context) => {
    await needs(context, 'snapshot.storage.k8s.io', ['volumesnapshots', 'volumesnapshotclasses']);
    const name = `disks-${mark}`;
    const driver = 'disk.example.com';
    const made = await done(
      'createStorageClass',
      { cluster, name, provisioner: driver, allowsExpansion: true },
      'storageClass { id name }',
    );
    atTheEnd(() => answerOf('deleteStorageClass', { id: (made.storageClass as Named).id }, '__typename'));
    const snapshotClass = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass', metadata: { name } };
    await apply({ ...snapshotClass, driver, deletionPolicy: 'Delete' });
    atTheEnd(() => client.delete(`/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses/${name}`));
    // A volume for the disk: of a real cluster its own controllers bind the two.
    const volume = { cluster, name, driver, capacity: '1Gi', storageClass: name, volumeHandle: name };
    const { persistentVolume } = await done('createPersistentVolume', volume, 'persistentVolume { id }');
    atTheEnd(() => answerOf('deletePersistentVolume', { id: (persistentVolume as Named).id }, '__typename'));
    const form = { displayName: 'Data', description: 'Of the shop', storageClass: name };
    const disk = (await done('createDisk', { ...inPlace(), ...form, name: 'data', sizeGib: 1 }, 'claim { id }'))
      .claim as Named;
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/data`;
    if (ofUser) await until(() => isBound(path), 5_000).catch(() => undefined);
    const bound = { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };
    await report(path, bound, ({ phase }) => phase === 'Bound');
    await seen(disk.id, '... on PersistentVolumeClaim { phase }', { phase: 'BOUND' });
    const { volumeSnapshot } = await done(
      'createVolumeSnapshot',
      { diskId: disk.id, name: 'kept', displayName: 'Kept', description: 'Before the change' },
      'volumeSnapshot { id }',
    );
    const { id: snapshotId } = volumeSnapshot as Named;
    await report(
      `/apis/snapshot.storage.k8s.io/v1/namespaces/${namespace}/volumesnapshots/kept`,
      { readyToUse: true, restoreSize: '1Gi', boundVolumeSnapshotContentName: 'some-content' },
      ({ readyToUse }) => readyToUse === true,
    );
    await seen(snapshotId, '... on VolumeSnapshot { state }', { state: 'READY' });
    await done('createDisk', { ...inPlace(), name: 'restored', storageClass: name, snapshotId }, 'claim { id }');
    await done('cloneDisk', { id: disk.id, name: 'copied', displayName: 'Copy' }, 'claim { id }');
    await done('extendDisk', { id: disk.id, sizeGib: 2 }, 'claim { id }');
  });

  it('Services, Ingresses, load balancers, listeners and backend groups of every protocol (NET-02, NET-10, NET-15, NET-17, NET-19)', async (context) => {
    await needs(context, 'gateway.networking.k8s.io', [
      'gateways',
      'gatewayclasses',
      'httproutes',
      'tcproutes',
      'udproutes',
    ]);
    const className = `schemas-${mark}`;
    const gatewayClass = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: className },
    };
    await apply({ ...gatewayClass, spec: { controllerName: 'example.com/none' } });
    atTheEnd(() => client.delete(`/apis/gateway.networking.k8s.io/v1/gatewayclasses/${className}`));
    const selector = { labels: [{ key: 'app', value: 'proof' }] };
    const ports = [
      { name: 'web', port: 80, targetPort: 8080 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ];
    const service = { clusters: [cluster], namespace, labels, annotations, selector };
    await done('createService', { ...service, name: 'front', type: 'CLUSTER_IP', ports }, result('service'));
    await done('createService', { ...service, name: 'nodes', type: 'NODE_PORT', ports }, result('service'));
    const outside = {
      clusters: [cluster],
      namespace,
      name: 'outside',
      type: 'EXTERNAL_NAME',
      externalName: 'example.com',
    };
    await done('createService', outside, result('service'));
    const paths = [
      { path: '/', serviceName: 'front', servicePort: 80 },
      { path: '/exact', pathType: 'EXACT', serviceName: 'front', servicePort: 'web' },
    ];
    const rules = [{ host: `${mark}.example.com`, paths }];
    await done('createIngress', { clusters: [cluster], namespace, name: 'front', rules }, result('ingress'));
    const balancer = first(
      await done(
        'createLoadBalancer',
        { clusters: [cluster], namespace, name: 'front', className, displayName: 'Front', bandwidthMbps: 10 },
        result('loadBalancer'),
      ),
      'loadBalancer',
    );
    for (const [protocol, port] of [
      ['TCP', 80],
      ['UDP', 53],
      ['HTTP', 80],
    ] as const) {
      const settings = protocol === 'HTTP' ? { isXForwardedForSet: true, isSessionPersistent: true } : {};
      const members = { services: [{ service: 'front', port, weight: 3 }] };
      const form = { ...inPlace(), ...members, ...settings, protocol, forwarding: 'WEIGHTED', isHealthChecked: true };
      const name = `of-${protocol.toLowerCase()}`;
      const group = (await done('createBackendGroup', { ...form, name, displayName: 'Front' }, 'backendGroup { id }'))
        .backendGroup as Named;
      const listener = { loadBalancerId: balancer.id, backendGroupId: group.id, name, protocol, port: 9000 + port };
      const made = (await done('createListener', listener, 'listener { id }')).listener as Named;
      await done('unbindBackendGroup', { id: group.id, listenerId: made.id }, 'backendGroup { id }');
      await done('bindBackendGroup', { id: group.id, listenerId: made.id }, 'backendGroup { id }');
      await done('updateBackendGroup', { id: group.id, isHealthChecked: false }, 'backendGroup { id }');
      await done('updateListener', { id: made.id, port: 9100 + port }, 'listener { id }');
      await done('unbindBackendGroup', { id: group.id, listenerId: made.id }, 'backendGroup { id }');
      await done('deleteListener', { id: made.id, confirm: name }, 'id');
    }
  });

  it('VPCs, subnets, NAT gateways, elastic IPs and their rules, and takes them down again (NET-24, NET-26, NET-34, NET-36, NET-37)', async (context) => {
    const definitions = ['vpcs', 'subnets', 'vpc-nat-gateways', 'qos-policies'];
    const rules = ['iptables-eips', 'iptables-snat-rules', 'iptables-dnat-rules', 'iptables-fip-rules'];
    await needs(context, 'kubeovn.io', [...definitions, ...rules]);
    const name = `schemas-${mark}`;
    const subnets = [
      { name: 'first', cidr: '10.231.0.0/24', gateway: '10.231.0.1', description: 'The first', isPrivate: true },
    ];
    const form = { clusters: [cluster], name, cidr: '10.231.0.0/16', description: 'Of the proof', subnets };
    const made = await done('createVpc', form, 'results { ok error { message } vpc { id name } subnets { id name } }');
    const vpc = first(made, 'vpc');
    const subnet = (made.results as { subnets: Named[] }[])[0]?.subnets[0] as Named;
    atTheEnd(() => answerOf('deleteVpc', { id: vpc.id }, '__typename'));
    const added = await done(
      'addSubnets',
      { id: vpc.id, subnets: [{ name: 'second', mask: 26 }] },
      'subnets { id name }',
    );
    const [second] = added.subnets as Named[];
    await done('setSubnetNamespaces', { id: second?.id, namespaces: [namespace] }, 'subnet { id }');
    await report(
      `/apis/kubeovn.io/v1/subnets/${subnet.name}`,
      { v4availableIPrange: '10.231.0.2-10.231.0.254', v4availableIPs: 253 },
      ({ v4availableIPrange }) => v4availableIPrange !== undefined,
    );
    const places = [{ vpcId: vpc.id, subnetId: subnet.id, snatRules: [{ subnetId: subnet.id, description: 'Out' }] }];
    let gatewayId = '';
    await until(async () => {
      const form = { name, places, bandwidthMbps: 20, description: 'Way out' };
      gatewayId = first(await done('createNatGateway', form, result('natGateway')), 'natGateway').id;
    });
    const { elasticIp } = await done(
      'createElasticIp',
      { natGatewayId: gatewayId, name: `${name}-more`, bandwidthMbps: 5, description: 'In' },
      'elasticIp { id name }',
    );
    const elasticIpId = (elasticIp as Named).id;
    await done('updateElasticIp', { id: elasticIpId, bandwidthMbps: 7 }, 'elasticIp { id }');
    const snat = await done(
      'addSnatRules',
      { rules: [{ natGatewayId: gatewayId, subnetId: second?.id, elasticIpId, description: 'Out' }] },
      result('snatRule'),
    );
    const ids = [first(snat, 'snatRule').id];
    const portMapping = { protocol: 'UDP', elasticIpPort: 5353, instancePort: 53 };
    const rule = { elasticIpId, address: '10.231.0.9' };
    const dnat = (await done('createDnatRule', { ...rule, portMapping, description: 'In' }, 'dnatRule { id }'))
      .dnatRule as Named;
    await done('deleteDnatRule', { id: dnat.id }, 'id');
    await done('deleteSnatRule', { id: ids[0], acknowledge: ['INTERNET_ACCESS_LOST'] }, 'id');
    await until(() => done('createDnatRule', { ...rule, description: 'All of it' }, 'dnatRule { id }'));
  });
});
