import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

const admin = 'the-token-of-an-administrator-of-two-clusters';
const member = 'the-token-of-a-member-who-works-in-the-shop';
const namespace = 'shop';
const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let second: EmbeddedCluster;

/** A group may stand for several Services (NET-22). */
const profile = `name: several
title: Several Services in a group
extends: default
values:
  network:
    backendGroup.maxServices: 2
    lb.quota: 12
`;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-balancers-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'several.yaml');
  await writeFile(file, profile);
  const engines = await loadEngines(['gateway-api']);
  second = stack.use(await startEmbeddedCluster({ name: 'second', engines, sample: 'shop', speed: 100 }));
  const { path } = stack.use(await kubeconfigFile(second));
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 100,
      settings: {
        profile: 'several',
        profiles: [file],
        embedded: { enabled: true, engines: ['gateway-api'] },
        // There administrators make load balancers (0.4).
        clusters: [{ name: 'second', kubeconfig: path, profile: 'aks-public' }],
        tokens: [
          staticToken('operator', admin, { roles: ['ADMIN'] }),
          staticToken('member', member, { roles: ['DEVELOPER'], namespaces: [namespace] }),
        ],
      },
    }),
  );
}, 60_000);
afterAll(() => stack.disposeAsync());

type Answer = { readonly __typename: string } & Readonly<Record<string, unknown>>;

async function ask<Data>(source: string, variables: object = {}, token = member): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, { token });
  expect(errors).toBeUndefined();
  return data as Data;
}

