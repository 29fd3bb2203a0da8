import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, type TestStream } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { openEventStream } from '../support/event-stream.ts';
import { foldObjects } from '../support/fold-objects.ts';
import { until } from '../support/until.ts';
import {
  KubernetesEventStreamDocument,
  NamespaceChangesDocument,
  ObjectChangesDocument,
  type ObjectChangesSubscription,
  OperationRecordChangesDocument,
  PodChangesDocument,
  type PodChangesSubscription,
  PodLogLinesDocument,
  type PodLogLinesSubscription,
  ScaleWorkloadDocument,
  WorkloadChangesDocument,
} from '../typed/graphql.ts';

const developer = { token: 'dev-developer' };
const configMaps = { cluster: 'embedded', apiVersion: 'v1', kind: 'ConfigMap' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
  // A snapshot waits two seconds for a cluster, which a busy machine can need longer to list.
  await until(async () => {
    const { pods } = await ask<{ pods: { totalCount: number } }, object>(gateway, '{ pods { totalCount } }');
    expect(pods.totalCount).toBeGreaterThan(0);
  });
});
afterAll(() => gateway.stop());

const resource = (group: string, plural: string) => gateway.cluster.store.resource(group, plural);

function putConfigMap(
  name: string,
  data: Record<string, string>,
  labels: Record<string, string> = {},
  namespace = 'shop',
) {
  const { store } = gateway.cluster;
  const kind = resource('', 'configmaps');
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data };
  return store.get(kind, namespace, name) ? store.update(kind, object) : store.create(kind, object);
}

const removeConfigMap = (name: string, namespace = 'shop') =>
  gateway.cluster.store.delete(resource('', 'configmaps'), namespace, name);

/** A pod that no controller touches, on no node. */
function putPod(name: string, labels: Record<string, string>, namespace = 'shop') {
  const { store } = gateway.cluster;
  const pods = resource('', 'pods');
  const there = store.get(pods, namespace, name);
  if (there) return store.update(pods, { ...there, metadata: { ...there.metadata, labels } });
  return store.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'registry.local/main:v1' }] },
  });
}

type PodMessage = PodChangesSubscription['podChanges'];
const podMessages = (stream: TestStream<PodChangesSubscription>): PodMessage[] =>
  stream.received.flatMap(({ data }) => (data ? [data.podChanges] : []));
const tell = ({ type, pod }: PodMessage) => (pod ? `${type} ${pod.name}` : type);
const objectMessages = (stream: TestStream<ObjectChangesSubscription>) =>
  stream.received.flatMap(({ data }) => (data ? [data.objectChanges] : []));

