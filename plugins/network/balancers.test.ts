import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { type KubeconfigFile, kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
let folder: string;
let plain: EmbeddedCluster;
let kubeconfig: KubeconfigFile;

const asAdmin = 'the-token-of-an-administrator-of-load-balancers';
const asMember = 'the-token-of-a-member-who-works-in-the-shop';
const namespace = 'shop';
const phrase = '确认删除';

/** As on the edge (esk), with all protocols and several Services in a group. */
const profile = `name: edge-lb
title: Load balancers of the edge
extends: esk
values:
  network:
    lb.protocols: [TCP, UDP, HTTP, HTTPS]
    backendGroup.maxServices: 2
    lb.bandwidthMax: 1000
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-balancers-'));
  const file = join(folder, 'edge-lb.yaml');
  await writeFile(file, profile);
  plain = await startEmbeddedCluster({ name: 'plain', controllers: false });
  kubeconfig = await kubeconfigFile(plain);
  gateway = await startTestGateway({
    settings: {
      profile: 'edge-lb',
      profiles: [file],
      embedded: { enabled: true, engines: ['gateway-api'] },
      clusters: [{ name: 'plain', kubeconfig: kubeconfig.path }],
      tokens: [
        staticToken('operator', asAdmin, { roles: ['ADMIN'] }),
        staticToken('member', asMember, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
      ],
    },
    clusterSpeed: 20,
  });
  await apply(services);
});
afterAll(async () => {
  await gateway?.stop();
  await kubeconfig?.[Symbol.asyncDispose]();
  await plain?.stop();
  await rm(folder, { recursive: true, force: true });
});

const service = (name: string, port: number, protocol: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app.kubernetes.io/component: front }, ports: [{ port: ${port}, protocol: ${protocol}, targetPort: 8080 }] }
---`;
const services = ['one', 'two', 'three'].map((name) => service(name, 80, 'TCP')).join('') + service('dns', 53, 'UDP');

async function ask<Data>(source: string, variables: object = {}, token = asMember): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, { token });
  expect(errors).toBeUndefined();
  return data as Data;
}

type Answer = { readonly __typename: string } & Readonly<Record<string, never>>;