async function mutate(name: string, input: object, fields: string, token?: string): Promise<Answer> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await ask<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename
      ... on ${type}Success { ${fields} } ... on Error { code message }
      ... on ValidationError { issues { path code } } ... on PreconditionError { reason } } }`,
    { input },
    token,
  );
  return data[name] as Answer;
}

async function done<T>(name: string, input: object, fields: string, token?: string): Promise<T> {
  const answer = await mutate(name, input, fields, token);
  if (!answer.__typename.endsWith('Success')) throw new Error(JSON.stringify(answer));
  return answer as T;
}

interface Made {
  readonly id: string;
  readonly name: string;
}

const apply = (manifest: string) =>
  done('applyManifest', { cluster: 'embedded', manifest, force: true }, 'documents { object { id } }', admin);

const idOf = (group: string, kind: string, name: string, cluster = 'embedded'): string =>
  Buffer.from(['k8s', cluster, group, kind, namespace, name].join('|')).toString('base64url');

const deployment = (
  name: string,
  more: { readonly labels?: string; readonly tag?: string; readonly simulate?: string } = {},
) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: { app: ${name}${more.labels ?? ''} }
      annotations: { 'embedded.longshore.dev/simulate': '${more.simulate ?? ''}' }
    spec: { containers: [{ name: web, image: 'registry.local/web:${more.tag ?? 'v1'}' }] }
---`;
const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---`;

async function makeBalancer(name: string): Promise<Made> {
  const { results } = await done<{ results: { loadBalancer: Made }[] }>(
    'createLoadBalancer',
    { clusters: ['embedded'], namespace, name },
    'results { loadBalancer { id name } }',
  );
  return results[0]?.loadBalancer as Made;
}

async function lead(name: string, port: number, services: readonly string[]): Promise<Made> {
  const balancer = await makeBalancer(name);
  const members = services.map((each) => ({ service: each, port: 80 }));
  const { backendGroup } = await done<{ backendGroup: Made }>(
    'createBackendGroup',
    { cluster: 'embedded', namespace, name, protocol: 'TCP', services: members },
    'backendGroup { id name }',
  );
  const input = { loadBalancerId: balancer.id, backendGroupId: backendGroup.id, name, protocol: 'TCP', port };
  await done('createListener', input, 'listener { id }');
  return backendGroup;
}

interface Group {
  readonly state: string;
  readonly stateReason: string | null;
  readonly bindings: readonly object[];
  readonly listeners: readonly { state: string; loadBalancer: { state: string; addresses: string[] } }[];
  readonly members: readonly {
    readonly serviceName: string;
    readonly state: string;
    readonly stateReason: string | null;
    readonly endpointCount: number;
    readonly readyEndpointCount: number;
    readonly endpoints: readonly {
      readonly isReady: boolean;
      readonly nodeName: string;
      readonly notReadyReason: string | null;
      readonly pod: { readonly id: string; readonly name: string } | null;
    }[];
  }[];
}

const groupQuery = `query ($id: ID!) { node(id: $id) { ... on BackendGroup { state stateReason
  bindings { loadBalancerName listenerName controllerName isAccepted isResolved listener { name conditions { type status } } conditions { type reason } }
  listeners { state loadBalancer { state addresses } }
  members { serviceName state stateReason endpointCount readyEndpointCount
    endpoints { isReady nodeName notReadyReason pod { id name } } } } } }`;

const groupOf = async ({ id }: Made): Promise<Group> => (await ask<{ node: Group }>(groupQuery, { id })).node;
const readyOf = async (group: Made): Promise<readonly number[]> =>
  (await groupOf(group)).members.map(({ readyEndpointCount }) => readyEndpointCount);
const podsOf = async (group: Made, index = 0): Promise<readonly string[]> =>
  ((await groupOf(group)).members[index]?.endpoints ?? [])
    .filter(({ isReady }) => isReady)
    .map(({ pod }) => pod?.name ?? '')
    .sort();
const scale = (name: string, replicas: number) =>
  done('scaleWorkload', { id: idOf('apps', 'Deployment', name), replicas }, 'workload { id }');
const soon = { timeout: 20_000, interval: 50 };

describe('a load balancer', () => {
  it('outlives the applications that it leads to, of which one address serves several (NET-22)', async () => {
    await apply(['front', 'back'].map((name) => deployment(name) + service(name)).join(''));
    const group = await lead('shared', 9001, ['front', 'back']);
    await expect.poll(() => readyOf(group), soon).toEqual([2, 2]);
    await expect.poll(async () => (await groupOf(group)).listeners[0]?.state, soon).toBe('RUNNING');
    const [before] = (await groupOf(group)).listeners;

    for (const name of ['front', 'back']) {
      const id = idOf('apps', 'Deployment', name);
      await done('deleteObject', { id, confirm: name }, 'id', admin);
    }
    await expect
      .poll(async () => (await groupOf(group)).members.map(({ state }) => state), soon)
      .toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect((await groupOf(group)).listeners[0]?.loadBalancer).toEqual(before?.loadBalancer);

    await apply(deployment('front') + deployment('back'));
    await expect.poll(() => readyOf(group), soon).toEqual([2, 2]);
    await expect.poll(async () => (await groupOf(group)).state, soon).toBe('RUNNING');
    expect((await groupOf(group)).listeners[0]?.loadBalancer).toEqual(before?.loadBalancer);
  });

  it('follows what scales, moves and is rolled out, by itself (NET-22)', async () => {
    await apply(deployment('mover') + service('mover'));
    const group = await lead('moving', 9002, ['mover']);
    await expect.poll(() => readyOf(group), soon).toEqual([2]);
    await scale('mover', 4);
    await expect.poll(() => readyOf(group), soon).toEqual([4]);
    await scale('mover', 1);
    await expect.poll(() => podsOf(group).then(({ length }) => length), soon).toBe(1);

    const [only] = (await groupOf(group)).members[0]?.endpoints.filter(({ isReady }) => isReady) ?? [];
    const { store } = gateway.cluster;
    const nodes = store.resource('', 'nodes');
    const node = store.get(nodes, undefined, only?.nodeName ?? '');
    store.update(nodes, { ...node, spec: { ...(node as { spec?: object })?.spec, unschedulable: true } } as never);
    await done('evictPod', { id: only?.pod?.id }, 'id');
    await expect
      .poll(
        async () => (await groupOf(group)).members[0]?.endpoints.map(({ isReady, nodeName }) => isReady && nodeName),
        soon,
      )
      .toEqual([expect.not.stringMatching(`^${only?.nodeName}$`)]);

    const old = await podsOf(group);
    await apply(deployment('mover', { tag: 'v2' }));
    await expect
      .poll(async () => {
        const now = await podsOf(group);
        return now.length === 2 && now.every((name) => !old.includes(name));
      }, soon)
      .toBe(true);
    expect((await groupOf(group)).listeners.map(({ state }) => state)).toEqual(['RUNNING']);
  });
});

describe('instances', () => {
  it('are taken off and put back one by one; others that come are bound (NET-22)', async () => {
    await apply(deployment('solo') + service('solo'));
    const group = await lead('single', 9003, ['solo']);
    await expect.poll(() => readyOf(group), soon).toEqual([2]);
    const serviceId = idOf('', 'Service', 'solo');
    const oneByOne = { id: serviceId, bindsInstances: true };
    expect(await mutate('updateService', oneByOne, 'service { id }')).toMatchObject({
      issues: [
        { path: ['bindsInstances'], code: 'template_without_label' },
        { path: ['bindsInstances'], code: 'instance_without_label' },
      ],
    });
    const [pod = ''] = await podsOf(group);
    const binding = (name: string, isBound: boolean, more: object = {}) =>
      mutate(
        'setInstanceBinding',
        { id: idOf('', 'Pod', name), serviceId, isBound, ...more },
        'pod { name } service { bindsInstances }',
      );
    expect(await binding(pod, false)).toMatchObject({ reason: 'INSTANCES_BOUND_TOGETHER' });

    await apply(deployment('solo', { labels: ', bound.longshore.dev/solo: "true"' }));
    await expect
      .poll(() => mutate('updateService', oneByOne, 'service { bindsInstances }'), soon)
      .toMatchObject({ service: { bindsInstances: true } });
    await expect.poll(() => podsOf(group).then(({ length }) => length), soon).toBe(2);

    const [first = '', other = ''] = await podsOf(group);
    expect(await binding(first, false)).toMatchObject({ pod: { name: first }, service: { bindsInstances: true } });
    await expect.poll(() => podsOf(group), soon).toEqual([other]);
    const unbound =
      '{ service(cluster: "embedded", namespace: "shop", name: "solo") { unboundInstances { nodes { name } } } }';
    expect(await ask(unbound)).toEqual({ service: { unboundInstances: { nodes: [{ name: first }] } } });

    // Its workload keeps it, and makes none in its place.
    await scale('solo', 3);
    await expect.poll(() => podsOf(group).then(({ length }) => length), soon).toBe(2);
    expect(await podsOf(group)).not.toContain(first);
    const [third = ''] = (await podsOf(group)).filter((name) => name !== other);
    expect(await binding(third, false)).toMatchObject({ __typename: 'SetInstanceBindingSuccess' });
    await expect.poll(() => podsOf(group), soon).toEqual([other]);
    expect(await binding(other, false)).toMatchObject({ reason: 'ACKNOWLEDGEMENT_REQUIRED' });

    expect(await binding(first, true)).toMatchObject({ pod: { name: first } });
    await expect.poll(() => podsOf(group), soon).toEqual([first, other].sort());
  });

  it('of something else are none of a Service (refused)', async () => {
    await apply(deployment('near') + service('near'));
    const query = '{ pods(filter: { namespaces: ["shop"], labelSelector: "app=near" }) { nodes { id } } }';
    const pods = async () => (await ask<{ pods: { nodes: Made[] } }>(query)).pods.nodes;
    await expect.poll(async () => (await pods()).length, soon).toBe(2);
    const [near] = await pods();
    const input = { id: near?.id, serviceId: idOf('', 'Service', 'front'), isBound: false };
    expect(await mutate('setInstanceBinding', input, 'pod { id }')).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['serviceId'], code: 'no_instance' }],
    });
    const missing = { ...input, serviceId: idOf('', 'Service', 'nothing') };
    expect(await mutate('setInstanceBinding', missing, 'pod { id }')).toMatchObject({ __typename: 'NotFoundError' });
  });
});

describe('what stands beside the backends of a group', () => {
  it('is how each does, and why, with what the controller says, from memory (NET-19, NET-20)', async () => {
    await apply(
      deployment('well') +
        service('well') +
        deployment('sick', { simulate: 'unready' }).replace(
          "image: 'registry.local/web:v1'",
          "image: 'registry.local/web:v1', readinessProbe: { tcpSocket: { port: 8080 } }",
        ) +
        service('sick'),
    );
    const group = await lead('health', 9004, ['well', 'sick']);
    await expect
      .poll(async () => (await groupOf(group)).members.map(({ state, stateReason }) => [state, stateReason]), soon)
      .toEqual([
        ['READY', null],
        ['UNAVAILABLE', 'EndpointsNotReady'],
      ]);
    await expect.poll(async () => (await groupOf(group)).state, soon).toBe('FAILED');
    await expect
      .poll(async () => (await groupOf(group)).members[1]?.endpoints.map(({ notReadyReason }) => notReadyReason), soon)
      .toEqual(['ContainersNotReady', 'ContainersNotReady']);
    const { bindings, members } = await groupOf(group);
    expect(members.map(({ endpointCount }) => endpointCount)).toEqual([2, 2]);
    expect(bindings).toEqual([
      {
        loadBalancerName: 'health',
        listenerName: 'health',
        controllerName: 'embedded.longshore.dev/gateway-controller',
        isAccepted: true,
        isResolved: true,
        listener: { name: 'health', conditions: expect.arrayContaining([{ type: 'Programmed', status: 'TRUE' }]) },
        conditions: expect.arrayContaining([
          { type: 'Accepted', reason: 'Accepted' },
          { type: 'ResolvedRefs', reason: 'ResolvedRefs' },
        ]),
      },
    ]);
    gateway.cluster.requests.clear();
    await groupOf(group);
    expect(gateway.cluster.requests.entries.filter(({ verb }) => verb !== 'watch')).toEqual([]);
  });
});

describe('load balancers of several clusters', () => {
  const results = 'results { cluster name ok error { code } loadBalancer { name } }';
  const both = { clusters: ['embedded', 'second'], namespace };

  it('are made in each; what fails in one leaves the other as it is (NET-15)', async () => {
    expect(await mutate('createLoadBalancer', { ...both, name: 'twin' }, results, admin)).toMatchObject({
      results: ['embedded', 'second'].map((cluster) => ({ cluster, ok: true, loadBalancer: { name: 'twin' } })),
    });
    second.faults = ({ verb, resource, query }) =>
      verb === 'create' && resource === 'gateways' && !query.includes('dryRun') ? { status: 500 } : undefined;
    const half = await mutate('createLoadBalancer', { ...both, name: 'half' }, results, admin);
    second.faults = undefined;
    expect(half).toMatchObject({
      __typename: 'CreateLoadBalancerSuccess',
      results: [
        { cluster: 'embedded', ok: true, error: null, loadBalancer: { name: 'half' } },
        { cluster: 'second', ok: false, error: { code: 'UPSTREAM' }, loadBalancer: null },
      ],
    });
    const there = (cluster: string) =>
      ask(`{ loadBalancer(cluster: "${cluster}", namespace: "shop", name: "half") { name } }`, {}, admin);
    expect([await there('embedded'), await there('second')]).toEqual([
      { loadBalancer: { name: 'half' } },
      { loadBalancer: null },
    ]);
  });

  it('are made in none where the name is taken in one (refused, NET-15)', async () => {
    await done('createLoadBalancer', { clusters: ['second'], namespace, name: 'taken' }, results, admin);
    expect(await mutate('createLoadBalancer', { ...both, name: 'taken' }, results, admin)).toMatchObject({
      __typename: 'ConflictError',
      message: expect.stringContaining("'second'"),
    });
    expect(await ask('{ loadBalancer(cluster: "embedded", namespace: "shop", name: "taken") { id } }')).toEqual({
      loadBalancer: null,
    });
  });

  it('are for administrators where the profile says so: members bind to those that are there (0.4, NET-06, NET-20, refused)', async () => {
    expect(await mutate('createLoadBalancer', { ...both, name: 'mine' }, results)).toMatchObject({
      __typename: 'ForbiddenError',
    });
    expect(await ask('{ loadBalancer(cluster: "embedded", namespace: "shop", name: "mine") { id } }')).toEqual({
      loadBalancer: null,
    });
    const { results: made } = await done<{ results: { loadBalancer: Made }[] }>(
      'createLoadBalancer',
      { clusters: ['second'], namespace, name: 'given', listeners: [{ name: 'web', protocol: 'HTTP', port: 8000 }] },
      'results { loadBalancer { id name } }',
      admin,
    );
    const id = made[0]?.loadBalancer.id ?? '';
    for (const [name, input] of [
      ['updateLoadBalancer', { id, description: 'Mine' }],
      ['deleteLoadBalancer', { id, confirm: 'given' }],
    ] as const) {
      expect(await mutate(name, input, '__typename')).toMatchObject({ __typename: 'ForbiddenError' });
    }
    const service = { service: 'vote-front', port: 80 };
    const { backendGroup } = await done<{ backendGroup: Made }>(
      'createBackendGroup',
      { cluster: 'second', namespace, name: 'mine', protocol: 'HTTP', services: [service] },
      'backendGroup { id name }',
    );
    const { loadBalancer } = await ask<{ loadBalancer: { listeners: Made[] } }>(
      '{ loadBalancer(cluster: "second", namespace: "shop", name: "given") { listeners { id } } }',
    );
    const bind = { id: backendGroup.id, listenerId: loadBalancer.listeners[0]?.id };
    expect(await mutate('bindBackendGroup', bind, 'backendGroup { listeners { name } }')).toMatchObject({
      backendGroup: { listeners: [{ name: 'web' }] },
    });
  });
});

describe('quotas', () => {
  it('are told of a workspace for each cluster and all that is counted, and hold (NET-23, refused)', async () => {
    const place = { region: 'embedded', networkType: 'CLASSIC', zones: ['embedded-a'] };
    const { workspace } = await done<{ workspace: Made }>(
      'createWorkspace',
      { identifier: 'counted', displayName: 'Counted', profile: 'several', ...place },
      'workspace { id }',
      admin,
    );
    const own = { cluster: 'embedded', name: 'counted', workspaceId: workspace.id };
    await done('createNamespace', own, 'namespace { id }', admin);
    const make = (instances: number) =>
      mutate(
        'createLoadBalancer',
        { clusters: ['embedded'], namespace: 'counted', name: `many-${instances}`, instances },
        'results { ok }',
        admin,
      );
    expect(await make(2)).toMatchObject({ results: [{ ok: true }, { ok: true }] });
    const query = `{ workspace(id: "${workspace.id}") { networkQuotas(cluster: "embedded") { cluster resource used limit } } }`;
    expect(await ask(query, {}, admin)).toEqual({
      workspace: {
        networkQuotas: [
          { cluster: 'embedded', resource: 'LOAD_BALANCER', used: 2, limit: 12 },
          { cluster: 'embedded', resource: 'PUBLIC_ADDRESS', used: 2, limit: null },
        ],
      },
    });
    // Those of others do not count.
    expect(await make(10)).toMatchObject({ results: Array.from({ length: 10 }, () => ({ ok: true })) });
    expect(await make(1)).toMatchObject({
      __typename: 'QuotaExceededError',
      message:
        "There are 12 load balancers in cluster 'embedded' already, of 12 that the workspace may have: 1 more is too many.",
    });
    // What is deleted gives its address back (NET-16).
    const gone = Buffer.from('k8s|embedded|gateway.networking.k8s.io|Gateway|counted|many-2-1').toString('base64url');
    await done('deleteLoadBalancer', { id: gone, confirm: 'many-2-1' }, 'id', admin);
    await expect
      .poll(() => ask(query, {}, admin), soon)
      .toMatchObject({
        workspace: { networkQuotas: [{ used: 11 }, { resource: 'PUBLIC_ADDRESS', used: 11 }] },
      });
    expect(await make(1)).toMatchObject({ results: [{ ok: true }] });
  });
});