describe('a stream of objects', () => {
  it('tells what is there, ends that with a marker, and goes on with what changes (CORE-38)', async () => {
    putPod('sea-1', { test: 'sea' });
    // It is there for the gateway once its watch has told.
    await until(async () => {
      const query = '{ pods(filter: { labelSelector: "test=sea" }) { totalCount } }';
      expect(await ask(gateway, query)).toEqual({ pods: { totalCount: 1 } });
    });
    await using stream = gateway.subscribe(PodChangesDocument, { filter: { labelSelector: 'test=sea' } });
    await stream.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    putPod('sea-2', { test: 'sea' });
    putPod('sea-2', { test: 'sea', tide: 'high' });
    gateway.cluster.store.delete(resource('', 'pods'), 'shop', 'sea-2', { gracePeriodSeconds: 0 });
    await stream.next(({ data }) => data?.podChanges.type === 'DELETED');
    expect(podMessages(stream).map(tell)).toEqual([
      'ADDED sea-1',
      'SNAPSHOT',
      'ADDED sea-2',
      'MODIFIED sea-2',
      'DELETED sea-2',
    ]);
    expect(
      new Set(
        podMessages(stream)
          .slice(2)
          .map(({ cursor }) => cursor),
      ).size,
    ).toBe(3);
  });

  it('can leave out what is there', async () => {
    putPod('quiet-1', { test: 'quiet' });
    await using stream = gateway.subscribe(PodChangesDocument, {
      filter: { labelSelector: 'test=quiet' },
      snapshot: false,
    });
    // What the stream tells first is what was written after it had opened.
    const seen = until(() => {
      putPod('quiet-2', { test: 'quiet', at: String(performance.now()).replace('.', '-') });
      expect(stream.received.length).toBeGreaterThan(0);
    });
    await seen;
    expect(podMessages(stream).some(({ pod }) => pod?.name === 'quiet-1')).toBe(false);
  });

  it('resumes behind a cursor with exactly what was missed (P4)', async () => {
    const filter = { labelSelector: 'test=resume' };
    putPod('resume-1', { test: 'resume' });
    const first = gateway.subscribe(PodChangesDocument, { filter });
    await first.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    putPod('resume-2', { test: 'resume' });
    const last = await first.next(({ data }) => data?.podChanges.pod?.name === 'resume-2');
    await first.stop();
    putPod('resume-3', { test: 'resume' });
    putPod('resume-1', { test: 'resume', changed: 'yes' });
    gateway.cluster.store.delete(resource('', 'pods'), 'shop', 'resume-2', { gracePeriodSeconds: 0 });
    await using second = gateway.subscribe(PodChangesDocument, { filter, after: last.data?.podChanges.cursor ?? '' });
    await second.next(({ data }) => data?.podChanges.type === 'DELETED');
    expect(podMessages(second).map(tell)).toEqual(['ADDED resume-3', 'MODIFIED resume-1', 'DELETED resume-2']);
  });

  it('says that it cannot resume from a cursor of another life, and begins anew (P4)', async () => {
    putPod('old-1', { test: 'old' });
    const filter = { labelSelector: 'test=old' };
    await using first = gateway.subscribe(PodChangesDocument, { filter });
    const marker = await first.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    const parts = JSON.parse(Buffer.from(marker.data?.podChanges.cursor ?? '', 'base64url').toString()) as unknown[];
    parts[2] = 'another-life';
    const after = Buffer.from(JSON.stringify(parts)).toString('base64url');
    await using second = gateway.subscribe(PodChangesDocument, { filter, after });
    await second.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    expect(podMessages(second).map(tell)).toEqual(['RESYNC', 'ADDED old-1', 'SNAPSHOT']);
    expect(podMessages(second)[0]?.reason).toBe('CURSOR_EXPIRED');
  });

  it.each([
    { name: 'is no cursor', after: 'not-a-cursor' },
    { name: 'belongs to another stream', after: Buffer.from('[1,"workloadChanges","e","s"]').toString('base64url') },
  ])('refuses what $name', async ({ after }) => {
    await using stream = gateway.subscribe(PodChangesDocument, { after });
    const answer = await stream.next().catch((error: unknown) => String(error));
    expect(JSON.stringify(answer)).toContain('BAD_USER_INPUT');
  });

  it('tells DELETED of what leaves its filter and ADDED of what comes into it', async () => {
    putPod('guest', { test: 'filter', room: 'in' });
    await using stream = gateway.subscribe(PodChangesDocument, { filter: { labelSelector: 'test=filter,room=in' } });
    await stream.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    putPod('guest', { test: 'filter', room: 'out' });
    putPod('guest', { test: 'filter', room: 'out', still: 'out' });
    putPod('guest', { test: 'filter', room: 'in' });
    await stream.next(({ data }) => data?.podChanges.type === 'ADDED');
    expect(podMessages(stream).map(tell)).toEqual(['ADDED guest', 'SNAPSHOT', 'DELETED guest', 'ADDED guest']);
  });

  it('never delivers to a developer what lies in other namespaces (refused, CORE-38)', async () => {
    putPod('mine', { test: 'scope' }, 'shop');
    putPod('theirs', { test: 'scope' }, 'platform');
    await using stream = gateway.subscribe(PodChangesDocument, { filter: { labelSelector: 'test=scope' } }, developer);
    await using all = gateway.subscribe(PodChangesDocument, { filter: { labelSelector: 'test=scope' } });
    await Promise.all([stream, all].map((one) => one.next(({ data }) => data?.podChanges.type === 'SNAPSHOT')));
    putPod('theirs', { test: 'scope', changed: 'yes' }, 'platform');
    putPod('mine', { test: 'scope', changed: 'yes' }, 'shop');
    await Promise.all(
      [stream, all].map((one) => one.next(({ data }) => tell(data?.podChanges as PodMessage) === 'MODIFIED mine')),
    );
    expect(podMessages(all).filter(({ pod }) => pod?.namespace === 'platform').length).toBe(2);
    expect(podMessages(stream).map(tell)).toEqual(['ADDED mine', 'SNAPSHOT', 'MODIFIED mine']);
  });

  it('follows workloads and namespaces alike', async () => {
    await using workloads = gateway.subscribe(WorkloadChangesDocument, { filter: { name: { equals: 'vote-back' } } });
    await workloads.next(({ data }) => data?.workloadChanges.type === 'SNAPSHOT');
    await using namespaces = gateway.subscribe(NamespaceChangesDocument, {});
    await namespaces.next(({ data }) => data?.namespaceChanges.type === 'SNAPSHOT');
    const id = Buffer.from('k8s|embedded|apps|Deployment|shop|vote-back').toString('base64url');
    await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 2 } });
    const change = await workloads.next(({ data }) => data?.workloadChanges.workload?.desiredReplicas === 2);
    expect(change.data?.workloadChanges).toMatchObject({ type: 'MODIFIED', workload: { name: 'vote-back' } });
    gateway.cluster.store.create(resource('', 'namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'fresh' },
    });
    const added = await namespaces.next(({ data }) => data?.namespaceChanges.namespace?.name === 'fresh');
    expect(added.data?.namespaceChanges.type).toBe('ADDED');
  });
});