/** What a mutation answers: of its success the named fields, of an error what tells it. */
async function mutate(name: string, input: object, fields: string, token?: string): Promise<Answer> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const result = name.startsWith('delete') && name.endsWith('s') ? name : undefined;
  const data = await ask<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename
      ... on ${type}Success { ${result ? 'results { ok error { code } }' : fields} }
      ... on Error { code message }
      ... on ValidationError { issues { path code } }
      ... on InUseError { references { id __typename } }
      ... on PreconditionError { reason }
      ... on CapabilityMissingError { capability } } }`,
    { input },
    token,
  );
  return data[name] as Answer;
}

async function apply(manifest: string, token = asAdmin): Promise<Answer> {
  return mutate('applyManifest', { cluster: 'embedded', manifest }, 'documents { object { id } }', token);
}

let count = 0;
async function makeBalancer(input: object = {}): Promise<{ id: string; name: string }> {
  count += 1;
  const made = (await mutate(
    'createLoadBalancer',
    { clusters: ['embedded'], namespace, name: `lb-${count}`, ...input },
    'results { ok loadBalancer { id name } }',
  )) as unknown as { results: { loadBalancer: { id: string; name: string } }[] };
  const [first] = made.results;
  if (!first) throw new Error(JSON.stringify(made));
  return first.loadBalancer;
}

async function makeGroup(input: object = {}): Promise<{ id: string; name: string }> {
  count += 1;
  const made = (await mutate(
    'createBackendGroup',
    {
      cluster: 'embedded',
      namespace,
      name: `group-${count}`,
      protocol: 'TCP',
      services: [{ service: 'one', port: 80 }],
      ...input,
    },
    'backendGroup { id name }',
  )) as unknown as { backendGroup: { id: string; name: string } };
  if (!made.backendGroup) throw new Error(JSON.stringify(made));
  return made.backendGroup;
}

async function makeListener(
  balancer: { id: string },
  group: { id: string },
  input: object = {},
): Promise<{ id: string }> {
  count += 1;
  const made = (await mutate(
    'createListener',
    {
      loadBalancerId: balancer.id,
      backendGroupId: group.id,
      name: `on-${count}`,
      protocol: 'TCP',
      port: 10_000 + count,
      ...input,
    },
    'listener { id }',
  )) as unknown as { listener: { id: string } };
  if (!made.listener) throw new Error(JSON.stringify(made));
  return made.listener;
}

const confirm = { confirm: phrase };

describe('load balancers', () => {
  it('are made with what people call them, and run with an address before they have a listener (NET-15, Appendix C)', async () => {
    const { id } = await makeBalancer({ displayName: '商店', description: 'The shop', bandwidthMbps: 100 });
    const read = `query ($id: ID!) { node(id: $id) { ... on LoadBalancer {
      displayName description bandwidthMbps state stateReason type className listeners { id } addresses } } }`;
    await expect
      .poll(async () => (await ask<{ node: { state: string } }>(read, { id })).node.state, { timeout: 20_000 })
      .toBe('RUNNING');
    const { node } = await ask<{ node: { addresses: string[] } }>(read, { id });
    expect(node).toEqual({
      displayName: '商店',
      description: 'The shop',
      bandwidthMbps: 100,
      state: 'RUNNING',
      stateReason: null,
      type: 'PUBLIC',
      className: 'embedded',
      listeners: [],
      addresses: [expect.stringMatching(/^198\.51\.100\./)],
    });
  });

  it('are listed and followed with filters; a cluster without the engine is a problem of the list (NET-15)', async () => {
    const { name } = await makeBalancer({ type: 'INTERNAL' });
    const { loadBalancers } = await ask<{ loadBalancers: object }>(
      `{ loadBalancers(filter: { classNames: ["embedded-internal"], name: { equals: "${name}" } }) {
        nodes { name type } problems { cluster code } } }`,
    );
    expect(loadBalancers).toEqual({
      nodes: [{ name, type: 'INTERNAL' }],
      problems: [{ cluster: 'plain', code: 'CAPABILITY_MISSING' }],
    });
    const stream = gateway.subscribe<{ loadBalancerChanges: { type: string; loadBalancer: { name: string } | null } }>(
      `subscription { loadBalancerChanges(filter: { name: { equals: "${name}" } }) { type loadBalancer { name state } } }`,
      {},
      { token: asMember },
    );
    await stream.next(({ data }) => data?.loadBalancerChanges.type === 'SNAPSHOT');
    await mutate('deleteLoadBalancer', { id: idOf('Gateway', name), ...confirm }, 'id');
    const gone = await stream.next(({ data }) => data?.loadBalancerChanges.type === 'DELETED');
    expect(gone.data?.loadBalancerChanges.loadBalancer?.name).toBe(name);
  });

  it('are not made where the engine is missing, and nothing is made elsewhere then (refused, NET-15)', async () => {
    const input = { clusters: ['embedded', 'plain'], namespace, name: 'nowhere' };
    expect(await mutate('createLoadBalancer', input, 'results { ok }', asAdmin)).toMatchObject({
      __typename: 'CapabilityMissingError',
      capability: 'load-balancing',
    });
    expect(await ask(`{ loadBalancer(cluster: "embedded", namespace: "shop", name: "nowhere") { id } }`)).toEqual({
      loadBalancer: null,
    });
  });

  it.each([
    ['no cluster', { clusters: [] }, [{ path: ['clusters'], code: 'too_small' }]],
    ['a cluster twice', { clusters: ['embedded', 'embedded'] }, [{ path: ['clusters', '1'], code: 'duplicate' }]],
    ['a name that no cluster takes', { name: 'My LB' }, [{ path: ['name'], code: 'invalid_text' }]],
    ['a display name that is too long', { displayName: 'x'.repeat(81) }, [{ path: ['displayName'], code: 'too_long' }]],
    ['no bandwidth', { bandwidthMbps: 0 }, [{ path: ['bandwidthMbps'], code: 'too_small' }]],
    ['more bandwidth than the profile has', { bandwidthMbps: 1001 }, [{ path: ['bandwidthMbps'], code: 'too_big' }]],
    ['no instance', { instances: 0 }, [{ path: ['instances'], code: 'too_small' }]],
    ['more instances than the profile has', { instances: 11 }, [{ path: ['instances'], code: 'too_big' }]],
    [
      'two listeners at one port',
      { listeners: ['a', 'b'].map((name) => ({ name, protocol: 'TCP', port: 7_000 })) },
      [{ path: ['listeners', '1', 'port'], code: 'port_taken' }],
    ],
    [
      'more listeners than a Gateway takes',
      {
        listeners: Array.from({ length: 65 }, (_, index) => ({
          name: `l${index}`,
          protocol: 'TCP',
          port: 7_000 + index,
        })),
      },
      [{ path: ['listeners'], code: 'too_big' }],
    ],
  ])('are not made with %s (refused, NET-15, NET-20)', async (_title, input, issues) => {
    const refused = await mutate(
      'createLoadBalancer',
      { clusters: ['embedded'], namespace, name: 'bad', ...input },
      'results { ok }',
    );
    expect(refused).toMatchObject({ __typename: 'ValidationError', issues });
  });

  it('are not made with a listener at a sensitive port (NET-17, VND-03, refused)', async () => {
    const listeners = [{ name: 'web', protocol: 'TCP', port: 8443 }];
    const input = { clusters: ['embedded'], namespace, name: 'bad', listeners };
    expect(await mutate('createLoadBalancer', input, 'results { ok }')).toMatchObject({ reason: 'SENSITIVE_PORT' });
  });

  it('are not made of a class that is not there (refused, NET-20)', async () => {
    const input = { clusters: ['embedded'], namespace, name: 'bad', className: 'none' };
    expect(await mutate('createLoadBalancer', input, 'results { ok }')).toMatchObject({
      __typename: 'PreconditionError',
      reason: 'NO_LOAD_BALANCER_CLASS',
    });
  });

  it('are made several at once, and deleted together (NET-16, NET-20)', async () => {
    const input = { clusters: ['embedded'], namespace, name: 'many', instances: 2 };
    expect(await mutate('createLoadBalancer', input, 'results { cluster name ok }')).toEqual({
      __typename: 'CreateLoadBalancerSuccess',
      results: [
        { cluster: 'embedded', name: 'many-1', ok: true },
        { cluster: 'embedded', name: 'many-2', ok: true },
      ],
    });
    const ids = ['many-1', 'many-2'].map((name) => idOf('Gateway', name));
    expect(await mutate('deleteLoadBalancers', { ids }, '')).toMatchObject({ __typename: 'ValidationError' });
    expect(await mutate('deleteLoadBalancers', { ids, ...confirm }, '')).toEqual({
      __typename: 'DeleteLoadBalancersSuccess',
      results: [
        { ok: true, error: null },
        { ok: true, error: null },
      ],
    });
  });
});

function idOf(kind: string, name: string): string {
  const parts = ['k8s', 'embedded', 'gateway.networking.k8s.io', kind, namespace, name];
  return Buffer.from(parts.map(encodeURIComponent).join('|')).toString('base64url');
}

describe('the chain Service → backend group → listener → load balancer', () => {
  it('runs when it is whole, and is taken apart from its end only (NET-13, NET-16, NET-18, P41, refused)', async () => {
    const balancer = await makeBalancer();
    await apply(service('chained', 80, 'TCP'));
    const group = await makeGroup({ services: [{ service: 'chained', port: 80 }] });
    const listener = await makeListener(balancer, group);
    const read = `query ($id: ID!) { node(id: $id) { ... on LoadBalancerListener {
      state port protocol loadBalancer { name } backendGroups { nodes { name listeners { id } members { serviceName weight } } } } } }`;
    await expect
      .poll(async () => (await ask<{ node: { state: string } }>(read, { id: listener.id })).node.state, {
        timeout: 20_000,
      })
      .toBe('RUNNING');
    expect(await ask(read, { id: listener.id })).toMatchObject({
      node: {
        protocol: 'TCP',
        loadBalancer: { name: balancer.name },
        backendGroups: {
          nodes: [
            { name: group.name, listeners: [{ id: listener.id }], members: [{ serviceName: 'chained', weight: 1 }] },
          ],
        },
      },
    });
    const serviceId = Buffer.from(`k8s|embedded||Service|${namespace}|chained`).toString('base64url');
    expect(await mutate('deleteService', { id: serviceId, ...confirm }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: group.id, __typename: 'TCPRoute' }],
    });
    expect(await mutate('deleteLoadBalancer', { id: balancer.id, ...confirm }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: listener.id, __typename: 'LoadBalancerListener' }],
    });
    // By the road of objects of any kind, too.
    expect(await mutate('deleteObject', { id: balancer.id, confirm: balancer.name }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: listener.id }],
    });
    expect(await mutate('deleteListener', { id: listener.id, ...confirm }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: group.id, __typename: 'TCPRoute' }],
    });
    expect(
      await mutate('unbindBackendGroup', { id: group.id, listenerId: listener.id }, 'backendGroup { state }'),
    ).toMatchObject({ backendGroup: { state: 'UNBOUND' } });
    expect(await ask(read, { id: listener.id })).toMatchObject({ node: { state: 'NO_BACKEND' } });
    expect(
      await mutate('deleteListener', { id: listener.id, ...confirm }, 'id loadBalancer { listeners { id } }'),
    ).toEqual({
      __typename: 'DeleteListenerSuccess',
      id: listener.id,
      loadBalancer: { listeners: [] },
    });
    expect(await ask(read, { id: listener.id })).toEqual({ node: null });
    expect(await mutate('deleteLoadBalancer', { id: balancer.id, ...confirm }, 'id')).toMatchObject({
      id: balancer.id,
    });
    expect(await mutate('deleteBackendGroup', { id: group.id }, 'id')).toMatchObject({ id: group.id });
    expect(await mutate('deleteService', { id: serviceId, ...confirm }, 'id')).toMatchObject({ id: serviceId });
  });

  it('asks before a bound group goes, and its listener leads nowhere then (NET-19, CON-25)', async () => {
    const balancer = await makeBalancer();
    const group = await makeGroup();
    const listener = await makeListener(balancer, group);
    expect(await mutate('deleteBackendGroup', { id: group.id }, 'id')).toMatchObject({
      __typename: 'PreconditionError',
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
    });
    const known = { id: group.id, acknowledge: ['LISTENER_LOSES_BACKEND'] };
    expect(await mutate('deleteBackendGroup', known, 'id')).toMatchObject({ id: group.id });
    const read = `{ node(id: "${listener.id}") { ... on LoadBalancerListener { state } } }`;
    await expect.poll(() => ask(read), { timeout: 20_000 }).toEqual({ node: { state: 'NO_BACKEND' } });
    const other = await makeGroup();
    const bound = await mutate('bindBackendGroup', { id: other.id, listenerId: listener.id }, 'backendGroup { id }');
    expect(bound).toMatchObject({ backendGroup: { id: other.id } });
    const third = await makeGroup();
    const refused = await mutate('bindBackendGroup', { id: third.id, listenerId: listener.id }, 'backendGroup { id }');
    expect(refused).toMatchObject({ __typename: 'PreconditionError', reason: 'LISTENER_BOUND' });
  });
});

describe('what is in use', () => {
  const refusal = '... on Error { code message } ... on InUseError { references { id __typename } }';

  it('keeps one of several from going, and says by what; the others go (NET-16, CORE-27, refused)', async () => {
    const [used, free] = [await makeBalancer(), await makeBalancer()];
    const listener = await makeListener(used, await makeGroup());
    const input = { ids: [used.id, free.id], ...confirm };
    const { deleteLoadBalancers } = await ask<{ deleteLoadBalancers: object }>(
      `mutation ($input: DeleteLoadBalancersInput!) { deleteLoadBalancers(input: $input) {
        ... on DeleteLoadBalancersSuccess { results { id ok error { ${refusal} } } } } }`,
      { input },
    );
    expect(deleteLoadBalancers).toMatchObject({
      results: [
        {
          id: used.id,
          ok: false,
          error: { code: 'IN_USE', references: [{ id: listener.id, __typename: 'LoadBalancerListener' }] },
        },
        { id: free.id, ok: true, error: null },
      ],
    });
  });

  it.each([
    ['take a bound listener away', () => [{ name: 'other', port: 6_101, protocol: 'TCP' }]],
    ['make a bound listener speak something else', () => [{ name: 'bound', port: 6_100, protocol: 'UDP' }]],
  ])('stays by YAML, too: it does not %s (NET-18, P41, refused)', async (_title, listeners) => {
    const balancer = await makeBalancer();
    const group = await makeGroup();
    await makeListener(balancer, group, { name: 'bound', port: 6_100 });
    const read =
      '{ node(id: "' +
      balancer.id +
      '") { ... on LoadBalancer { json resourceVersion listeners { name protocol } } } }';
    type Read = { node: { json: { spec: object }; resourceVersion: string; listeners: object[] } };
    const { node } = await ask<Read>(read);
    const manifest = JSON.stringify({ ...node.json, spec: { ...node.json.spec, listeners: listeners() } });
    const input = { id: balancer.id, resourceVersion: node.resourceVersion, manifest };
    expect(await mutate('updateManifest', input, '__typename')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: group.id, __typename: 'TCPRoute' }],
    });
    expect((await ask<Read>(read)).node.listeners).toEqual([{ name: 'bound', protocol: 'TCP' }]);
  });

  it('counts what the caller does not see, without naming it (NET-18, refused)', async () => {
    const balancer = await makeBalancer();
    await apply(service('hidden', 80, 'TCP').replace('namespace: shop', 'namespace: default'));
    const hidden = (await mutate(
      'createBackendGroup',
      {
        cluster: 'embedded',
        namespace: 'default',
        name: 'hidden',
        protocol: 'TCP',
        services: [{ service: 'hidden', port: 80 }],
      },
      'backendGroup { id }',
      asAdmin,
    )) as unknown as { backendGroup: { id: string } };
    const input = { loadBalancerId: balancer.id, name: 'secret', protocol: 'TCP', port: 6_200 };
    const made = (await mutate(
      'createListener',
      { ...input, backendGroupId: hidden.backendGroup.id },
      'listener { id }',
      asAdmin,
    )) as unknown as { listener: { id: string } };
    const refused = await mutate('deleteListener', { id: made.listener.id, ...confirm }, 'id');
    expect(refused).toMatchObject({
      __typename: 'InUseError',
      message: expect.stringContaining('what you may not see'),
      references: [],
    });
    expect(JSON.stringify(refused)).not.toContain('hidden');
    expect(await mutate('deleteListener', { id: made.listener.id, ...confirm }, 'id', asAdmin)).toMatchObject({
      references: [{ id: hidden.backendGroup.id }],
    });
  });

  it('is a class while a load balancer is of it (P41, refused)', async () => {
    const balancer = await makeBalancer({ type: 'INTERNAL' });
    const id = Buffer.from('k8s|embedded|gateway.networking.k8s.io|GatewayClass||embedded-internal').toString(
      'base64url',
    );
    const refused = await mutate('deleteObject', { id, confirm: 'embedded-internal' }, 'id', asAdmin);
    expect(refused).toMatchObject({
      __typename: 'InUseError',
      references: expect.arrayContaining([{ id: balancer.id, __typename: 'LoadBalancer' }]),
    });
  });

  it('is what a route of another kind leads to, and the listener that it hangs on (NET-13, NET-18, P41, refused)', async () => {
    await apply(service('called', 80, 'TCP'));
    const { name } = await makeBalancer({ listeners: [{ name: 'calls', protocol: 'HTTP', port: 6_300 }] });
    await apply(`apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: calls, namespace: shop }
