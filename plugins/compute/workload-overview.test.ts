import { encodeGlobalId } from 'longshore/sdk';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

const developer = { token: 'the-token-of-a-developer-of-the-shop' };
const admin = { token: 'the-token-of-an-administrator-of-all' };
const narrow = { token: 'the-token-of-one-who-sees-deployments' };
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { enabled: true },
      clusters: [{ name: 'nowhere', kubeconfig: '/nonexistent/folder/kubeconfig' }],
      roles: [
        {
          name: 'narrow',
          description: 'Sees Deployments and nothing else.',
          extends: ['GUEST'],
          rules: [{ actions: ['READ'], subjects: ['apps/Deployment'], where: 'namespaces' }],
        },
      ],
      tokens: [
        staticToken('narrow', narrow.token, { roles: ['narrow'], namespaces: ['shop'] }),
        staticToken('developer', developer.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('admin', admin.token, { roles: ['ADMIN'] }),
      ],
    },
  });
});
afterAll(() => gateway?.stop());

async function ask<T>(source: string, as: object = developer): Promise<T> {
  const { data, errors } = await gateway.query<T & Record<string, unknown>>(source, {}, as);
  expect(errors).toBeUndefined();
  return data as T;
}

interface Counted {
  readonly total: number;
  readonly byStatus: readonly { readonly status: string; readonly count: number }[];
  readonly byKind: readonly { readonly kind: string; readonly count: number }[];
  readonly problems: readonly { readonly cluster: string; readonly code: string }[];
}

/** The answer to what costs the cluster nothing, once the gateway has read all kinds for the first time. */
async function answeredForNothing<T>(source: string): Promise<T> {
  let answer: T | undefined;
  await expect
    .poll(
      async () => {
        gateway.cluster.requests.clear();
        answer = await ask<T>(source);
        return gateway.cluster.requests.entries.filter(({ verb }) => verb !== 'watch');
      },
      { timeout: 30_000 },
    )
    .toEqual([]);
  return answer as T;
}

/** How often each word is there. */
const tally = (words: readonly string[]): object =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, { length }]) => [word, length]));

function put(group: string, plural: string, draft: { readonly metadata: object; readonly [field: string]: unknown }) {
  const { store } = gateway.cluster;
  store.create(store.resource(group, plural), {
    apiVersion: group === '' ? 'v1' : `${group}/v1`,
    ...draft,
    metadata: { namespace: 'shop', ...draft.metadata },
  } as never);
}