describe('objectChanges', () => {
  it('follows ConfigMaps with what is in them', async () => {
    putConfigMap('notes', { a: '1' }, { test: 'notes' });
    await using stream = gateway.subscribe(ObjectChangesDocument, {
      ...configMaps,
      filter: { labelSelector: 'test=notes' },
    });
    await stream.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');
    putConfigMap('notes', { a: '2' }, { test: 'notes' });
    const change = await stream.next(({ data }) => data?.objectChanges.type === 'MODIFIED');
    expect(change.data?.objectChanges.object?.json).toMatchObject({ kind: 'ConfigMap', data: { a: '2' } });
  });

  it('follows a kind of a CRD, from the moment the cluster serves it', async () => {
    const { store } = gateway.cluster;
    store.create(resource('apiextensions.k8s.io', 'customresourcedefinitions'), {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'buoys.harbour.example' },
      spec: {
        group: 'harbour.example',
        scope: 'Namespaced',
        names: { plural: 'buoys', singular: 'buoy', kind: 'Buoy', listKind: 'BuoyList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    const buoy = (name: string, colour: string) => ({
      apiVersion: 'harbour.example/v1',
      kind: 'Buoy',
      metadata: { name, namespace: 'shop' },
      spec: { colour },
    });
    const buoys = await until(() => resource('harbour.example', 'buoys'));
    store.create(buoys, buoy('one', 'red'));
    const kind = { cluster: 'embedded', apiVersion: 'harbour.example/v1', kind: 'Buoy' };
    const stream = await until(async () => {
      const opened = gateway.subscribe(ObjectChangesDocument, kind);
      const first = await opened.next();
      if (first.errors) await opened.stop();
      expect(first.errors).toBeUndefined();
      return opened;
    });
    await stream.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');
    const there = store.create(buoys, buoy('two', 'green'));
    await stream.next(({ data }) => data?.objectChanges.object?.name === 'two');
    store.update(buoys, { ...there, spec: { colour: 'black' } });
    const change = await stream.next(({ data }) => data?.objectChanges.type === 'MODIFIED');
    expect(change.data?.objectChanges.object).toMatchObject({ name: 'two', json: { spec: { colour: 'black' } } });
    await stream.stop();
  });

  it('never shows the value of a Secret', async () => {
    const value = Buffer.from('a-very-secret-value').toString('base64');
    gateway.cluster.store.create(resource('', 'secrets'), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'sealed', namespace: 'shop' },
      data: { key: value },
    });
    await using stream = gateway.subscribe(ObjectChangesDocument, {
      cluster: 'embedded',
      apiVersion: 'v1',
      kind: 'Secret',
      filter: { name: { equals: 'sealed' } },
    });
    await stream.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');
    expect(stream.received.length).toBe(2);
    expect(JSON.stringify(stream.received)).not.toContain(value);
  });

  it('says that nobody serves a kind (refused)', async () => {
    await using stream = gateway.subscribe(ObjectChangesDocument, {
      cluster: 'embedded',
      apiVersion: 'nowhere.example/v1',
      kind: 'Ghost',
    });
    const answer = await stream.next().catch((error: unknown) => String(error));
    expect(JSON.stringify(answer)).toContain('CAPABILITY_MISSING');
  });
});

