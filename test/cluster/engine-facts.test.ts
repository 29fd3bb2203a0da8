import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { type ClusterClient, createClusterClient } from '../conformance/support/cluster-client.ts';
import { readConnection } from '../conformance/support/connection.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';

/**
 * What the forms of storage and network rely on in the schemas of their engines: asked of whatever cluster there is, by writes that are tried
 * and not done. What the embedded cluster takes and refuses, the engines' own definitions take and refuse too.
 */
const ofUser = realKubeconfig();
const namespace = 'default';
const stack = new AsyncDisposableStack();
let client: ClusterClient;

beforeAll(async () => {
  let kubeconfig = ofUser ?? '';
  if (!ofUser) {
    sayThatEmbeddedStandsIn();
    const engines = await loadEngines(['volume-snapshot', 'kube-ovn', 'gateway-api']);
    const standIn = stack.use(await startEmbeddedCluster({ engines, controllers: false }));
    kubeconfig = stack.use(await kubeconfigFile(standIn)).path;
  }
  client = createClusterClient(await readConnection({ kubeconfigPath: kubeconfig }));
  stack.defer(async () => client.close());
});
afterAll(() => stack.disposeAsync());

interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** Of an object that the cluster takes. */
  readonly spec: Readonly<Record<string, unknown>>;
}

const ofGatewayApi = (version: string, kind: string, plural: string, spec: Definition['spec']): Definition => ({
  ...{ apiVersion: `gateway.networking.k8s.io/${version}`, kind, plural, isNamespaced: true, spec },
});
const ofKubeOvn = (kind: string, plural: string, spec: Definition['spec']): Definition => ({
  ...{ apiVersion: 'kubeovn.io/v1', kind, plural, isNamespaced: false, spec },
});
const listener = { name: 'http', port: 80, protocol: 'HTTP' };
const withListener = (more: object) => ({ listeners: [{ ...listener, ...more }] });
const reference = { name: 'web', port: 80 };
const leadsTo = (more: object) => ({ rules: [{ backendRefs: [{ ...reference, ...more }] }] });
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const gateway = ofGatewayApi('v1', 'Gateway', 'gateways', { gatewayClassName: 'public', listeners: [listener] });
const httpRoute = ofGatewayApi('v1', 'HTTPRoute', 'httproutes', leadsTo({ weight: 1 }));
const tcpRoute = ofGatewayApi('v1', 'TCPRoute', 'tcproutes', leadsTo({}));
const snapshot: Definition = {
  ...{
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    plural: 'volumesnapshots',
    isNamespaced: true,
  },
  spec: { source: { persistentVolumeClaimName: 'data' } },
};
const vpc = ofKubeOvn('Vpc', 'vpcs', { namespaces: ['shop'] });
const subnet = ofKubeOvn('Subnet', 'subnets', { vpc: 'net', protocol: 'IPv4', cidrBlock: '10.0.0.0/24' });
const natGateway = ofKubeOvn('VpcNatGateway', 'vpc-nat-gateways', { vpc: 'net', subnet: 'inner', lanIp: '10.0.0.254' });
const dnatRule = ofKubeOvn('IptablesDnatRule', 'iptables-dnat-rules', {
  ...{ eip: 'out', protocol: 'tcp', externalPort: '80', internalIp: '10.0.0.5', internalPort: '8080' },
});
const pool = ofKubeOvn('IPPool', 'ippools', { subnet: 'inner', ips: ['10.0.0.5..10.0.0.9'] });
const qosPolicy = ofKubeOvn('QoSPolicy', 'qos-policies', {
  ...{ bindingType: 'EIP', shared: false },
  bandwidthLimitRules: [{ name: 'out', rateMax: '5', burstMax: '5', priority: 1, direction: 'egress' }],
});
const securityGroup = ofKubeOvn('SecurityGroup', 'security-groups', { allowSameGroupTraffic: true });

type Fact = readonly [of: Definition, fact: string, change: object, isTaken: boolean];
const groupRule = {
  ipVersion: 'ipv4',
  protocol: 'tcp',
  priority: 1,
  remoteType: 'address',
  remoteAddress: '0.0.0.0/0',
  policy: 'allow',
};