spec:
  parentRefs: [{ name: ${name}, sectionName: calls }]
  rules: [{ backendRefs: [{ name: called, port: 80 }] }]`);
    const references = [{ id: idOf('GRPCRoute', 'calls') }];
    const serviceId = Buffer.from(`k8s|embedded||Service|${namespace}|called`).toString('base64url');
    expect(await mutate('deleteService', { id: serviceId, ...confirm }, 'id', asAdmin)).toMatchObject({ references });
    const { loadBalancer } = await ask<{ loadBalancer: { listeners: { id: string }[] } }>(
      `{ loadBalancer(cluster: "embedded", namespace: "shop", name: "${name}") { listeners { id } } }`,
    );
    const listener = { id: loadBalancer.listeners[0]?.id, ...confirm };
    expect(await mutate('deleteListener', listener, 'id', asAdmin)).toMatchObject({ references });
  });
});

describe('listeners', () => {
  it('are refused with a sensitive port without approval, by form and by YAML (NET-17, VND-03, refused)', async () => {
    const balancer = await makeBalancer();
    const group = await makeGroup();
    const input = { loadBalancerId: balancer.id, backendGroupId: group.id, name: 'web', protocol: 'TCP', port: 443 };
    expect(await mutate('createListener', input, 'listener { id }')).toMatchObject({
      __typename: 'PreconditionError',
      reason: 'SENSITIVE_PORT',
    });
    const manifest = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${balancer.name}, namespace: shop }
spec:
  gatewayClassName: embedded
  listeners: [{ name: web, port: 8080, protocol: HTTP }]`;
    expect(await apply(manifest, asMember)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ code: 'sensitive_port' }],
    });
  });

  it('have a port and a name of their own in their load balancer; UDP has its own ports (NET-20, refused)', async () => {
    const balancer = await makeBalancer();
    const group = await makeGroup();
    await makeListener(balancer, group, { name: 'first', port: 5353 });
    const other = await makeGroup();
    const taken = {
      loadBalancerId: balancer.id,
      backendGroupId: other.id,
      name: 'second',
      protocol: 'TCP',
      port: 5353,
    };
    expect(await mutate('createListener', taken, 'listener { id }')).toMatchObject({ reason: 'LISTENER_PORT_TAKEN' });
    const named = { ...taken, name: 'first', port: 5454 };
    expect(await mutate('createListener', named, 'listener { id }')).toMatchObject({ reason: 'LISTENER_NAME_TAKEN' });
    const dns = await makeGroup({ protocol: 'UDP', services: [{ service: 'dns', port: 53 }] });
    const udp = { ...taken, backendGroupId: dns.id, name: 'dns', protocol: 'UDP' };
    expect(await mutate('createListener', udp, 'listener { port protocol }')).toMatchObject({
      listener: { port: 5353, protocol: 'UDP' },
    });
    const wrong = { ...taken, backendGroupId: dns.id, port: 6000 };
    expect(await mutate('createListener', wrong, 'listener { id }')).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['backendGroupId'], code: 'other_protocol' }],
    });
  });

  it('change their port and host, not to one that is taken (NET-17, NET-20)', async () => {
    const balancer = await makeBalancer();
    const group = await makeGroup({ protocol: 'HTTP' });
    const one = await makeListener(balancer, group, { protocol: 'HTTP', port: 7001 });
    await makeListener(balancer, await makeGroup({ protocol: 'HTTP' }), { protocol: 'HTTP', port: 7002 });
    const changed = await mutate(
      'updateListener',
      { id: one.id, port: 7003, hostname: 'shop.example.com' },
      'listener { id port hostname backendGroups { totalCount } }',
    );
    expect(changed).toMatchObject({
      listener: { id: one.id, port: 7003, hostname: 'shop.example.com', backendGroups: { totalCount: 1 } },
    });
    expect(await mutate('updateListener', { id: one.id, port: 7002 }, 'listener { id }')).toMatchObject({
      reason: 'LISTENER_PORT_TAKEN',
    });
    expect(await mutate('updateListener', { id: one.id, port: 443 }, 'listener { id }')).toMatchObject({
      reason: 'SENSITIVE_PORT',
    });
  });

  it('need a certificate for HTTPS, of a Secret that is there and then stays (NET-17, P41, refused)', async () => {
    const balancer = await makeBalancer();
    const group = await makeGroup({ protocol: 'HTTP' });
    const input = { loadBalancerId: balancer.id, backendGroupId: group.id, name: 'tls', protocol: 'HTTPS', port: 9443 };
    expect(await mutate('createListener', input, 'listener { id }')).toMatchObject({
      issues: [{ path: ['certificateSecret'], code: 'required' }],
    });
    const named = { ...input, certificateSecret: 'shop-tls' };
    expect(await mutate('createListener', named, 'listener { id }')).toMatchObject({
      issues: [{ path: ['certificateSecret'], code: 'not_found' }],
    });
    await apply(`apiVersion: v1
kind: Secret
metadata: { name: shop-tls, namespace: shop }
type: kubernetes.io/tls
stringData: { tls.crt: "-----BEGIN CERTIFICATE-----", tls.key: "-----BEGIN PRIVATE KEY-----" }`);
    expect(await mutate('createListener', named, 'listener { certificateSecrets }')).toMatchObject({
      listener: { certificateSecrets: ['shop-tls'] },
    });
    const id = Buffer.from(`k8s|embedded||Secret|${namespace}|shop-tls`).toString('base64url');
    expect(await mutate('deleteSecret', { id, ...confirm }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: balancer.id, __typename: 'LoadBalancer' }],
    });
  });
});

