import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { Agent, EventSource } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createManualClock, runClockUntil, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const clock = createManualClock(Date.now());
const token = 'the-token-of-a-developer-of-the-shop';
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false, nodes: 0 }));
  const metadata = { name: 'shop' };
  cluster.store.create(cluster.store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata });
  const { path } = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: path }],
        tokens: [staticToken('dora', token, { roles: ['DEVELOPER'], namespaces: ['shop'] })],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

/** As somebody else would, in the cluster itself. */
function put(name: string, value: string): void {
  const { store } = cluster;
  const resource = store.resource('', 'configmaps');
  const there = store.get(resource, 'shop', name);
  const data = { value };
  if (there) store.update(resource, { ...there, data } as never);
  else {
    store.create(resource, {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data },
    } as never);
  }
}
const remove = (name: string) => cluster.store.delete(cluster.store.resource('', 'configmaps'), 'shop', name);

interface Message {
  readonly type: string;
  readonly cursor: string;
  readonly object?: { readonly name: string; readonly resourceVersion: string } | null;
}
interface Told {
  readonly objectChanges: Message;
}
const following = `subscription ($name: String!, $throttleMs: Int! = 0, $after: Cursor) {
  objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap", throttleMs: $throttleMs, after: $after, filter: { name: { contains: $name } }) {
    type cursor object { __typename id name resourceVersion } } }`;