const facts: readonly Fact[] = [
  [gateway, 'names its class', { gatewayClassName: undefined }, false],
  [gateway, 'has a listener at least', { listeners: [] }, false],
  [
    gateway,
    'has up to 64 listeners',
    { listeners: many(64, (at) => ({ ...listener, name: `l${at}`, port: 80 + at })) },
    true,
  ],
  [
    gateway,
    'has no 65th listener',
    { listeners: many(65, (at) => ({ ...listener, name: `l${at}`, port: 80 + at })) },
    false,
  ],
  [gateway, 'has each name of a listener once', { listeners: [listener, { ...listener, port: 81 }] }, false],
  [gateway, 'has each port, protocol and host once', { listeners: [listener, { ...listener, name: 'again' }] }, false],
  [
    gateway,
    'has the same port for TCP and UDP',
    {
      listeners: [
        { name: 't', port: 53, protocol: 'TCP' },
        { name: 'u', port: 53, protocol: 'UDP' },
      ],
    },
    true,
  ],
  [gateway, 'has no port 0', withListener({ port: 0 }), false],
  [gateway, 'has no port above 65535', withListener({ port: 65_536 }), false],
  [gateway, 'has no host for TCP', withListener({ protocol: 'TCP', hostname: 'a.example' }), false],
  [gateway, 'has no certificate for HTTP', withListener({ tls: { certificateRefs: [{ name: 'cert' }] } }), false],
  [
    gateway,
    'has a certificate for HTTPS',
    withListener({ protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert' }] } }),
    true,
  ],
  [httpRoute, 'has a weight of 0', leadsTo({ weight: 0 }), true],
  [httpRoute, 'has no weight above a million', leadsTo({ weight: 1_000_001 }), false],
  [httpRoute, 'has no negative weight', leadsTo({ weight: -1 }), false],
  [httpRoute, 'names the port of a Service', leadsTo({ port: undefined }), false],
  [
    httpRoute,
    'leads to 16 Services at the most',
    { rules: [{ backendRefs: many(17, (at) => ({ ...reference, name: `s${at}` })) }] },
    false,
  ],
  [tcpRoute, 'has a rule', { rules: [] }, false],
  [tcpRoute, 'has Services in its rule', { rules: [{}] }, false],
  [snapshot, 'has a source', { source: {} }, false],
  [
    snapshot,
    'has one source alone',
    { source: { persistentVolumeClaimName: 'a', volumeSnapshotContentName: 'b' } },
    false,
  ],
  [vpc, 'has no field for its range: that is told beside it', { cidrBlock: '10.0.0.0/16' }, false],
  [subnet, 'is taken with a range that is none: the engine says so afterwards', { cidrBlock: 'nonsense' }, true],
  [subnet, 'is taken without a VPC', { vpc: undefined }, true],
  [subnet, 'keeps back addresses as a list', { excludeIps: '10.0.0.1' }, false],
  [natGateway, 'is taken without a VPC: the engine says so afterwards', { vpc: undefined }, true],
  [dnatRule, 'has its port as a text', { externalPort: 80 }, false],
  [dnatRule, 'has its other port as a text', { internalPort: 8080 }, false],
  [dnatRule, 'is taken for a protocol that is none', { protocol: 'carrier-pigeon' }, true],
  [pool, 'is of a subnet', { subnet: undefined }, false],
  [pool, 'has addresses', { ips: undefined }, false],
  [qosPolicy, 'has a name for each rule', { bandwidthLimitRules: [{ rateMax: '5' }] }, false],
  [qosPolicy, 'has its rate as a text', { bandwidthLimitRules: [{ name: 'out', rateMax: 5 }] }, false],
  [securityGroup, 'has rules with words for both ends', { ingressRules: [groupRule] }, true],
  [securityGroup, 'has its ports as numbers', { ingressRules: [{ ...groupRule, portRangeMin: '80' }] }, false],
];

/** Whether the cluster would take an object, where it serves its kind. */
async function takes(context: TestContext, of: Definition, change: object): Promise<boolean> {
  const path = `/apis/${of.apiVersion}${of.isNamespaced ? `/namespaces/${namespace}` : ''}/${of.plural}`;
  if ((await client.get(path)).status === 404) {
    process.stderr.write(`${context.task.name}: skipped, the cluster serves no ${of.plural} of ${of.apiVersion}\n`);
    context.skip(`no ${of.plural} of ${of.apiVersion}`);
  }
  const metadata = { name: `facts-${randomBytes(4).toString('hex')}`, ...(of.isNamespaced ? { namespace } : {}) };
  const object = { apiVersion: of.apiVersion, kind: of.kind, metadata, spec: { ...of.spec, ...change } };
  const answer = await client.create(path, object, { dryRun: 'All', fieldValidation: 'Strict' });
  if (![201, 400, 422].includes(answer.status)) throw new Error(`${path}: ${answer.text}`);
  return answer.status === 201;
}

describe('the definition of an engine', () => {
  const definitions = [...new Map(facts.map(([of]) => [of.kind, of])).entries()];
  it.for(definitions)('takes a %s like those of the forms', async ([, of], context) => {
    expect(await takes(context, of, {})).toBe(true);
  });

  it.for(
    facts.map(([of, fact, change, isTaken]) => ({ name: `${of.kind} ${fact}`, of, change, isTaken })),
  )('$name', async ({ of, change, isTaken }, context) => {
    expect(await takes(context, of, change)).toBe(isTaken);
  });
});