describe('kubernetesEvents', () => {
  const event = (name: string, object: string, reason: string, namespace = 'shop') => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', name: object, namespace },
    reason,
    message: 'Something happened.',
    type: 'Warning',
    count: 1,
  });

  it('tells what clusters report, filtered, and resumes (CORE-38)', async () => {
    const events = resource('', 'events');
    const filter = { namespaces: ['shop'], reasons: ['Drifted'] };
    const first = gateway.subscribe(KubernetesEventStreamDocument, { filter }, developer);
    await first.next(({ data }) => data?.kubernetesEvents.type === 'SNAPSHOT');
    gateway.cluster.store.create(events, event('other', 'vote-settings', 'Moored'));
    gateway.cluster.store.create(events, event('one', 'vote-settings', 'Drifted'));
    const seen = await first.next(({ data }) => data?.kubernetesEvents.event !== null);
    expect(seen.data?.kubernetesEvents).toMatchObject({
      type: 'ADDED',
      event: {
        reason: 'Drifted',
        type: 'WARNING',
        involvedObject: { kind: 'ConfigMap', name: 'vote-settings' },
        object: { id: expect.any(String) },
      },
    });
    await first.stop();
    gateway.cluster.store.create(events, event('two', 'vote-settings', 'Drifted'));
    await using second = gateway.subscribe(
      KubernetesEventStreamDocument,
      { filter, after: seen.data?.kubernetesEvents.cursor ?? '' },
      developer,
    );
    await second.next();
    expect(second.received.map(({ data }) => data?.kubernetesEvents.type)).toEqual(['ADDED']);
  });

  it('tells developers nothing of other namespaces (refused, CORE-38)', async () => {
    const events = resource('', 'events');
    await using stream = gateway.subscribe(KubernetesEventStreamDocument, { filter: { reasons: ['Sunk'] } }, developer);
    await stream.next(({ data }) => data?.kubernetesEvents.type === 'SNAPSHOT');
    gateway.cluster.store.create(events, event('theirs', 'x', 'Sunk', 'platform'));
    gateway.cluster.store.create(events, event('mine', 'x', 'Sunk', 'shop'));
    await stream.next(({ data }) => data?.kubernetesEvents.event !== null);
    expect(stream.received.flatMap(({ data }) => data?.kubernetesEvents.event?.involvedObject.namespace ?? [])).toEqual(
      ['shop'],
    );
  });
});

