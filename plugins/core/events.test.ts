import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callCluster } from './testing/call-cluster.ts';
import { ada, bea, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
const ids = { settings: '', uid: '' };

beforeAll(async () => {
  core = await startCore();
  for (const name of ['shop', 'bank']) {
    await callCluster(core.cluster, 'POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }
  await callCluster(core.cluster, 'POST', '/api/v1/namespaces/shop/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop' },
  });
  const { data } = await core.run(
    ada,
    '{ object(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "settings") { id uid } }',
  );
  ids.settings = String(data.object?.id);
  ids.uid = String(data.object?.uid);
  await report('shop', 'old', { type: 'Normal', reason: 'Synced', lastTimestamp: '2026-01-01T00:00:00Z', count: 3 });
  await report('shop', 'new', { type: 'Warning', reason: 'BackOff', lastTimestamp: '2026-01-02T00:00:00Z' });
  await report(
    'shop',
    'odd',
    { type: 'Strange', reason: 'Who', eventTime: '2026-01-01T12:00:00.000001Z' },
    { name: 'gone', uid: 'u9' },
  );
  await report(
    'bank',
    'other',
    { type: 'Normal', reason: 'Synced', lastTimestamp: '2026-01-03T00:00:00Z' },
    { name: 'x', uid: 'u8' },
  );
  // The watch brings them in a moment later.
  await vi.waitFor(async () => {
    const answer = await core.run(ada, '{ kubernetesEvents { totalCount } }');
    expect(answer.data.kubernetesEvents).toEqual({ totalCount: 4 });
  });
});
afterAll(() => core[Symbol.asyncDispose]());

function report(namespace: string, name: string, fields: object, involved: object = {}): Promise<void> {
  const involvedObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace,
    name: 'settings',
    uid: ids.uid,
    ...involved,
  };
  const event = { apiVersion: 'v1', kind: 'Event', metadata: { name, namespace }, involvedObject, ...fields };
  const modern =
    'eventTime' in fields ? { action: 'Look', reportingComponent: 'test', reportingInstance: 'test-0' } : {};
  return callCluster(core.cluster, 'POST', `/api/v1/namespaces/${namespace}/events`, { ...event, ...modern });
}

const names = async (as: typeof ada, filter: string, more = '') => {
  const { data, errors } = await core.run(as, `{ kubernetesEvents(filter: ${filter} ${more}) { nodes { name } } }`);
  expect(errors).toEqual([]);
  return (data.kubernetesEvents?.nodes as { name: string }[]).map(({ name }) => name);
};

describe('kubernetesEvents', () => {
  it('come newest first unless asked otherwise', async () => {
    expect(await names(ada, '{}')).toEqual(['other', 'new', 'odd', 'old']);
    expect(await names(ada, '{}', ', orderBy: [{field: COUNT, direction: DESC}, {field: NAME}]')).toEqual([
      'old',
      'new',
      'odd',
      'other',
    ]);
  });

  it('show a developer those of its namespaces', async () => {
    expect(await names(dan, '{}')).toEqual(['new', 'odd', 'old']);
    expect(await names(bea, '{}')).toEqual(['other']);
    expect(await names(dan, '{namespaces: ["bank"]}')).toEqual([]);
  });

  it('filter by type, reason, time and what they are about', async () => {
    expect(await names(ada, '{types: [WARNING, UNKNOWN]}')).toEqual(['new', 'odd']);
    expect(await names(ada, '{reasons: ["Synced"]}')).toEqual(['other', 'old']);
    expect(await names(ada, '{since: "2026-01-02T00:00:00Z"}')).toEqual(['other', 'new']);
    expect(await names(ada, `{involvedObject: {id: "${ids.settings}"}}`)).toEqual(['new', 'old']);
    expect(await names(ada, '{involvedObject: {uid: "u9"}}')).toEqual(['odd']);
    expect(await names(ada, '{involvedObject: {kind: "ConfigMap", name: "gone"}}')).toEqual(['odd']);
  });

  it('refuse an id that is none', async () => {
    const { errors } = await core.run(ada, '{ kubernetesEvents(filter: {involvedObject: {id: "x"}}) { totalCount } }');
    expect(errors).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });

  it('tell all about an event and lead to its object', async () => {
    const { data, errors } = await core.run(
      dan,
      '{ kubernetesEvents { nodes { type rawType reason message count firstSeenAt lastSeenAt involvedObject { kind name uid } object { name } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.kubernetesEvents?.nodes).toMatchObject([
      { type: 'WARNING', reason: 'BackOff', message: '', count: 1, object: { name: 'settings' } },
      {
        type: 'UNKNOWN',
        rawType: 'Strange',
        lastSeenAt: '2026-01-01T12:00:00.000Z',
        involvedObject: { name: 'gone', uid: 'u9' },
        object: null,
      },
      { type: 'NORMAL', count: 3, lastSeenAt: '2026-01-01T00:00:00.000Z' },
    ]);
  });
});