describe('a graphql-ws client that asks for changes to be held together', () => {
  const follow = (name: string, throttleMs: number, after?: string) => {
    const stream = gateway.subscribe<Told, object>(following, { name, throttleMs, after }, { token });
    const told = () => stream.received.flatMap(({ data }) => (data ? [data.objectChanges] : []));
    const types = () => told().map(({ type, object }) => (object ? `${type} ${object.name}` : type));
    return { stream, told, types };
  };

  it('is told the newest state of each object when the window ends, and resumes behind it', async () => {
    put('held-old', '0');
    const plain = follow('held', 0);
    const throttled = follow('held', 5_000);
    const sameAgain = follow('held', 5_000);
    const all = [plain, throttled, sameAgain];
    await until(() => {
      for (const { types } of all) expect(types()).toEqual(['ADDED held-old', 'SNAPSHOT']);
    });
    for (const value of ['1', '2', '3', '4']) put('held-old', value);
    put('held-new', '1');
    put('held-new', '2');
    put('held-gone', '1');
    remove('held-gone');
    await until(() => expect(plain.types()).toHaveLength(2 + 4 + 2 + 2));
    expect([throttled.types().length, sameAgain.types().length]).toEqual([2, 2]);
    clock.advance(5_000);
    await until(() => {
      for (const { types } of [throttled, sameAgain]) {
        expect(types().slice(2)).toEqual(['MODIFIED held-old', 'ADDED held-new']);
      }
    });
    const last = throttled.told().at(-1);
    expect(last?.object).toEqual(plain.told().findLast(({ object }) => object?.name === 'held-new')?.object);
    expect(throttled.told()).toEqual(sameAgain.told());
    for (const { stream } of all) await stream.stop();

    put('held-old', '5');
    remove('held-new');
    const resumed = follow('held', 60_000, last?.cursor);
    // What was missed is told at once; the window is for what comes.
    await until(() => expect(resumed.types()).toEqual(['MODIFIED held-old', 'DELETED held-new']));
    await resumed.stream.stop();
  });

  it('still hears that the stream is alive while something waits', async () => {
    const held = follow('quiet', 60_000);
    await until(() => expect(held.types()).toEqual(['SNAPSHOT']));
    put('quiet', '1');
    await runClockUntil(clock, () => held.types().includes('HEARTBEAT'), { stepMs: 1_000, limitMs: 59_000 });
    await runClockUntil(clock, () => held.types().includes('ADDED quiet'), { stepMs: 1_000, limitMs: 120_000 });
    await held.stream.stop();
  });

  it.each([-1, 60_001, 2 ** 31 - 1])('is refused a window of %s ms (refused, bad input)', async (throttleMs) => {
    const { stream } = follow('none', throttleMs);
    const { errors } = await stream.next();
    expect(errors?.[0]).toMatchObject({
      message: `throttleMs must be 0 to 60000, got ${throttleMs}`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    await stream.stop();
  });

  it('has no window for lines of a log, which are all different (refused)', async () => {
    const source = 'subscription { podLogLines(cluster: "far", namespace: "shop", pod: "p", throttleMs: 5) { type } }';
    const stream = gateway.subscribe(source, {}, { token });
    await expect(stream.next()).rejects.toMatchObject({
      cause: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    await stream.stop();
  });
});

describe('Apollo Client', () => {
  const read = gql`
    query ($name: String!) {
      configMap(cluster: "far", namespace: "shop", name: $name) { id name resourceVersion data { key value } }
    }
  `;
  const change = gql`
    mutation ($input: UpdateConfigMapInput!) {
      updateConfigMap(input: $input) {
        __typename
        ... on UpdateConfigMapSuccess { configMap { id resourceVersion data { key value } } }
        ... on Error { code message }
      }
    }
  `;
  interface Shown {
    readonly configMap: {
      readonly id: string;
      readonly resourceVersion: string;
      readonly data: readonly { readonly key: string; readonly value: string }[];
    } | null;
  }

  it('keeps one object by its id: a mutation and a stream change what a query shows, which asks once', async () => {
    put('kept', '1');
    const authorization = `Bearer ${token}`;
    const posted: string[] = [];
    const socket = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
    });
    const http = new HttpLink({
      uri: `${gateway.url}/graphql`,
      headers: { authorization },
      fetch(address, init) {
        posted.push(String(init?.body));
        return fetch(address, init);
      },
    });
    // As its manual has it: what an interface may be is told beforehand.
    const { data: known } = await gateway.query<{ __type: { possibleTypes: { name: string }[] } }, object>(
      '{ __type(name: "Error") { possibleTypes { name } } }',
      {},
      { token },
    );
    const client = new ApolloClient({
      cache: new InMemoryCache({
        possibleTypes: { Error: (known?.__type.possibleTypes ?? []).map(({ name }) => name) },
      }),
      link: ApolloLink.split(
        ({ operationType }) => String(operationType) === 'subscription',
        new GraphQLWsLink(socket),
        http,
      ),
    });
    const shown: (Shown | undefined)[] = [];
    await until(async () => {
      const { data } = await client.query<Shown>({ query: read, variables: { name: 'kept' }, fetchPolicy: 'no-cache' });
      expect(data?.configMap).not.toBeNull();
    });
    posted.length = 0;
    const watched = client
      .watchQuery<Shown>({ query: read, variables: { name: 'kept' } })
      .subscribe(({ data, dataState }) => {
        if (dataState === 'complete') shown.push(data as Shown);
      });
    await until(() => expect(shown.at(-1)?.configMap?.data).toMatchObject([{ key: 'value', value: '1' }]));
    expect(posted).toHaveLength(1);

    const id = shown.at(-1)?.configMap?.id ?? '';
    const input = { id, set: [{ key: 'value', text: '2' }] };
    const { data: changed } = await client.mutate<{ updateConfigMap: { __typename: string } }>({
      mutation: change,
      variables: { input },
    });
    expect(changed?.updateConfigMap.__typename).toBe('UpdateConfigMapSuccess');
    await until(() => expect(shown.at(-1)?.configMap?.data).toMatchObject([{ key: 'value', value: '2' }]));

    const told: (Told | undefined)[] = [];
    const stream = client
      .subscribe<Told>({ query: gql(following), variables: { name: 'kept' } })
      .subscribe(({ data }) => told.push(data));
    await until(() => expect(told.map((message) => message?.objectChanges.type)).toContain('SNAPSHOT'));
    put('kept', '3');
    const version = cluster.store.get(cluster.store.resource('', 'configmaps'), 'shop', 'kept')?.metadata
      .resourceVersion;
    await until(() => expect(shown.at(-1)?.configMap?.resourceVersion).toBe(version));
    // The query, and the mutation: what the stream told was not asked for.
    expect(posted).toHaveLength(2);
    const entities = Object.keys(client.cache.extract() as object).filter((key) => key.startsWith('ConfigMap:'));
    expect(entities).toEqual([`ConfigMap:${id}`]);

    const refused = await client.mutate<{ updateConfigMap: { __typename: string; code: string } }>({
      mutation: change,
      variables: { input: { id: 'none', set: [] } },
    });
    expect(refused.data?.updateConfigMap.code).toMatch(/NOT_FOUND|VALIDATION/);
    watched.unsubscribe();
    stream.unsubscribe();
    client.stop();
    await socket.dispose();
  });
});

describe('an EventSource', () => {
  function open(variables: object) {
    const address = new URL('/graphql', gateway.url);
    address.searchParams.set('query', following);
    address.searchParams.set('variables', JSON.stringify(variables));
    // What a browser's own cannot send, those of servers can.
    const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
      const headers = { ...(options.headers as Record<string, string>), authorization: `Bearer ${token}` };
      return dispatch({ ...options, headers }, handler);
    });
    const source = new EventSource(address.href, { node: { dispatcher } });
    const told: Message[] = [];
    const ends: string[] = [];
    source.addEventListener('next', (event) => {
      const { data: answer, errors } = JSON.parse(String((event as MessageEvent).data)) as {
        data?: Told;
        errors?: readonly { message: string }[];
      };
      if (answer) told.push(answer.objectChanges);
      else ends.push(errors?.[0]?.message ?? '');
    });
    source.addEventListener('complete', () => {
      ends.push('complete');
      source.close();
    });
    return {
      source,
      told,
      ends,
      types: () => told.map(({ type, object }) => (object ? `${type} ${object.name}` : type)),
    };
  }

  it('reads a subscription over server-sent events, and goes on behind the last message when it comes back', async () => {
    put('sent-one', '1');
    const first = open({ name: 'sent' });
    await until(() => expect(first.types()).toEqual(['ADDED sent-one', 'SNAPSHOT']));
    put('sent-two', '1');
    await until(() => expect(first.types().at(-1)).toBe('ADDED sent-two'));
    first.source.close();
    put('sent-one', '2');
    remove('sent-two');

    const second = open({ name: 'sent', after: first.told.at(-1)?.cursor });
    await until(() => expect(second.types()).toEqual(['MODIFIED sent-one', 'DELETED sent-two']));
    put('sent-three', '1');
    await until(() => expect(second.types().at(-1)).toBe('ADDED sent-three'));
    second.source.close();
    expect(first.ends).toEqual([]);
  });

  it('is told once, and completes, where the subscription is refused (refused)', async () => {
    const { ends, told, source } = open({ name: 'sent', after: 'no-cursor-at-all' });
    await until(() => expect(ends.length + source.readyState).toBeGreaterThan(0));
    expect(told).toEqual([]);
    source.close();
  });
});