function deployment(name: string, replicas: number, more: object = {}) {
  const labels = { app: name };
  const containers = [{ name: 'web', image: 'registry.local/web:v1', ...more }];
  return {
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

describe('counts of workloads and pods', () => {
  const fields = 'total byStatus { status count } byKind { kind count } problems { cluster code }';

  it('are those of the lists, with a cluster that fails as a problem beside them, and cost the cluster nothing', async () => {
    await expect
      .poll(() => ask('{ pods(filter: { cluster: "embedded" }, first: 0) { totalCount } }'), { timeout: 30_000 })
      .toEqual({ pods: { totalCount: 5 } });
    const { pods, workloads, workloadCounts, podCounts } = await answeredForNothing<{
      pods: { nodes: { phase: string; reason: string; isReady: boolean }[] };
      workloads: { nodes: { kind: string; status: string }[]; problems: unknown[] };
      workloadCounts: Counted;
      podCounts: {
        byPhase: { phase: string; count: number }[];
        byReason: { reason: string; count: number }[];
      };
    }>(`{ pods { nodes { phase reason isReady } }
      workloads { nodes { kind status } problems { cluster code } } workloadCounts { ${fields} }
      podCounts { total ready byPhase { phase count } byReason { reason count } problems { cluster code } } }`);
    expect(workloadCounts.total).toBe(workloads.nodes.length);
    const running = workloads.nodes.filter(({ status }) => status === 'RUNNING').length;
    expect(workloadCounts.byStatus).toContainEqual({ status: 'RUNNING', count: running });
    const deployments = workloads.nodes.filter(({ kind }) => kind === 'Deployment').length;
    expect(workloadCounts.byKind).toContainEqual({ kind: 'DEPLOYMENT', count: deployments });
    const problems = [{ cluster: 'nowhere', code: 'UPSTREAM_UNAVAILABLE' }];
    expect(workloadCounts.problems).toEqual(workloads.problems);
    expect(workloadCounts.problems).toEqual(expect.arrayContaining(problems));
    // One of the sample crashes again and again: what it does is counted as it is listed.
    const { byPhase, byReason, ...rest } = podCounts;
    expect(rest).toEqual({ total: 5, ready: pods.nodes.filter(({ isReady }) => isReady).length, problems });
    const told = {
      phases: Object.fromEntries(byPhase.map(({ phase, count }) => [phase, count])),
      reasons: Object.fromEntries(byReason.map(({ reason, count }) => [reason, count])),
    };
    const listed = {
      phases: tally(pods.nodes.map(({ phase }) => phase)),
      reasons: tally(pods.nodes.map(({ reason }) => reason)),
    };
    expect(told).toEqual(listed);
  });

  it('are only of what the caller may see, in the query and in the stream (refused)', async () => {
    const source =
      'workloadCounts(filter: { cluster: "embedded", namespaces: ["kube-system"], includeOwned: true }) { total }';
    const { workloadCounts } = await ask<{ workloadCounts: Counted }>(`{ ${source} }`, admin);
    put('apps', 'deployments', { ...deployment('hidden', 0), metadata: { name: 'hidden', namespace: 'kube-system' } });
    await expect
      .poll(async () => (await ask<{ workloadCounts: Counted }>(`{ ${source} }`, admin)).workloadCounts)
      .toEqual({ total: workloadCounts.total + 1 });
    expect(await ask(`{ ${source} }`)).toEqual({ workloadCounts: { total: 0 } });
    await using stream = gateway.subscribe<{ workloadCountChanges: { type: string; counts: { total: number } } }>(
      'subscription { workloadCountChanges(filter: { cluster: "embedded", namespaces: ["kube-system"] }) { type counts { total } } }',
      {},
      developer,
    );
    expect((await stream.next()).data?.workloadCountChanges).toEqual({ type: 'ADDED', counts: { total: 0 } });
    const nobody = await gateway.query('{ podCounts { total } }', {}, { token: 'nobody-has-this-token-at-all' });
    expect(nobody.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  it('are told as they change, and go on behind a cursor', async () => {
    type Told = { workloadCountChanges: { type: string; cursor: string; counts: Counted | null } };
    const source = `subscription ($after: Cursor) { workloadCountChanges(after: $after, filter: { cluster: "embedded", name: { contains: "told-" } })
      { type cursor counts { ${fields} } } }`;
    await using stream = gateway.subscribe<Told>(source, {}, developer);
    expect((await stream.next()).data?.workloadCountChanges).toMatchObject({ type: 'ADDED', counts: { total: 0 } });
    expect((await stream.next()).data?.workloadCountChanges).toMatchObject({ type: 'SNAPSHOT', counts: null });
    put('apps', 'deployments', deployment('told-one', 0));
    put('apps', 'deployments', deployment('told-two', 0));
    const stopped = await stream.next(({ data }) => data?.workloadCountChanges.counts?.byStatus[0]?.count === 2);
    expect(stopped.data?.workloadCountChanges).toMatchObject({
      type: 'MODIFIED',
      counts: { total: 2, byKind: [{ kind: 'DEPLOYMENT', count: 2 }] },
    });
    const { store } = gateway.cluster;
    store.delete(store.resource('apps', 'deployments'), 'shop', 'told-two');
    await using again = gateway.subscribe<Told>(
      source,
      { after: stopped.data?.workloadCountChanges.cursor },
      developer,
    );
    expect((await again.next()).data?.workloadCountChanges).toMatchObject({ type: 'MODIFIED', counts: { total: 1 } });
  });

  it.each([
    ['{ podCounts(reasons: 201) { total } }', 'reasons must be 0 to 200, got 201'],
    ['{ workloadCounts(filter: { labelSelector: "a=(" }) { total } }', 'label selector'],
  ])('refuse %s (refused)', async (source, message) => {
    const { errors } = await gateway.query(source, {}, developer);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

interface Address {
  readonly way: string;
  readonly url: string | null;
}

describe('addresses of workloads', () => {
  const asked = 'addresses { way url service { name } ingress { name } }';
  const addressesOf = (name: string, as: object = developer) =>
    ask<{ workload: { addresses: readonly Address[] } | null }>(
      `{ workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "${name}") { ${asked} } }`,
      as,
    );

  it('follow the Services that select its pods and the Ingresses that lead there (CMP-82)', async () => {
    put('apps', 'deployments', deployment('entered', 0));
    put('', 'services', {
      kind: 'Service',
      metadata: { name: 'entered' },
      spec: { selector: { app: 'entered' }, ports: [{ name: 'http', port: 80 }] },
    });
    const backend = { service: { name: 'entered', port: { number: 80 } } };
    put('networking.k8s.io', 'ingresses', {
      kind: 'Ingress',
      metadata: { name: 'entered' },
      spec: { rules: [{ host: 'vote.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    });
    const of = { service: { name: 'entered' } };
    await expect
      .poll(() => addressesOf('entered'), { timeout: 10_000 })
      .toEqual({
        workload: {
          addresses: [
            { way: 'INGRESS', url: 'http://vote.example/', ...of, ingress: { name: 'entered' } },
            { way: 'SERVICE', url: 'http://entered.shop.svc/', ...of, ingress: null },
          ],
        },
      });
  });

  it('tell nothing of Services and Ingresses that the caller may not see (CMP-82, refused)', async () => {
    expect(await addressesOf('entered', narrow)).toEqual({ workload: { addresses: [] } });
  });

  it('and pods, events and states of 500 workloads on one page cost the cluster nothing (CMP-82)', async () => {
    for (let index = 0; index < 500; index += 1) put('apps', 'deployments', deployment(`many-${index}`, 0));
    const filter = 'filter: { cluster: "embedded", name: { contains: "many-" } }';
    await expect
      .poll(() => ask(`{ workloads(${filter}, first: 0) { totalCount } }`), { timeout: 30_000 })
      .toEqual({ workloads: { totalCount: 500 } });
    const { workloads } = await answeredForNothing<{ workloads: { nodes: { status: string }[] } }>(
      `{ workloads(${filter}, first: 500) { nodes { name status addresses { url } pods(first: 3) { nodes { name reason } }
        events(first: 3) { nodes { reason } } operationStates(only: [SCALE]) { isAllowed } } } }`,
    );
    expect(workloads.nodes.length).toBe(500);
  });
});

describe('configuration that is mounted as files', () => {
  it('changes for all its containers, tells who they are, and restarts none of them (CMP-81)', async () => {
    put('', 'configmaps', { kind: 'ConfigMap', metadata: { name: 'live' }, data: { 'app.conf': 'a=1' } });
    for (const name of ['live-a', 'live-b']) {
      const made = deployment(name, 1, { volumeMounts: [{ name: 'conf', mountPath: '/etc/app' }] });
      const spec = { ...made.spec.template.spec, volumes: [{ name: 'conf', configMap: { name: 'live' } }] };
      put('apps', 'deployments', { ...made, spec: { ...made.spec, template: { ...made.spec.template, spec } } });
    }
    const pods =
      'pods(filter: { cluster: "embedded", name: { contains: "live-" } }) { nodes { name uid ready: reason restartCount } }';
    const before = await expect
      .poll(
        async () =>
          (await ask<{ pods: { nodes: { ready: string }[] } }>(`{ ${pods} }`)).pods.nodes.map(({ ready }) => ready),
        {
          timeout: 20_000,
        },
      )
      .toEqual(['Running', 'Running'])
      .then(() => ask(`{ ${pods} }`));
    const users = 'usedBy { user { ... on KubernetesObject { name } } }';
    const { configMap } = await ask<{ configMap: { id: string; usedBy: { user: { name: string } }[] } }>(
      `{ configMap(cluster: "embedded", namespace: "shop", name: "live") { id ${users} } }`,
    );
    expect(configMap.usedBy.map(({ user }) => user.name).sort()).toEqual(['live-a', 'live-b']);
    const { data, errors } = await gateway.query<{ updateConfigMap: { __typename: string } }>(
      'mutation ($input: UpdateConfigMapInput!) { updateConfigMap(input: $input) { __typename ... on UpdateConfigMapSuccess { configMap { data { value } } warnings } } }',
      { input: { id: configMap.id, set: [{ key: 'app.conf', text: 'a=2' }] } },
      developer,
    );
    expect(errors).toBeUndefined();
    expect(data?.updateConfigMap).toMatchObject({
      __typename: 'UpdateConfigMapSuccess',
      configMap: { data: [{ value: 'a=2' }] },
      // Who has it as environment variables or by subPath is told that it takes a restart.
      warnings: [
        expect.stringMatching(/In use by .*live-a.*mounted files follow.*subPath only in pods that start anew/),
      ],
    });
    expect(await ask(`{ ${pods} }`)).toEqual(before);
  });

  it.each([
    ['by who may not see it', narrow.token, { set: [{ key: 'app.conf', text: 'a=3' }] }],
    ['by a key that is none (bad input)', developer.token, { set: [{ key: 'no/key', text: 'a=3' }] }],
    ['by taking away what is mounted and not there (bad input)', developer.token, { remove: ['gone.conf'] }],
  ])('is not changed %s (CMP-81, refused)', async (_how, token, change) => {
    const id = encodeGlobalId({
      ...{ of: 'kubernetes', cluster: 'embedded', group: '', kind: 'ConfigMap', namespace: 'shop', name: 'live' },
    });
    const { data } = await gateway.query<{ updateConfigMap: { __typename: string } | null }>(
      'mutation ($input: UpdateConfigMapInput!) { updateConfigMap(input: $input) { __typename } }',
      { input: { id, ...change } },
      { token },
    );
    expect(data?.updateConfigMap?.__typename).not.toBe('UpdateConfigMapSuccess');
    const { store } = gateway.cluster;
    const live = store.get(store.resource('', 'configmaps'), 'shop', 'live') as { data?: object };
    expect(live.data).toEqual({ 'app.conf': 'a=2' });
  });
});
