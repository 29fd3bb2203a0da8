import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../testing/start-test-api.ts';
import { type EngineApi, startEngineApi } from '../testing/start-engine-api.ts';
import { kubeOvnEngine } from './engine.ts';

describe('the kube-ovn engine', () => {
  let engine: EngineApi;

  beforeAll(async () => {
    engine = await startEngineApi(kubeOvnEngine, 2);
    engine.pass(1_000);
  });
  afterAll(() => engine.stop());

  const create = (plural: string, name: string, spec: object): Promise<Json> =>
    engine.create(plural, undefined, { metadata: { name }, spec });
  const read = (plural: string, name: string): Promise<Json> => engine.read(plural, undefined, name);
  const remove = (plural: string, name: string): Promise<Json> => engine.remove(plural, undefined, name);
  const isThere = async (plural: string, name: string): Promise<boolean> => (await read(plural, name)).code !== 404;
  const readiness = async (subnet: string): Promise<Json> => {
    const { status } = await read('subnets', subnet);
    return Object.fromEntries(
      (status?.conditions ?? []).map(({ type, status: is, reason }: Json) => [type, `${is} ${reason}`]),
    );
  };
  /** A namespace in a Vpc of its own, with one subnet. */
  const createVpc = async (name: string, cidrBlock: string, more: object = {}): Promise<void> => {
    await engine.create('namespaces', undefined, { metadata: { name } });
    await create('vpcs', `${name}-vpc`, { namespaces: [name] });
    await create('subnets', `${name}-subnet`, { vpc: `${name}-vpc`, cidrBlock, namespaces: [name], ...more });
  };
  const createPod = async (
    namespace: string,
    name: string,
    annotations: object = {},
    spec: object = {},
  ): Promise<void> => {
    await engine.create('pods', namespace, {
      metadata: { name, annotations },
      spec: { containers: [{ name: 'main', image: 'registry.local/web:1' }], ...spec },
    });
  };
  const eventsOf = async (namespace: string, reason: string): Promise<string[]> =>
    (await engine.list('events', namespace))
      .filter((event) => event.reason === reason)
      .map(({ involvedObject, message }) => `${involvedObject.name}: ${message}`);

  it('comes with the default Vpc, its subnets, and an address for each node', async () => {
    expect((await read('vpcs', 'ovn-cluster')).status).toMatchObject({
      standby: true,
      default: true,
      subnets: ['external', 'join', 'ovn-default'],
      defaultLogicalSwitch: 'ovn-default',
    });
    expect((await read('subnets', 'join')).status).toMatchObject({ v4usingIPs: 2, v4availableIPs: 65_531 });
    expect(await readiness('ovn-default')).toEqual({
      Validated: 'True ResetLogicalSwitchAclSuccess',
      Ready: 'True ResetLogicalSwitchAclSuccess',
    });
    expect((await engine.read('namespaces', undefined, 'default')).metadata.annotations).toMatchObject({
      'ovn.kubernetes.io/logical_switch': 'ovn-default',
      'ovn.kubernetes.io/cidr': '10.16.0.0/16',
    });
  });

  it('formats a subnet and counts its addresses as numbers', async () => {
    await createVpc('plain', '10.30.0.7/24');
    const { spec, status, metadata } = await read('subnets', 'plain-subnet');
    expect(spec).toMatchObject({
      cidrBlock: '10.30.0.0/24',
      gateway: '10.30.0.1',
      excludeIps: ['10.30.0.1'],
      protocol: 'IPv4',
      provider: 'ovn',
    });
    expect(status).toMatchObject({
      v4availableIPs: 253,
      v4usingIPs: 0,
      v4availableIPrange: '10.30.0.2-10.30.0.254',
      v6availableIPs: 0,
    });
    expect(metadata.finalizers).toEqual(['kubeovn.io/kube-ovn-controller']);
    expect((await read('vpcs', 'plain-vpc')).status.subnets).toEqual(['plain-subnet']);
  });

  it('gives pods of a bound namespace addresses of its subnet, and frees them', async () => {
    await createVpc('web', '10.31.0.0/24');
    await createPod('web', 'one');
    const pod = await engine.read('pods', 'web', 'one');
    expect(pod.metadata.annotations).toMatchObject({
      'ovn.kubernetes.io/allocated': 'true',
      'ovn.kubernetes.io/ip_address': '10.31.0.2',
      'ovn.kubernetes.io/gateway': '10.31.0.1',
      'ovn.kubernetes.io/logical_switch': 'web-subnet',
      'ovn.kubernetes.io/logical_router': 'web-vpc',
    });
    expect(pod.status.podIP).toBe('10.31.0.2');
    const ip = await read('ips', 'one.web');
    expect(ip.spec).toMatchObject({ podName: 'one', namespace: 'web', subnet: 'web-subnet', v4IpAddress: '10.31.0.2' });
    expect(ip.spec.nodeName).toBe(pod.spec.nodeName);
    expect((await read('subnets', 'web-subnet')).status).toMatchObject({ v4usingIPs: 1, v4availableIPs: 252 });
    await engine.remove('pods', 'web', 'one');
    engine.pass(60_000);
    expect(await isThere('ips', 'one.web')).toBe(false);
    expect((await read('subnets', 'web-subnet')).status).toMatchObject({ v4usingIPs: 0, v4usingIPrange: '' });
  });

  it('gives a pod the address it asks for, and none that is taken or foreign (refused)', async () => {
    await createVpc('fixed', '10.32.0.0/24');
    const wish = (address: string): object => ({ 'ovn.kubernetes.io/ip_address': address });
    await createPod('fixed', 'first', wish('10.32.0.77'));
    await createPod('fixed', 'second', wish('10.32.0.77'));
    await createPod('fixed', 'third', wish('10.99.0.1'));
    expect((await engine.read('pods', 'fixed', 'first')).status.podIP).toBe('10.32.0.77');
    expect(await eventsOf('fixed', 'AcquireAddressFailed')).toEqual([
      'second: AddressConflict',
      'third: AddressOutOfRange',
    ]);
    expect((await eventsOf('fixed', 'FailedCreatePodSandBox'))[0]).toContain(
      'no address allocated to pod fixed/second provider ovn',
    );
    await engine.remove('pods', 'fixed', 'first');
    engine.pass(60_000);
    expect((await engine.read('pods', 'fixed', 'second')).status.podIP).toBe('10.32.0.77');
  });

  it('keeps an address that is reserved for a pod, before it is there and after', async () => {
    await createVpc('import', '10.44.0.0/24');
    await create('ips', 'web.import', {
      subnet: 'import-subnet',
      podName: 'web',
      namespace: 'import',
      v4IpAddress: '10.44.0.99',
    });
    expect((await read('ips', 'web.import')).metadata.labels['ovn.kubernetes.io/ip_reserved']).toBe('true');
    await createPod('import', 'web');
    expect((await engine.read('pods', 'import', 'web')).status.podIP).toBe('10.44.0.99');
    await engine.remove('pods', 'import', 'web');
    engine.pass(60_000);
    expect((await read('subnets', 'import-subnet')).status.v4usingIPs).toBe(1);
    await remove('ips', 'web.import');
    engine.pass(1_000);
    expect((await read('subnets', 'import-subnet')).status.v4usingIPs).toBe(0);
  });

  it('leaves pods without an address pending, and goes on when one is free (refused before)', async () => {
    await createVpc('small', '10.33.0.0/29', { excludeIps: ['10.33.0.1..10.33.0.5'] });
    await createPod('small', 'first');
    await createPod('small', 'second');
    expect((await read('subnets', 'small-subnet')).status).toMatchObject({ v4availableIPs: 0, v4usingIPs: 1 });
    expect(await eventsOf('small', 'AcquireAddressFailed')).toEqual(['second: NoAvailableAddress']);
    expect((await engine.read('pods', 'small', 'second')).status.phase).toBe('Pending');
    await engine.remove('pods', 'small', 'first');
    engine.pass(60_000);
    expect((await engine.read('pods', 'small', 'second')).status.podIP).toBe('10.33.0.6');
  });

  it('keeps the address of a StatefulSet pod over its life', async () => {
    await createVpc('state', '10.34.0.0/24');
    const labels = { app: 'db' };
    await engine.create('statefulsets', 'state', {
      metadata: { name: 'db' },
      spec: {
        replicas: 2,
        serviceName: '',
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { 'ovn.kubernetes.io/ip_pool': '10.34.0.50,10.34.0.60' } },
          spec: { containers: [{ name: 'main', image: 'registry.local/db:1' }] },
        },
      },
    });
    engine.pass(60_000);
    const address = async (): Promise<string> => (await engine.read('pods', 'state', 'db-1')).status.podIP;
    expect(await address()).toBe('10.34.0.60');
    await engine.remove('pods', 'state', 'db-1');
    engine.pass(60_000);
    expect(await address()).toBe('10.34.0.60');
    await engine.patch('statefulsets', 'state', 'db', { spec: { replicas: 1 } });
    engine.pass(60_000);
    expect(await isThere('ips', 'db-1.state')).toBe(false);
  });

  it('keeps the addresses of a pool for who asks for it and for its namespaces, and counts them', async () => {
    await createVpc('pooled', '10.39.0.0/29');
    await create('ippools', 'pooled-few', { subnet: 'pooled-subnet', ips: ['10.39.0.2..10.39.0.3'] });
    const pod = (name: string, annotations: Json = {}) =>
      engine.create('pods', 'pooled', {
        metadata: { name, annotations },
        spec: { containers: [{ name: 'main', image: 'registry.local/web:1' }] },
      });
    const ask = { 'ovn.kubernetes.io/ip_pool': 'pooled-few' };
    await pod('plain');
    await pod('one', ask);
    await pod('two', ask);
    await pod('three', ask);
    await pod('lost', { 'ovn.kubernetes.io/ip_pool': 'no-such-pool' });
    engine.pass(60_000);
    const addressOf = async (name: string) => (await engine.read('pods', 'pooled', name)).status.podIP;
    expect(await Promise.all(['plain', 'one', 'two', 'three'].map(addressOf))).toEqual([
      '10.39.0.4',
      '10.39.0.2',
      '10.39.0.3',
      undefined,
    ]);
    expect(await eventsOf('pooled', 'AcquireAddressFailed')).toEqual([
      'lost: IPPoolNotFound',
      'three: NoAvailableAddress',
    ]);
    expect((await read('ippools', 'pooled-few')).status).toMatchObject({
      v4AvailableIPs: '0',
      v4UsingIPs: '2',
      v4UsingIPRange: '10.39.0.2-10.39.0.3',
    });
    await engine.patch('ippools', undefined, 'pooled-few', {
      spec: { ips: ['10.39.0.2..10.39.0.3', '10.39.0.6'], namespaces: ['pooled'] },
    });
    engine.pass(60_000);
    expect(await addressOf('three')).toBe('10.39.0.6');
    await engine.remove('pods', 'pooled', 'one');
    await pod('of-namespace');
    engine.pass(60_000);
    expect(await addressOf('of-namespace')).toBe('10.39.0.2');
  });

  it.each([
    [
      'overlap',
      { cidrBlock: '10.30.0.128/25' },
      /^subnet overlap cidr 10\.30\.0\.128\/25 is conflict with subnet plain/,
    ],
    [
      'outside',
      { cidrBlock: '10.35.0.0/24', gateway: '10.36.0.1' },
      /^gateway 10\.36\.0\.1 is not in cidr 10\.35\.0\.0\/24$/,
    ],
    ['multicast', { cidrBlock: '224.1.0.0/16' }, /conflict with v4 multicast cidr 224\.0\.0\.0\/4$/],
    ['plain-vpc', { cidrBlock: '10.37.0.0/24' }, /cannot have the same name$/],
  ])('takes a subnet that makes no sense, and says so in its conditions: %s (refused)', async (name, spec, message) => {
    await create('subnets', name, { vpc: 'plain-vpc', ...spec });
    const { conditions } = (await read('subnets', name)).status;
    const ready = conditions.find(({ type }: Json) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', reason: 'ValidateLogicalSwitchFailed' });
    expect(ready.message).toMatch(message);
    await remove('subnets', name);
  });

  it('never takes Error back, so only Ready tells', async () => {
    await create('subnets', 'mended', { vpc: 'plain-vpc', cidrBlock: '10.38.0.0/24', gateway: '10.39.0.1' });
    await engine.patch('subnets', undefined, 'mended', { spec: { gateway: '10.38.0.1', excludeIps: null } });
    expect(await readiness('mended')).toMatchObject({
      Error: 'True ValidateLogicalSwitchFailed',
      Ready: 'True ResetLogicalSwitchAclSuccess',
    });
    await remove('subnets', 'mended');
    engine.pass(1_000);
    expect(await isThere('subnets', 'mended')).toBe(false);
  });

  it('leads traffic out of a Vpc and in, and keeps what is in use', async () => {
    await createVpc('nat', '10.40.0.0/24');
    await create('vpc-nat-gateways', 'gw', {
      vpc: 'nat-vpc',
      subnet: 'nat-subnet',
      lanIp: '10.40.0.254',
      selector: ['kubernetes.io/os: linux'],
    });
    await create('iptables-eips', 'eip', { natGwDp: 'gw' });
    engine.pass(60_000);
    const pod = await engine.read('pods', 'kube-system', 'vpc-nat-gw-gw-0');
    expect(pod.status).toMatchObject({ phase: 'Running', podIP: '10.40.0.254' });
    expect(pod.metadata.annotations).toMatchObject({
      'ovn.kubernetes.io/vpc_nat_gw_init': 'true',
      'ovn-vpc-external-network.kube-system.kubernetes.io/ip_address': expect.stringMatching(/^192\.0\.2\.\d+$/),
    });
    const eip = await read('iptables-eips', 'eip');
    expect(eip).toMatchObject({
      spec: { externalSubnet: 'ovn-vpc-external-network' },
      status: { ready: true, nat: '' },
    });
    expect(eip.spec.v4ip).toBe(eip.status.ip);
    await create('iptables-snat-rules', 'out', { eip: 'eip', internalCIDR: '10.40.0.0/24' });
    const port = { eip: 'eip', externalPort: '8888', internalIp: '10.40.0.10', internalPort: '80', protocol: 'tcp' };
    await create('iptables-dnat-rules', 'in', port);
    await create('iptables-dnat-rules', 'again', port);
    await create('iptables-fip-rules', 'all', { eip: 'eip', internalIp: '10.40.0.11' });
    await create('iptables-fip-rules', 'other', { eip: 'eip', internalIp: '10.40.0.12' });
    expect((await read('iptables-snat-rules', 'out')).status).toMatchObject({
      ready: true,
      v4ip: eip.status.ip,
      natGwDp: 'gw',
      internalCIDR: '10.40.0.0/24',
    });
    expect((await read('iptables-dnat-rules', 'in')).status).toMatchObject({ ready: true, externalPort: '8888' });
    // Refused by the log alone: such rules have no status.
    expect((await read('iptables-dnat-rules', 'again')).status).toBeUndefined();
    expect((await read('iptables-fip-rules', 'other')).status).toBeUndefined();
    expect((await read('iptables-eips', 'eip')).status.nat).toBe('dnat,fip,snat');
    await remove('iptables-eips', 'eip');
    engine.pass(10_000);
    expect((await read('iptables-eips', 'eip')).metadata.deletionTimestamp).toBeDefined();
    for (const [plural, name] of [
      ['iptables-dnat-rules', 'again'],
      ['iptables-dnat-rules', 'in'],
      ['iptables-fip-rules', 'other'],
      ['iptables-fip-rules', 'all'],
      ['iptables-snat-rules', 'out'],
    ] as const) {
      await remove(plural, name);
    }
    engine.pass(10_000);
    expect(await isThere('iptables-eips', 'eip')).toBe(false);
    await remove('vpc-nat-gateways', 'gw');
    engine.pass(60_000);
    expect((await engine.read('pods', 'kube-system', 'vpc-nat-gw-gw-0')).code).toBe(404);
    expect((await read('subnets', 'ovn-vpc-external-network')).status.v4usingIPs).toBe(0);
  });

  it('gives no EIP from a subnet that is used up (refused), and frees rules whose gateway is gone', async () => {
    await createVpc('out', '10.45.0.0/24');
    await create('subnets', 'narrow', { provider: 'narrow.kube-system', cidrBlock: '198.18.0.0/30' });
    await create('vpc-nat-gateways', 'narrow-gw', { vpc: 'out-vpc', subnet: 'out-subnet', lanIp: '10.45.0.254' });
    engine.pass(60_000);
    await create('iptables-eips', 'first', { natGwDp: 'narrow-gw', externalSubnet: 'narrow' });
    await create('iptables-eips', 'second', { natGwDp: 'narrow-gw', externalSubnet: 'narrow' });
    expect((await read('iptables-eips', 'first')).status).toMatchObject({ ready: true, ip: '198.18.0.2' });
    expect((await read('iptables-eips', 'second')).status).toBeUndefined();
    await create('iptables-snat-rules', 'narrow-out', { eip: 'first', internalCIDR: '10.45.0.0/24' });
    await remove('vpc-nat-gateways', 'narrow-gw');
    await remove('iptables-snat-rules', 'narrow-out');
    await remove('iptables-eips', 'first');
    engine.pass(10_000);
    expect([await isThere('iptables-snat-rules', 'narrow-out'), await isThere('iptables-eips', 'first')]).toEqual([
      false,
      false,
    ]);
  });

  it('keeps a subnet whose addresses are in use, but lets its Vpc go', async () => {
    await createVpc('held', '10.41.0.0/24');
    await create('vips', 'kept', { subnet: 'held-subnet', namespace: 'held' });
    expect((await read('vips', 'kept')).status).toMatchObject({ v4ip: '10.41.0.2' });
    await remove('vpcs', 'held-vpc');
    engine.pass(10_000);
    expect((await read('vpcs', 'held-vpc')).metadata.deletionTimestamp).toBeDefined();
    await remove('subnets', 'held-subnet');
    engine.pass(10_000);
    expect([await isThere('subnets', 'held-subnet'), await isThere('vpcs', 'held-vpc')]).toEqual([true, false]);
    await remove('vips', 'kept');
    engine.pass(10_000);
    expect(await isThere('subnets', 'held-subnet')).toBe(false);
  });

  it('strands rules of a router that goes before them, and their address with them (kube-ovn#6717)', async () => {
    await createVpc('lost', '10.42.0.0/24');
    await create('ovn-eips', 'oeip', { type: 'nat' });
    await create('ovn-snat-rules', 'osnat', { ovnEip: 'oeip', vpcSubnet: 'lost-subnet' });
    expect((await read('ovn-snat-rules', 'osnat')).status).toMatchObject({
      ready: true,
      vpc: 'lost-vpc',
      v4IpCidr: '10.42.0.0/24',
    });
    await remove('subnets', 'lost-subnet');
    await remove('vpcs', 'lost-vpc');
    engine.pass(10_000);
    expect(await isThere('vpcs', 'lost-vpc')).toBe(false);
    await remove('ovn-snat-rules', 'osnat');
    await remove('ovn-eips', 'oeip');
    engine.pass(600_000);
    expect([await isThere('ovn-snat-rules', 'osnat'), await isThere('ovn-eips', 'oeip')]).toEqual([true, true]);
    const free = { metadata: { finalizers: null } };
    await engine.patch('ovn-snat-rules', undefined, 'osnat', free);
    engine.pass(10_000);
    expect(await isThere('ovn-eips', 'oeip')).toBe(false);
    expect((await read('subnets', 'external')).status).toMatchObject({ v4usingIPs: 0, v4usingIPrange: '' });
  });

  it('lets them go in the right order', async () => {
    await createVpc('safe', '10.43.0.0/24');
    await createPod('safe', 'web');
    await create('ovn-eips', 'safe-eip', {});
    await create('ovn-fips', 'safe-fip', { ovnEip: 'safe-eip', ipName: 'web.safe' });
    expect((await read('ovn-fips', 'safe-fip')).status).toMatchObject({
      ready: true,
      v4Ip: '10.43.0.2',
      vpc: 'safe-vpc',
    });
    expect((await read('ovn-eips', 'safe-eip')).status.nat).toBe('fip');
    await remove('ovn-fips', 'safe-fip');
    await remove('ovn-eips', 'safe-eip');
    await engine.remove('pods', 'safe', 'web');
    engine.pass(60_000);
    await remove('subnets', 'safe-subnet');
    await remove('vpcs', 'safe-vpc');
    engine.pass(10_000);
    const gone = await Promise.all([
      isThere('ovn-fips', 'safe-fip'),
      isThere('ovn-eips', 'safe-eip'),
      isThere('subnets', 'safe-subnet'),
      isThere('vpcs', 'safe-vpc'),
    ]);
    expect(gone).toEqual([false, false, false, false]);
  });

  it('makes a Service of a SwitchLBRule, and runs a name server in a Vpc', async () => {
    await create('switch-lb-rules', 'web', {
      vip: '10.31.0.200',
      namespace: 'web',
      selector: ['app: web'],
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
    });
    expect((await read('switch-lb-rules', 'web')).status).toEqual({ ports: '80/TCP', service: 'web/slr-web' });
    expect((await engine.read('services', 'web', 'slr-web')).spec).toMatchObject({
      clusterIP: 'None',
      selector: { app: 'web' },
    });
    await remove('switch-lb-rules', 'web');
    expect((await engine.read('services', 'web', 'slr-web')).code).toBe(404);
    await create('vpc-dnses', 'names', { vpc: 'web-vpc', subnet: 'web-subnet' });
    expect((await read('vpc-dnses', 'names')).status.active).toBe(true);
    expect((await engine.read('deployments', 'kube-system', 'vpc-dns-names')).spec.replicas).toBe(1);
  });

  it('tells physical networks, Vlans that meet in one, and security groups', async () => {
    await create('provider-networks', 'net1', { defaultInterface: 'eth1' });
    await create('vlans', 'old', { id: 7, provider: 'net1' });
    await create('vlans', 'new', { id: 7, provider: 'net1' });
    expect((await read('provider-networks', 'net1')).status).toMatchObject({ ready: true, vlans: ['old'] });
    expect((await read('vlans', 'new')).status.conflict).toBe(true);
    const rule = {
      ipVersion: 'ipv4',
      protocol: 'tcp',
      priority: 1,
      remoteType: 'address',
      remoteAddress: '10.0.0.0/8',
    };
    await create('security-groups', 'front', {
      ingressRules: [{ ...rule, portRangeMin: 80, portRangeMax: 90, policy: 'allow' }],
    });
    expect((await read('security-groups', 'front')).status).toMatchObject({
      portGroup: 'ovn.sg.front',
      ingressLastSyncSuccess: true,
    });
    await create('security-groups', 'odd', { ingressRules: [{ ...rule, policy: 'maybe' }] });
    expect((await read('security-groups', 'odd')).status).toBeUndefined();
  });

  it('has next to no schema: ports are texts, and what makes no sense is taken (refused)', async () => {
    const bad = { metadata: { name: 'bad' }, spec: { eip: 'e', externalPort: 80 } };
    expect((await engine.post('iptables-dnat-rules', undefined, bad)).code).toBe(422);
    expect((await engine.post('iptables-dnat-rules', undefined, { metadata: { name: 'empty' } })).code).toBe(201);
  });
});
