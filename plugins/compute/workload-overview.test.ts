import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

const developer = { token: 'the-token-of-a-developer-of-the-shop' };
const admin = { token: 'the-token-of-an-administrator-of-all' };
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { enabled: true },
      clusters: [{ name: 'nowhere', kubeconfig: '/nonexistent/folder/kubeconfig' }],
      tokens: [
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
    const filter = 'filter: { cluster: "embedded" }';
    await expect
      .poll(() => ask(`{ pods(${filter}, first: 0) { totalCount } podCounts(${filter}) { total ready } }`), {
        timeout: 30_000,
      })
      .toEqual({ pods: { totalCount: 5 }, podCounts: { total: 5, ready: 5 } });
    gateway.cluster.requests.clear();
    const { workloads, workloadCounts, podCounts } = await ask<{
      workloads: { nodes: { kind: string; status: string }[]; problems: unknown[] };
      workloadCounts: Counted;
      podCounts: { byPhase: unknown; byReason: unknown; problems: unknown };
    }>(`{ workloads { nodes { kind status } problems { cluster code } } workloadCounts { ${fields} }
      podCounts { byPhase { phase count } byReason { reason count } problems { cluster code } } }`);
    expect(gateway.cluster.requests.entries.filter(({ verb }) => verb !== 'watch')).toEqual([]);
    expect(workloadCounts.total).toBe(workloads.nodes.length);
    const running = workloads.nodes.filter(({ status }) => status === 'RUNNING').length;
    expect(workloadCounts.byStatus).toContainEqual({ status: 'RUNNING', count: running });
    const deployments = workloads.nodes.filter(({ kind }) => kind === 'Deployment').length;
    expect(workloadCounts.byKind).toContainEqual({ kind: 'DEPLOYMENT', count: deployments });
    const problems = [{ cluster: 'nowhere', code: 'UPSTREAM_UNAVAILABLE' }];
    expect(workloadCounts.problems).toEqual(workloads.problems);
    expect(workloadCounts.problems).toEqual(expect.arrayContaining(problems));
    expect(podCounts).toEqual({
      byPhase: [{ phase: 'RUNNING', count: 5 }],
      byReason: [{ reason: 'Running', count: 5 }],
      problems,
    });
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
