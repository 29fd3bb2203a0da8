import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, type TestStream } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { openEventStream } from '../support/event-stream.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    plugins: [fileURLToPath(new URL('../fixtures/counting-plugin/plugin.ts', import.meta.url))],
  });
  // A snapshot waits two seconds for a cluster, which a busy machine can need longer to list.
  await until(async () => {
    const { pods } = await ask<{ pods: { totalCount: number } }, object>(gateway, '{ pods { totalCount } }');
    expect(pods.totalCount).toBeGreaterThan(0);
  });
});
afterAll(() => gateway.stop());

interface Labels {
  readonly [name: string]: string;
}

function putPod(name: string, group: string, labels: Labels = {}, annotations: Labels = {}): void {
  const { store } = gateway.cluster;
  const pods = store.resource('', 'pods');
  const metadata = { name, namespace: 'shop', labels: { group, ...labels }, annotations };
  const there = store.get(pods, 'shop', name);
  if (there) store.update(pods, { ...there, metadata: { ...there.metadata, ...metadata } });
  else {
    store.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'registry.local/main:v1' }] },
    });
  }
}

interface Answer {
  readonly podChanges: { readonly type: string; readonly pod?: Record<string, unknown> | null };
}

/** Subscribes, changes things, and answers what was told until the pod `last` of the group arrived. */
async function told(
  group: string,
  text: string,
  variables: Record<string, unknown>,
  change: () => void,
): Promise<readonly string[]> {
  putPod(`${group}-pod`, group);
  const filter = { labelSelector: `group=${group}` };
  const stream: TestStream<Answer> = gateway.subscribe<Answer, object>(text, { filter, ...variables });
  await using _ = stream;
  // The pod may come behind the snapshot: it was written to the cluster a moment ago.
  await until(() => {
    const begun = stream.received.map(({ data }) => data?.podChanges);
    expect(begun.map((message) => message?.type)).toContain('SNAPSHOT');
    expect(begun.map((message) => message?.pod?.name)).toContain(`${group}-pod`);
  });
  const before = stream.received.length;
  change();
  putPod(`${group}-last`, group);
  await stream.next(({ data }) => data?.podChanges.pod?.name === `${group}-last`);
  return stream.received.slice(before).map(({ data }) => data?.podChanges.type ?? '');
}

describe('a stream sends a change', () => {
  const relabel = (group: string) => () => putPod(`${group}-pod`, group, { colour: 'blue' });
  const annotate = (group: string) => () => putPod(`${group}-pod`, group, {}, { note: 'changed' });
  const head = 'subscription ($filter: PodFilter) { podChanges(filter: $filter) { type cursor pod { name';

  const conditional = head.replace('PodFilter)', 'PodFilter, $on: Boolean = true)');

  it.each<[string, string, Record<string, unknown>]>([
    ['plain', `${head} labels { key value } } } }`, {}],
    ['alias', `${head} tags: labels { v: value } } } }`, {}],
    ['fragment', `${head} ...F } } } fragment F on Pod { labels { value } }`, {}],
    ['inline', `${head} ... on Pod { labels { value } } } } }`, {}],
    ['include', `${conditional} labels @include(if: $on) { value } } } }`, { on: true }],
    ['version', `${head} resourceVersion } } }`, {}],
  ])('where it is selected: %s', async (group, text, variables) => {
    expect(await told(group, text, variables, relabel(group))).toEqual(['MODIFIED', 'ADDED']);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['none', `${head} } } }`, {}],
    ['other', `${head} annotations { value } phase } } }`, {}],
    ['excluded', `${conditional} labels @include(if: $on) { value } } } }`, { on: false }],
    ['skipped', `${conditional} labels @skip(if: $on) { value } } } }`, {}],
  ])('not where nothing of it is selected: %s (refused)', async (group, text, variables) => {
    expect(await told(group, text, variables, relabel(group))).toEqual(['ADDED']);
  });

  it('over server-sent events by the same rule', async () => {
    putPod('sse-pod', 'sse');
    const text =
      'subscription { podChanges(filter: { labelSelector: "group=sse" }) { type pod { name labels { value } } } }';
    await using stream = await openEventStream(gateway.url, text, {});
    const types = () =>
      stream.events.flatMap(({ data }) => (data as { data?: Answer } | undefined)?.data?.podChanges.type ?? []);
    await until(() => expect(types()).toContain('SNAPSHOT'));
    annotate('sse')();
    relabel('sse')();
    putPod('sse-last', 'sse');
    await until(() => expect(types()).toHaveLength(4));
    expect(types()).toEqual(['ADDED', 'SNAPSHOT', 'MODIFIED', 'ADDED']);
  });
});

