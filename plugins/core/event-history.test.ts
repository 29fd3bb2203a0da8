import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callCluster } from './testing/call-cluster.ts';
import { ada, bea, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
/** The cluster's profile shows an hour. */
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const seen = { older: minutesAgo(50), newer: minutesAgo(5), newest: minutesAgo(1), long: minutesAgo(90) };

beforeAll(async () => {
  core = await startCore();
  for (const name of ['shop', 'bank']) {
    await callCluster(core.cluster, 'POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }
  await report('shop', 'scaled', {
    type: 'Normal',
    reason: 'Scaled',
    message: 'Scaled up to 100% of 3',
    lastTimestamp: seen.older,
    count: 3,
  });
  await report('shop', 'back-off', {
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting container',
    lastTimestamp: seen.newer,
    source: { component: 'kubelet' },
  });
  await report('shop', 'long-ago', { type: 'Normal', reason: 'Scaled', lastTimestamp: seen.long });
  await report('bank', 'other', { type: 'Normal', reason: 'Scaled', lastTimestamp: seen.newest }, 'vault');
  await vi.waitFor(async () => expect(await names(ada)).toEqual(['other', 'back-off', 'scaled']));
});
afterAll(() => core?.[Symbol.asyncDispose]());

function report(namespace: string, name: string, fields: object, about = 'web'): Promise<void> {
  return callCluster(core.cluster, 'POST', `/api/v1/namespaces/${namespace}/events`, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: about, uid: `uid-${about}` },
    ...fields,
  });
}

interface Page {
  readonly nodes: readonly { readonly name: string }[];
  readonly totalCount: number;
  readonly streamCursor: string;
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  readonly problems: readonly { readonly code: string }[];
}

async function page(as: typeof ada, args = ''): Promise<Page> {
  const { data, errors } = await core.run(
    as,
    `{ kubernetesEventHistory${args && `(${args})`} { nodes { name } totalCount streamCursor pageInfo { endCursor hasNextPage } problems { code } } }`,
  );
  expect(errors).toEqual([]);
  return data.kubernetesEventHistory as unknown as Page;
}
const names = async (as: typeof ada, args = '') => (await page(as, args)).nodes.map(({ name }) => name);

const web = `${Buffer.from('k8s|dev|apps|Deployment|shop|web').toString('base64url')}`;

describe('kubernetesEventHistory (CMP-107)', () => {
  it('shows events newest first, a developer those of its namespaces, as far back as the profile shows them (CON-32)', async () => {
    expect(await names(dan)).toEqual(['back-off', 'scaled']);
    expect(await names(bea)).toEqual(['other']);
    expect(await names(dan, 'filter: {namespaces: ["bank"]}')).toEqual([]);
    expect(await names(ada, 'orderBy: [{field: LAST_SEEN}]')).toEqual(['scaled', 'back-off', 'other']);
  });

  it.each([
    { name: 'text in the message', filter: 'search: "RESTARTING"', found: ['back-off'] },
    { name: 'text that means itself', filter: 'search: "100% OF"', found: ['scaled'] },
    { name: 'a pattern of the database that is none', filter: 'search: "_%"', found: [] },
    { name: 'the name of what it is about', filter: 'search: "vaul"', found: ['other'] },
    { name: 'its own name', filter: 'name: {contains: "BACK", in: ["back-off", "x"]}', found: ['back-off'] },
    { name: 'type', filter: 'types: [WARNING]', found: ['back-off'] },
    { name: 'reason', filter: 'reasons: ["Scaled", "Gone"]', found: ['other', 'scaled'] },
    { name: 'reporter', filter: 'components: ["kubelet"]', found: ['back-off'] },
    { name: 'cluster', filter: 'cluster: "dev", namespaces: ["shop"]', found: ['back-off', 'scaled'] },
    { name: 'time', filter: `since: "${seen.older}", until: "${seen.newer}"`, found: ['scaled'] },
    { name: 'the object by id', filter: `involvedObject: {id: "${web}"}`, found: ['back-off', 'scaled'] },
    {
      name: 'the object by kind and name',
      filter: 'involvedObject: {kind: "Deployment", name: "vault"}',
      found: ['other'],
    },
    { name: 'the object by uid', filter: 'involvedObject: {uid: "uid-vault"}', found: ['other'] },
  ])('finds by $name', async ({ filter, found }) => {
    const { nodes, totalCount } = await page(ada, `filter: {${filter}}`);
    expect({ names: nodes.map(({ name }) => name), totalCount }).toEqual({ names: found, totalCount: found.length });
  });

  it.each([
    { name: 'a search that is empty', args: 'filter: {search: ""}' },
    { name: 'a search that is too long', args: `filter: {search: "${'x'.repeat(201)}"}` },
    { name: 'an end before its begin', args: `filter: {since: "${seen.newer}", until: "${seen.older}"}` },
    { name: 'an id that is none', args: 'filter: {involvedObject: {id: "x"}}' },
    { name: 'a cursor that is none', args: 'after: "WyJldmVudHMiXQ"' },
    { name: 'more rows than a page has', args: 'first: 1001' },
  ])('does not take $name (refused)', async ({ args }) => {
    const { errors } = await core.run(ada, `{ kubernetesEventHistory(${args}) { totalCount } }`);
    expect(errors).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });

  it('tells of a cluster that is not there, as other lists do', async () => {
    expect(await page(ada, 'filter: {cluster: "moon"}')).toMatchObject({
      nodes: [],
      problems: [{ code: 'CLUSTER_NOT_FOUND' }],
    });
  });

  it('goes on behind a cursor, whatever came in the meantime', async () => {
    const first = await page(ada, 'first: 2');
    expect(first).toMatchObject({ nodes: [{ name: 'other' }, { name: 'back-off' }], pageInfo: { hasNextPage: true } });
    expect(await names(ada, `first: 2, after: "${first.pageInfo.endCursor}"`)).toEqual(['scaled']);
  });

  it('is continued by the stream without a gap or a double', async () => {
    const { streamCursor } = await page(dan);
    await report('bank', 'hidden', { reason: 'Later' });
    await report('shop', 'between', { reason: 'Later' });
    await vi.waitFor(async () => expect(await names(dan, 'filter: {reasons: ["Later"]}')).toEqual(['between']));
    const stream = await core.follow(
      dan,
      'subscription ($after: Cursor) { kubernetesEvents(after: $after) { type event { name } } }',
      { after: streamCursor },
    );
    try {
      expect((await stream.next()).kubernetesEvents).toEqual({ type: 'ADDED', event: { name: 'between' } });
      await report('shop', 'live', { reason: 'Later' });
      expect((await stream.next()).kubernetesEvents).toEqual({ type: 'ADDED', event: { name: 'live' } });
    } finally {
      stream.close();
    }
  });

  it('keeps what the cluster has forgotten, with all that it said, also in the timeline of what it is about', async () => {
    await callCluster(core.cluster, 'DELETE', '/api/v1/namespaces/shop/events/back-off');
    await vi.waitFor(async () => {
      const { data } = await core.run(dan, '{ kubernetesEvents(filter: {reasons: ["BackOff"]}) { totalCount } }');
      expect(data.kubernetesEvents).toEqual({ totalCount: 0 });
    });
    const { data, errors } = await core.run(
      dan,
      `query ($id: ID!) {
        kubernetesEventHistory(filter: {reasons: ["BackOff"]}) { nodes { name cluster { name } type message component count lastSeenAt involvedObject { name } } }
        timeline(id: $id, filter: {sources: [KUBERNETES_EVENTS], to: "${seen.newest}"}) { nodes { title isProblem event { name } } }
      }`,
      { id: web },
    );
    expect(errors).toEqual([]);
    expect(data.kubernetesEventHistory?.nodes).toEqual([
      {
        name: 'back-off',
        cluster: { name: 'dev' },
        type: 'WARNING',
        message: 'Back-off restarting container',
        component: 'kubelet',
        count: 1,
        lastSeenAt: seen.newer,
        involvedObject: { name: 'web' },
      },
    ]);
    // The cluster itself still has the one of ninety minutes ago.
    expect(data.timeline?.nodes).toEqual([
      { title: 'BackOff', isProblem: true, event: { name: 'back-off' } },
      { title: 'Scaled', isProblem: false, event: { name: 'scaled' } },
      { title: 'Scaled', isProblem: false, event: { name: 'long-ago' } },
    ]);
  });
});

describe('kubernetesEventCounts (CMP-107, CMP-111)', () => {
  const counts = (as: typeof ada, args: string) =>
    core.run(
      as,
      `{ kubernetesEventCounts(${args}) { events occurrences normal warning unknown clusters { cluster normal warning }
           reasons { reason type events occurrences lastSeenAt } buckets { from to normal warning } problems { code } } }`,
    );

  it('counts by type, cluster, reason and time, over what the caller may see', async () => {
    const filter = `filter: {reasons: ["Scaled", "BackOff"], since: "${minutesAgo(55)}"}`;
    const { data, errors } = await counts(ada, `${filter}, bucketSeconds: 1800, reasons: 1`);
    expect(errors).toEqual([]);
    const { buckets, ...rest } = data.kubernetesEventCounts as { buckets: { normal: number; warning: number }[] };
    expect(rest).toEqual({
      ...{ events: 3, occurrences: 5, normal: 2, warning: 1, unknown: 0 },
      clusters: [{ cluster: 'dev', normal: 2, warning: 1 }],
      reasons: [{ reason: 'Scaled', type: 'NORMAL', events: 2, occurrences: 4, lastSeenAt: seen.newest }],
      problems: [],
    });
    expect(buckets.length).toBeGreaterThanOrEqual(2);
    expect(buckets.reduce((sum, { normal, warning }) => sum + normal + warning, 0)).toBe(3);
    expect((await counts(bea, filter)).data.kubernetesEventCounts).toMatchObject({ events: 1, normal: 1 });
  });

  it('has no buckets where there is nothing', async () => {
    expect((await counts(ada, 'filter: {search: "no such thing"}')).data.kubernetesEventCounts).toEqual({
      ...{ events: 0, occurrences: 0, normal: 0, warning: 0, unknown: 0 },
      ...{ clusters: [], reasons: [], buckets: [], problems: [] },
    });
  });

  it.each([
    { name: 'buckets of no width', args: 'bucketSeconds: 0' },
    { name: 'a width of more than 1,000 buckets', args: `bucketSeconds: 1, filter: {since: "${minutesAgo(50)}"}` },
    { name: 'more reasons than it tells', args: 'reasons: 201' },
  ])('does not take $name (refused)', async ({ args }) => {
    expect((await counts(ada, args)).errors).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });
});

describe('events of a namespace that was deleted', () => {
  it('are not shown to who has the next one of its name (CMP-107, refused)', async () => {
    await callCluster(core.cluster, 'POST', '/api/v1/namespaces/shop/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'secret', namespace: 'shop' },
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'p' },
      reason: 'Before',
    });
    await vi.waitFor(async () => expect(await names(dan, 'filter: {reasons: ["Before"]}')).toEqual(['secret']));
    await callCluster(core.cluster, 'DELETE', '/api/v1/namespaces/shop');
    // No controller of namespaces runs here.
    await callCluster(core.cluster, 'PUT', '/api/v1/namespaces/shop/finalize', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop' },
      spec: { finalizers: [] },
    });
    await vi.waitFor(async () => {
      const { data } = await core.run(
        ada,
        'mutation { createNamespace(input: {cluster: "dev", name: "shop"}) { __typename } }',
      );
      expect(data.createNamespace).toEqual({ __typename: 'CreateNamespaceSuccess' });
    });
    expect(await names(dan)).toEqual([]);
    expect(await names(ada, 'filter: {reasons: ["Before"]}')).toEqual(['secret']);
  });
});