describe('podLogLines', () => {
  const lines = (stream: TestStream<PodLogLinesSubscription>) =>
    stream.received.flatMap(({ data }) => data?.podLogLines.line ?? []);
  let pod: { cluster: string; namespace: string; pod: string };
  beforeAll(async () => {
    pod = await until(async () => {
      const list: { pods: { nodes: { name: string }[] } } = await ask(
        gateway,
        '{ pods(filter: { name: { contains: "vote-front" }, ready: true }) { nodes { name } } }',
      );
      const [first] = list.pods.nodes;
      expect(first).toBeDefined();
      return { cluster: 'embedded', namespace: 'shop', pod: first?.name ?? '' };
    });
  });

  it('follows, and resumes behind a line without repeating or skipping one (CORE-38)', async () => {
    const first = gateway.subscribe(PodLogLinesDocument, pod, developer);
    await until(() => expect(lines(first).length).toBeGreaterThan(8));
    const cursor = first.received[4]?.data?.podLogLines.cursor ?? '';
    await using second = gateway.subscribe(PodLogLinesDocument, { ...pod, after: cursor }, developer);
    await until(() => expect(lines(second).length).toBeGreaterThan(8));
    const whole = lines(first);
    const rest = lines(second);
    const shared = Math.min(whole.length - 5, rest.length);
    expect(rest.slice(0, shared)).toEqual(whole.slice(5, 5 + shared));
    await first.stop();
  });

  it('ends behind the last line where nobody follows, and takes only the newest lines where asked', async () => {
    const all = gateway.subscribe(PodLogLinesDocument, { ...pod, follow: false });
    await all.closed;
    expect(lines(all).length).toBeGreaterThan(8);
    const tail = gateway.subscribe(PodLogLinesDocument, { ...pod, follow: false, tail: 3 });
    await tail.closed;
    expect(lines(tail).length).toBe(3);
    expect(Date.parse(lines(tail)[0]?.time ?? '')).toBeGreaterThanOrEqual(Date.parse(lines(all).at(-3)?.time ?? ''));
  });

  it('begins at a time', async () => {
    const all = gateway.subscribe(PodLogLinesDocument, { ...pod, follow: false });
    await all.closed;
    const since = lines(all)[5]?.time ?? '';
    const late = gateway.subscribe(PodLogLinesDocument, { ...pod, follow: false, since });
    await late.closed;
    expect(lines(late).length).toBeGreaterThan(0);
    expect(lines(late).every(({ time }) => Date.parse(time) >= Date.parse(since))).toBe(true);
  });

  it('reads the container that is named', async () => {
    const named = gateway.subscribe(PodLogLinesDocument, { ...pod, follow: false, container: 'vote-front' });
    await named.closed;
    expect(lines(named).length).toBeGreaterThan(0);
    await using wrong = gateway.subscribe(PodLogLinesDocument, { ...pod, container: 'nobody' });
    const answer = await wrong.next().catch((error: unknown) => String(error));
    expect(JSON.stringify(answer)).toContain('BAD_USER_INPUT');
  });

  it.each([
    { name: 'a pod that is not there', place: { namespace: 'shop', pod: 'nobody' } },
    { name: 'a pod of another namespace, in the same words', place: { namespace: 'platform', pod: 'metrics-store-0' } },
  ])('refuses a developer $name (refused)', async ({ place }) => {
    await using stream = gateway.subscribe(PodLogLinesDocument, { cluster: 'embedded', ...place }, developer);
    const answer = await stream.next().catch((error: unknown) => String(error));
    const text = JSON.stringify(answer);
    expect(text).toContain('BAD_USER_INPUT');
    expect(text).toContain(`There is no pod '${place.pod}' in namespace '${place.namespace}'`);
  });
});

describe('operationRecordChanges', () => {
  it('tells each record when it begins and when it ends, and resumes (CORE-22)', async () => {
    const id = Buffer.from('k8s|embedded|apps|Deployment|shop|vote-front').toString('base64url');
    await using stream = gateway.subscribe(OperationRecordChangesDocument, {}, developer);
    await using stranger = gateway.subscribe(OperationRecordChangesDocument, { filter: { namespaces: ['platform'] } });
    await Promise.all([stream.next(), stranger.next()]);
    await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 2 } });
    await stream.next(({ data }) => data?.operationRecordChanges.record?.status === 'SUCCEEDED');
    const messages = stream.received.map(({ data }) => data?.operationRecordChanges);
    expect(messages.map((message) => [message?.type, message?.record?.status])).toEqual([
      ['SNAPSHOT', undefined],
      ['ADDED', 'PENDING'],
      ['MODIFIED', 'SUCCEEDED'],
    ]);
    expect(messages[2]?.record).toMatchObject({
      id: messages[1]?.record?.id,
      action: 'scaleWorkload',
      target: { name: 'vote-front' },
    });
    await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 4 } });
    await using resumed = gateway.subscribe(
      OperationRecordChangesDocument,
      { after: messages[2]?.cursor ?? '' },
      developer,
    );
    await resumed.next(({ data }) => data?.operationRecordChanges.record?.status === 'SUCCEEDED');
    expect(resumed.received.map(({ data }) => data?.operationRecordChanges.record?.status)).toEqual([
      'PENDING',
      'SUCCEEDED',
    ]);
    expect(stranger.received.length).toBe(1);
  });
});

