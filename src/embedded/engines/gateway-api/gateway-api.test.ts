import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../testing/start-test-api.ts';
import { type EngineApi, startEngineApi } from '../testing/start-engine-api.ts';
import { gatewayApiEngine } from './engine.ts';

const base = '/apis/gateway.networking.k8s.io/v1';

describe('the gateway-api engine', () => {
  let engine: EngineApi;
  let at = 0;
  /** A namespace of its own for each test. */
  let space = '';

  beforeAll(async () => {
    engine = await startEngineApi(gatewayApiEngine, 1);
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    at += 1;
    space = `team-${at}`;
    await engine.post('namespaces', undefined, { metadata: { name: space, labels: { team: space } } });
  });

  const create = (plural: string, name: string, spec: object, namespace = space): Promise<Json> =>
    engine.create(plural, namespace, { metadata: { name }, spec });
  const read = (plural: string, name: string, namespace = space): Promise<Json> => engine.read(plural, namespace, name);
  const told = (conditions: Json[] = []): Json =>
    Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
  const service = (name: string, port: object = { port: 80 }): Promise<Json> =>
    create('services', name, { selector: { app: name }, ports: [{ name: 'p', ...port }] });
  const http = { name: 'http', port: 80, protocol: 'HTTP' };
  const gateway = (listeners: object[] = [http]): Promise<Json> =>
    create('gateways', 'edge', { gatewayClassName: 'embedded', listeners });
  const toWeb = { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] };

  it('accepts its classes, and leaves those of others alone', async () => {
    await engine.post('gatewayclasses', undefined, {
      metadata: { name: 'foreign' },
      spec: { controllerName: 'example.com/gw' },
    });
    engine.pass(100);
    const own = await engine.read('gatewayclasses', undefined, 'embedded');
    const foreign = await engine.read('gatewayclasses', undefined, 'foreign');
    expect(told(own.status.conditions)).toEqual({ Accepted: 'True Accepted' });
    expect(foreign.status.conditions).toMatchObject([
      { type: 'Accepted', status: 'Unknown', reason: 'Pending', lastTransitionTime: '1970-01-01T00:00:00Z' },
    ]);
  });

  it('programs a Gateway once it has an address, and frees that when it goes', async () => {
    const made = await engine.post('gateways', space, {
      metadata: { name: 'edge' },
      spec: { gatewayClassName: 'embedded', listeners: [http] },
    });
    expect(told(made.body.status.conditions)).toEqual({ Accepted: 'Unknown Pending', Programmed: 'Unknown Pending' });
    engine.pass(500);
    expect(told((await read('gateways', 'edge')).status.conditions)).toEqual({
      Accepted: 'True Accepted',
      Programmed: 'False AddressNotAssigned',
    });
    engine.pass(2_000);
    const { status, metadata } = await read('gateways', 'edge');
    expect(told(status.conditions)).toEqual({ Accepted: 'True Accepted', Programmed: 'True Programmed' });
    expect(status.conditions[0].observedGeneration).toBe(metadata.generation);
    expect(status.addresses).toEqual([{ type: 'IPAddress', value: expect.stringMatching(/^198\.51\.100\.\d+$/) }]);
    expect(status.listeners).toMatchObject([
      { name: 'http', attachedRoutes: 0, supportedKinds: [{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }] },
    ]);
    await engine.remove('gateways', space, 'edge');
    await create('gateways', 'next', { gatewayClassName: 'embedded', listeners: [http] });
    expect((await read('gateways', 'next')).status.addresses).toEqual(status.addresses);
    const classes = await engine.read('gatewayclasses', undefined, 'embedded');
    expect(classes.metadata.finalizers).toEqual(['gateway-exists-finalizer.gateway.networking.k8s.io']);
  });

  it('tells when the class has no address left (refused), and gives the one that becomes free', async () => {
    await engine.post('gatewayclasses', undefined, {
      metadata: { name: 'small', annotations: { 'embedded.longshore.dev/addresses': '192.0.2.0/30' } },
      spec: { controllerName: 'embedded.longshore.dev/gateway-controller' },
    });
    const spec = { gatewayClassName: 'small', listeners: [http] };
    for (const name of ['one', 'two', 'three']) await create('gateways', name, spec);
    const third = async (): Promise<string> => told((await read('gateways', 'three')).status.conditions).Programmed;
    expect(await third()).toBe('False AddressNotAssigned');
    await engine.remove('gateways', space, 'one');
    engine.pass(100);
    expect(await third()).toBe('True Programmed');
    await engine.remove('gatewayclasses', undefined, 'small');
    engine.pass(100);
    expect((await engine.read('gatewayclasses', undefined, 'small')).kind).toBe('GatewayClass');
    for (const name of ['two', 'three']) await engine.remove('gateways', space, name);
    engine.pass(100);
    expect((await engine.read('gatewayclasses', undefined, 'small')).code).toBe(404);
  });

  it('attaches routes and follows their backends', async () => {
    await gateway();
    await create('httproutes', 'web', toWeb);
    const parent = async (): Promise<Json> => (await read('httproutes', 'web')).status.parents[0];
    expect(told((await parent()).conditions)).toEqual({
      Accepted: 'True Accepted',
      ResolvedRefs: 'False BackendNotFound',
    });
    expect((await read('gateways', 'edge')).status.listeners[0].attachedRoutes).toBe(1);
    await service('web');
    engine.pass(100);
    expect(told((await parent()).conditions)).toEqual({
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
      BackendsAvailable: 'False EndpointsNotFound',
    });
    await engine.post('pods', space, {
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'registry.local/web:1' }] },
    });
    engine.pass(20_000);
    expect(told((await parent()).conditions)).toEqual({ Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' });
    await engine.remove('httproutes', space, 'web');
    engine.pass(100);
    expect((await read('gateways', 'edge')).status.listeners[0].attachedRoutes).toBe(0);
  });

  it('carries TCP and UDP on one port, each on a listener of its own', async () => {
    await service('dns', { port: 53, protocol: 'UDP' });
    await gateway([
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP' },
    ]);
    const rules = [{ backendRefs: [{ name: 'dns', port: 53 }] }];
    await create('udproutes', 'dns', { parentRefs: [{ name: 'edge' }], rules });
    await create('tcproutes', 'dns', { parentRefs: [{ name: 'edge', sectionName: 'tcp' }], rules });
    const { listeners } = (await read('gateways', 'edge')).status;
    expect(listeners.map(({ attachedRoutes }: Json) => attachedRoutes)).toEqual([1, 1]);
    expect(told((await read('udproutes', 'dns')).status.parents[0].conditions).ResolvedRefs).toBe('True ResolvedRefs');
    expect(told((await read('tcproutes', 'dns')).status.parents[0].conditions).ResolvedRefs).toBe(
      'False UnsupportedProtocol',
    );
  });

  it('serves HTTPS when the certificate is there, and from elsewhere only with a grant (refused before)', async () => {
    const certificates = `certs-${at}`;
    await engine.post('namespaces', undefined, { metadata: { name: certificates } });
    const certificateRefs = [{ name: 'shop', namespace: certificates }];
    await gateway([{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs } }]);
    const listener = async (): Promise<Json> => told((await read('gateways', 'edge')).status.listeners[0].conditions);
    expect((await listener()).ResolvedRefs).toBe('False RefNotPermitted');
    await create(
      'referencegrants',
      'edge',
      {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: space }],
        to: [{ group: '', kind: 'Secret' }],
      },
      certificates,
    );
    expect(await listener()).toMatchObject({
      ResolvedRefs: 'False InvalidCertificateRef',
      Programmed: 'False Invalid',
    });
    const pem = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
    await engine.post('secrets', certificates, {
      metadata: { name: 'shop' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': pem, 'tls.key': pem },
    });
    engine.pass(100);
    expect(await listener()).toMatchObject({ ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' });
  });

  it('lets routes of other namespaces attach where the listener allows it, and not elsewhere (refused)', async () => {
    await gateway([
      { ...http, allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'none' } } } } },
      { ...http, name: 'other', port: 81, allowedRoutes: { namespaces: { from: 'All' } } },
    ]);
    const parentRefs = [
      { name: 'edge', namespace: space, sectionName: 'http' },
      { name: 'edge', namespace: space, sectionName: 'other' },
      { name: 'edge', namespace: space, sectionName: 'missing' },
      { name: 'nobody', namespace: space },
    ];
    await create('httproutes', 'far', { parentRefs }, 'default');
    const { parents } = (await read('httproutes', 'far', 'default')).status;
    expect(parents.map((each: Json) => told(each.conditions).Accepted)).toEqual([
      'False NotAllowedByListeners',
      'True Accepted',
      'False NoMatchingParent',
    ]);
    await engine.patch('namespaces', undefined, 'default', { metadata: { labels: { team: 'none' } } });
    const { listeners } = (await read('gateways', 'edge')).status;
    expect(listeners.map(({ attachedRoutes }: Json) => attachedRoutes)).toEqual([1, 1]);
  });

  it.each([
    ['tls on a TCP listener', 'gateways', { tls: {}, protocol: 'TCP', port: 1 }, 'tls must not be specified'],
    ['a hostname on a UDP listener', 'gateways', { hostname: 'a.b', protocol: 'UDP', port: 1 }, 'hostname must not'],
    ['port 0', 'gateways', { protocol: 'TCP', port: 0 }, 'should be greater than or equal to 1'],
    [
      'HTTPS that passes through',
      'gateways',
      { protocol: 'HTTPS', port: 1, tls: { mode: 'Passthrough' } },
      'Terminate',
    ],
    ['HTTPS without a certificate', 'gateways', { protocol: 'HTTPS', port: 1, tls: {} }, 'certificateRefs or options'],
    [
      'two rules of TCP',
      'tcproutes',
      { rules: [0, 1].map(() => ({ backendRefs: [{ name: 'a', port: 1 }] })) },
      '1 item',
    ],
    ['a backend without a port', 'tcproutes', { rules: [{ backendRefs: [{ name: 'a' }] }] }, 'Must have port'],
    ['a weight below 0', 'udproutes', { rules: [{ backendRefs: [{ name: 'a', port: 1, weight: -1 }] }] }, 'equal to 0'],
    [
      'the same parent twice',
      'httproutes',
      { parentRefs: [{ name: 'a' }, { name: 'a' }] },
      'sectionName must be unique',
    ],
    ['a path with ..', 'httproutes', { rules: [{ matches: [{ path: { value: '/a/../b' } }] }] }, "contain '/../'"],
    [
      'a redirect with backends',
      'httproutes',
      {
        rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: {} }], backendRefs: [{ name: 'a', port: 1 }] }],
      },
      'must not be used together with backendRefs',
    ],
    [
      'a filter without its settings',
      'httproutes',
      { rules: [{ filters: [{ type: 'URLRewrite' }] }] },
      'filter.urlRewrite',
    ],
    ['a TLS route to an address', 'tlsroutes', { hostnames: ['10.0.0.1'], rules: [] }, 'cannot contain an IP'],
    ['a call without a name', 'grpcroutes', { rules: [{ matches: [{ method: {} }] }] }, "One or both of 'service'"],
  ])('does not take %s (refused)', async (_what, plural, spec, words) => {
    const full = plural === 'gateways' ? { gatewayClassName: 'embedded', listeners: [{ name: 'l', ...spec }] } : spec;
    const { code, body } = await engine.post(plural, space, { metadata: { name: 'bad' }, spec: full });
    expect([code, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain(words);
  });

  it('serves TCP and UDP routes as v1 alone, with the short names and columns of the bundle', async () => {
    expect((await engine.api.call('GET', '/apis/gateway.networking.k8s.io/v1alpha2')).code).toBe(404);
    const { resources } = (await engine.api.call('GET', base)).body;
    const named = (name: string): Json => resources.find((each: Json) => each.name === name);
    expect(named('gateways')).toMatchObject({ shortNames: ['gtw'], categories: ['gateway-api'], namespaced: true });
    expect(named('gatewayclasses')).toMatchObject({ shortNames: ['gc'], namespaced: false });
    expect(named('tcproutes')).toMatchObject({ kind: 'TCPRoute' });
    const table = await engine.api.call('GET', `${base}/gatewayclasses`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect(table.body.columnDefinitions.map(({ name }: Json) => name)).toEqual([
      'Name',
      'Controller',
      'Accepted',
      'Age',
      'Description',
    ]);
  });
});