describe('KubernetesObject.events', () => {
  it('are those about this very object, newest first', async () => {
    const { data } = await core.run(
      dan,
      'query ($id: ID!) { node(id: $id) { ... on KubernetesObject { events { nodes { name } } } } }',
      { id: ids.settings },
    );
    expect(data.node).toEqual({ events: { nodes: [{ name: 'new' }, { name: 'old' }] } });
  });
});

describe('subscription kubernetesEvents', () => {
  it('tells what is there and what comes, in the caller’s namespaces, and not what a cluster forgets', async () => {
    const stream = await core.follow(
      dan,
      'subscription { kubernetesEvents(filter: {reasons: ["BackOff", "Late"]}) { type cursor event { name } } }',
    );
    try {
      expect((await stream.next()).kubernetesEvents).toMatchObject({ type: 'ADDED', event: { name: 'new' } });
      expect((await stream.next()).kubernetesEvents).toMatchObject({ type: 'SNAPSHOT', event: null });
      await report('bank', 'elsewhere', { type: 'Normal', reason: 'Late' });
      await callCluster(core.cluster, 'DELETE', '/api/v1/namespaces/shop/events/new');
      await report('shop', 'late', { type: 'Normal', reason: 'Late' });
      expect((await stream.next()).kubernetesEvents).toMatchObject({ type: 'ADDED', event: { name: 'late' } });
    } finally {
      stream.close();
    }
  });
});

describe('subscription objectChanges', () => {
  const document =
    'subscription { objectChanges(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", filter: {labelSelector: "watch=me"}) { type object { name __typename } } }';
  const configMap = (name: string, namespace: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { watch: 'me' } },
  });

  it('follows any kind that is served', async () => {
    const stream = await core.follow(dan, document);
    try {
      expect((await stream.next()).objectChanges).toMatchObject({ type: 'SNAPSHOT' });
      await callCluster(core.cluster, 'POST', '/api/v1/namespaces/bank/configmaps', configMap('hidden', 'bank'));
      await callCluster(core.cluster, 'POST', '/api/v1/namespaces/shop/configmaps', configMap('seen', 'shop'));
      expect((await stream.next()).objectChanges).toEqual({
        type: 'ADDED',
        object: { name: 'seen', __typename: 'GenericKubernetesObject' },
      });
      await callCluster(core.cluster, 'DELETE', '/api/v1/namespaces/shop/configmaps/seen');
      expect((await stream.next()).objectChanges).toMatchObject({ type: 'DELETED', object: { name: 'seen' } });
    } finally {
      stream.close();
    }
  });

  it.each([
    ['a kind that nobody serves', ada, document.replace('"ConfigMap"', '"Widget"'), /CAPABILITY_MISSING/],
    ['a cluster that is not there', ada, document.replace('"dev"', '"moon"'), /BAD_USER_INPUT/],
    ['a kind that the caller may never read', dan, document.replace('"ConfigMap"', '"Node"'), /FORBIDDEN/],
  ] as const)('does not follow %s', async (_name, as, text, message) => {
    await expect(core.follow(as, text)).rejects.toThrow(message);
  });
});