describe('backend groups', () => {
  it('keep their protocol, and change weights and Services within the profile (NET-19, CON-26)', async () => {
    const group = await makeGroup({ protocol: 'HTTP', services: [{ service: 'one', port: 80, weight: 90 }] });
    const { id } = group;
    expect(await mutate('updateBackendGroup', { id, protocol: 'TCP' }, 'backendGroup { id }')).toMatchObject({
      reason: 'PROTOCOL_IMMUTABLE',
    });
    const fields = 'backendGroup { members { serviceName weight } }';
    const set = [{ service: 'two', port: 80, weight: 10 }];
    expect(await mutate('updateBackendGroupMembers', { id, set }, fields)).toMatchObject({
      backendGroup: {
        members: [
          { serviceName: 'one', weight: 90 },
          { serviceName: 'two', weight: 10 },
        ],
      },
    });
    const third = { id, set: [{ service: 'three', port: 80 }] };
    expect(await mutate('updateBackendGroupMembers', third, fields)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['set'], code: 'too_big' }],
    });
    const remove = [{ service: 'one', port: 80 }];
    expect(await mutate('updateBackendGroupMembers', { id, remove }, fields)).toMatchObject({
      backendGroup: { members: [{ serviceName: 'two', weight: 10 }] },
    });
    expect(
      await mutate('updateBackendGroupMembers', { id, remove: [{ service: 'two', port: 80 }] }, fields),
    ).toMatchObject({ issues: [{ path: ['remove'], code: 'too_small' }] });
  });

  it('tell which of their settings nobody sees to (NET-20, CON-20, CON-22)', async () => {
    const balancer = await makeBalancer();
    const group = await makeGroup({ protocol: 'HTTP', forwarding: 'LEAST_CONN', isXForwardedForSet: false });
    await makeListener(balancer, group, { protocol: 'HTTP', port: 7100 });
    const read = `{ node(id: "${group.id}") { ... on BackendGroup {
      settings { forwarding isSessionPersistent isHealthChecked isXForwardedForSet } unenforcedSettings } } }`;
    expect(await ask(read)).toEqual({
      node: {
        settings: {
          forwarding: 'LEAST_CONN',
          isSessionPersistent: false,
          isHealthChecked: false,
          isXForwardedForSet: false,
        },
        unenforcedSettings: ['LEAST_CONN'],
      },
    });
    const changed = { id: group.id, isXForwardedForSet: true, forwarding: 'ROUND_ROBIN' };
    expect(
      await mutate(
        'updateBackendGroup',
        changed,
        'backendGroup { settings { isXForwardedForSet } unenforcedSettings }',
      ),
    ).toMatchObject({ backendGroup: { settings: { isXForwardedForSet: true }, unenforcedSettings: [] } });
  });

  it.each([
    [
      'a Service that is not there',
      [{ service: 'none', port: 80 }],
      [{ path: ['services', '0', 'service'], code: 'not_found' }],
    ],
    [
      'a port that the Service has not',
      [{ service: 'one', port: 81 }],
      [{ path: ['services', '0', 'port'], code: 'not_found' }],
    ],
    [
      'a port of another protocol',
      [{ service: 'dns', port: 53 }],
      [{ path: ['services', '0', 'port'], code: 'other_protocol' }],
    ],
    ['no Service', [], [{ path: ['services'], code: 'too_small' }]],
  ])('are not made with %s (refused, NET-19)', async (_title, members, issues) => {
    const input = { cluster: 'embedded', namespace, name: 'bad', protocol: 'TCP', services: members };
    expect(await mutate('createBackendGroup', input, 'backendGroup { id }')).toMatchObject({
      __typename: 'ValidationError',
      issues,
    });
  });
});