// Last: kinds of which nothing was heard between two cuts come back slowly.
describe('watches behind the streams', () => {
  it('are one for any number of identical subscriptions (CORE-39)', async () => {
    const watches = () => gateway.cluster.requests.count({ verb: 'watch', resource: 'endpoints' });
    const endpoints = { cluster: 'embedded', apiVersion: 'v1', kind: 'Endpoints' };
    const before = watches();
    const streams = Array.from({ length: 5 }, () => gateway.subscribe(ObjectChangesDocument, endpoints));
    await Promise.all(streams.map((stream) => stream.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT')));
    expect(watches() - before).toBe(1);
    await Promise.all(streams.map((stream) => stream.stop()));
  });

  it('are none besides the cache’s own for kinds that are cached (CORE-39)', async () => {
    const open = gateway.cluster.openWatches;
    await using one = gateway.subscribe(ObjectChangesDocument, configMaps);
    await using two = gateway.subscribe(PodChangesDocument, {});
    await one.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');
    await two.next(({ data }) => data?.podChanges.type === 'SNAPSHOT');
    expect(gateway.cluster.openWatches).toBe(open);
  });

  it('lose nothing when they are cut and when the history is gone, over WebSocket and SSE alike (P1)', async () => {
    const variables = { ...configMaps, filter: { labelSelector: 'test=churn' } };
    for (let index = 0; index < 5; index += 1) putConfigMap(`churn-${index}`, {}, { test: 'churn' });
    await using stream = gateway.subscribe(ObjectChangesDocument, variables);
    await using events = await openEventStream(gateway.url, ObjectChangesDocument, variables);
    await stream.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');

    const { store } = gateway.cluster;
    const there = () =>
      store.list(resource('', 'configmaps'), 'shop').filter(({ metadata }) => metadata.labels?.test === 'churn');
    const lists = () => gateway.cluster.requests.count({ verb: 'list', resource: 'configmaps' });
    const listed = lists();
    let step = 0;
    const churn = (steps: number) => {
      for (const end = step + steps; step < end; step += 1) {
        const name = `churn-${(step * 7) % 23}`;
        const isThere = store.get(resource('', 'configmaps'), 'shop', name) !== undefined;
        if (isThere && step % 3 === 0) removeConfigMap(name);
        else putConfigMap(name, { step: String(step) }, { test: step % 11 === 5 ? 'elsewhere' : 'churn' });
      }
    };
    for (const isForgotten of [false, true, false, true]) {
      churn(40);
      gateway.cluster.closeWatches();
      churn(40);
      if (isForgotten) gateway.cluster.compact();
      // What was written last is heard last: then the watch has come back.
      putConfigMap(`churn-mark-${step}`, {}, { test: 'churn' });
      await stream.next(({ data }) => data?.objectChanges.object?.name === `churn-mark-${step}`);
    }
    // The lost history was noticed, and only that made anybody list anew.
    expect(lists() - listed).toBe(2);
    const expected = Object.fromEntries(there().map(({ metadata }) => [metadata.name, metadata.resourceVersion]));

    const overSocket = () => objectMessages(stream).map(({ type, object }) => ({ type, item: object }));
    const overEvents = () =>
      events.events.flatMap(({ data }) => {
        const message = (data as { data?: ObjectChangesSubscription } | undefined)?.data?.objectChanges;
        return message ? [{ type: message.type, item: message.object }] : [];
      });
    for (const messages of [overSocket, overEvents]) {
      await until(() => expect(Object.fromEntries(foldObjects(messages()).objects)).toEqual(expected));
      expect(foldObjects(messages()).faults).toEqual([]);
    }
  }, 30_000);
});