describe('subscribers of one document', () => {
  const text = `subscription ($filter: PodFilter) {
    podChanges(filter: $filter, snapshot: false) { type cursor pod { name labels { value } viewerCan(action: CORDON) } }
  }`;

  it('are sent the same bytes where their rights are the same, each with its own cursor', async () => {
    putPod('same-pod', 'same');
    const filters = ['group=same', 'group in (same)', 'group=same,colour!=red'];
    const streams = filters.map((labelSelector) =>
      gateway.subscribe<Answer, object>(text, { filter: { labelSelector } }),
    );
    await Promise.all(streams.map((stream) => stream.next(({ data }) => data?.podChanges.type === 'SNAPSHOT')));
    putPod('same-pod', 'same', { colour: 'blue' });
    const answers = await Promise.all(
      streams.map((stream) => stream.next(({ data }) => data?.podChanges.type === 'MODIFIED')),
    );
    const [first] = answers;
    for (const { data } of answers) expect(data?.podChanges.pod).toEqual(first?.data?.podChanges.pod);
    const cursors = answers.map(({ data }) => (data?.podChanges as unknown as { cursor: string }).cursor);
    // Each stands for another filter: none of them continues another's stream.
    expect(new Set(cursors).size).toBe(3);
    await Promise.all(streams.map((stream) => stream.stop()));
  });

  it('are told what each of them may do, where rights differ', async () => {
    putPod('rights-pod', 'rights');
    const filter = { labelSelector: 'group=rights' };
    const admin = gateway.subscribe<Answer, object>(text, { filter });
    const developer = gateway.subscribe<Answer, object>(text, { filter }, { token: 'dev-developer' });
    await Promise.all(
      [admin, developer].map((stream) => stream.next(({ data }) => data?.podChanges.type === 'SNAPSHOT')),
    );
    putPod('rights-pod', 'rights', { colour: 'blue' });
    const [one, other] = await Promise.all(
      [admin, developer].map((stream) => stream.next(({ data }) => data?.podChanges.type === 'MODIFIED')),
    );
    expect(one?.data?.podChanges.pod?.viewerCan).not.toEqual(other?.data?.podChanges.pod?.viewerCan);
    await Promise.all([admin.stop(), developer.stop()]);
  });
});

describe('subscribers of Kubernetes events', () => {
  const sockets = 5;
  const perSocket = 10;
  const query = `subscription { kubernetesEvents(snapshot: false, filter: { reasons: ["Counted"] }) {
    type event { message executionNumber }
  } }`;

  function report(message: string): void {
    const { store } = gateway.cluster;
    const events = store.resource('', 'events');
    const there = store.get(events, 'shop', 'counted');
    if (there) store.update(events, { ...there, message } as never);
    else {
      store.create(events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'counted', namespace: 'shop' },
        involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' },
        reason: 'Counted',
        message,
      } as never);
    }
  }

  it('cost one execution for each event, however many they are', async () => {
    await using stack = new AsyncDisposableStack();
    const all = await Promise.all(
      Array.from({ length: sockets }, async () => {
        const socket = stack.use(rawWebSocket(gateway.url));
        await socket.opened;
        socket.send({ type: 'connection_init' });
        await until(() => expect(socket.received).toHaveLength(1));
        for (let id = 0; id < perSocket; id += 1)
          socket.send({ id: String(id), type: 'subscribe', payload: { query } });
        return socket;
      }),
    );
    const told = () =>
      all.flatMap(({ received }) =>
        received.flatMap(({ payload }) => {
          const data = (payload as { data?: { kubernetesEvents: EventMessage } } | undefined)?.data;
          return data ? [data.kubernetesEvents] : [];
        }),
      );
    const of = (type: string) => told().filter((message) => message.type === type);
    await until(() => expect(of('SNAPSHOT')).toHaveLength(sockets * perSocket));
    report('first');
    await until(() => expect(of('ADDED')).toHaveLength(sockets * perSocket));
    report('second');
    await until(() => expect(of('MODIFIED')).toHaveLength(sockets * perSocket));
    for (const type of ['ADDED', 'MODIFIED']) {
      expect(new Set(of(type).map(({ event }) => event?.executionNumber)).size).toBe(1);
    }
  });
});

interface EventMessage {
  readonly type: string;
  readonly event: { readonly message: string; readonly executionNumber: number } | null;
}
