import { expect } from 'vitest';
import {
  type CutMode,
  createObjectHistory,
  createRandomWriter,
  createSeededRandom,
  cutModes,
  identityOf,
  type ObjectHistory,
  type ObjectIdentity,
  type ObjectMessage,
  writableConfigMaps,
} from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';
import { openEventStream } from '../../support/event-stream.ts';
import { operator, type ProxiedGateway } from './proxied-gateway.ts';

const namespace = 'default';
const configMaps = { cluster: 'cluster-0', apiVersion: 'v1', kind: 'ConfigMap' };

const followed = `subscription ($cluster: String!, $apiVersion: String!, $kind: String!, $after: Cursor) {
  objectChanges(cluster: $cluster, apiVersion: $apiVersion, kind: $kind, filter: { namespaces: ["${namespace}"] }, after: $after) {
    type cursor reason object { uid namespace name resourceVersion }
  }
}`;

interface Followed {
  readonly objectChanges: ObjectMessage & { readonly cursor: string };
}

/** Somebody who folds a stream, and can be asked for what has arrived since. */
interface Follower {
  readonly history: ObjectHistory;
  readonly isReturning: boolean;
  /** Takes in what has arrived. */
  read(): void;
  /** Comes back with the cursor it has. */
  comeBack(): Promise<void>;
  leave(): Promise<void>;
}

export interface CutReport {
  readonly changes: number;
  /** Messages of all followers. */
  readonly messages: number;
  /** Faults that were carried out. */
  readonly cuts: number;
  /** RESYNCs of those who stayed. */
  readonly resyncs: readonly string[];
  /** How often the history was said to be gone. */
  readonly gone: number;
}

/**
 * Writes at random while the watch is cut in every way, and demands at the end (and of every message on the way) that each
 * follower knows what the cluster holds: two over WebSockets, two over server-sent events, two that leave and return.
 */
export async function cutWatches(
  world: ProxiedGateway,
  options: { readonly changes: number; readonly cuts: number },
): Promise<CutReport> {
  const { gateway, cluster, proxy, until } = world;
  const random = createSeededRandom();
  const writer = createRandomWriter({ random, objects: writableConfigMaps(cluster, namespace) });
  const followers: Follower[] = [];
  const historyOf = (name: string) => createObjectHistory({ name, explain: writer.explain });

  function overWebSocket(name: string, isReturning: boolean): Follower {
    const history = historyOf(name);
    let stream = gateway.subscribe<Followed>(followed, configMaps, operator);
    let seen = 0;
    let cursor: string | undefined;
    const read = () => {
      for (; seen < stream.received.length; seen += 1) {
        const message = stream.received[seen]?.data?.objectChanges;
        if (!message) throw new Error(`${name} was told ${JSON.stringify(stream.received[seen])}`);
        cursor = message.cursor;
        history.push(message);
      }
    };
    return {
      history,
      isReturning,
      read,
      async comeBack() {
        read();
        await stream.stop();
        // What came while it was leaving counts, and so does its cursor.
        read();
        seen = 0;
        stream = gateway.subscribe<Followed>(followed, { ...configMaps, after: cursor }, operator);
      },
      leave: () => stream.stop(),
    };
  }

  async function overEvents(name: string): Promise<Follower> {
    const history = historyOf(name);
    const { events, stop } = await openEventStream(gateway.url, followed, configMaps, operator);
    let seen = 0;
    return {
      history,
      isReturning: false,
      read() {
        for (; seen < events.length; seen += 1) {
          const message = (events[seen]?.data as { data?: Followed } | undefined)?.data?.objectChanges;
          if (!message) throw new Error(`${name} was told ${JSON.stringify(events[seen])}`);
          history.push(message);
        }
      },
      comeBack: async () => {},
      leave: stop,
    };
  }

  function isHeard(object: ObjectIdentity): boolean {
    return followers.every(({ history, read }) => {
      read();
      if (history.fault !== undefined) throw new Error(history.fault);
      return history.objects.get(object.uid)?.resourceVersion === object.resourceVersion;
    });
  }

  /** Writes until there is something to hear of, and waits until everybody has heard of that and of all before it. */
  async function settle(): Promise<void> {
    await write(1);
    while (writer.newest === undefined) await write(1);
    // A fault that waited for a frame writes while this waits: what was the newest may have changed since, or be gone.
    const isSettled = () => (writer.newest === undefined || isHeard(writer.newest)) && firstDifference() === undefined;
    await until(isSettled, { stepMs: 1_000 }).catch((error: unknown) => {
      const difference = firstDifference();
      throw difference === undefined ? error : new Error(difference, { cause: error });
    });
  }

  async function write(count: number): Promise<void> {
    const end = writer.written.length + count;
    while (writer.written.length < end) {
      await writer.write();
      if (writer.written.length % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function there(): ObjectIdentity[] {
    return cluster.store.list(cluster.store.resource('', 'configmaps'), namespace).map(identityOf);
  }

  function firstDifference(): string | undefined {
    for (const { history, read } of followers) {
      read();
      const difference = history.differenceFrom(there());
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  // 1. Everybody follows.
  followers.push(overWebSocket('the first over a WebSocket', false), overWebSocket('the second', false));
  followers.push(await overEvents('the first over server-sent events'), await overEvents('the second over them'));
  followers.push(overWebSocket('one who returns', true), overWebSocket('another who returns', true));
  await settle();

  // 2. Each cut falls into the middle of what is written around it.
  const perCut = Math.ceil(options.changes / options.cuts);
  for (let cut = 0; cut < options.cuts; cut += 1) {
    const mode = cutModes[cut % cutModes.length] ?? 'reset';
    const before = random.below(perCut - 1);
    await write(before);
    await until(() => proxy.watches('configmaps') > 0, { stepMs: 1_000 });
    // Some faults need a frame that has passed.
    if (proxy.cut(mode, { resource: 'configmaps', between: () => write(2) }) === 0) {
      await settle();
      proxy.cut(mode, { resource: 'configmaps', between: () => write(2) });
    }
    await write(perCut - before);
    for (const follower of followers) if (follower.isReturning && random.next() < 0.2) await follower.comeBack();
    // The next cut may come before this one is healed.
    if (random.next() < 0.7) await settle();
  }

  // 3. What everybody knows is what there is, and what the gateway itself answers.
  await settle();
  expect(firstDifference()).toBeUndefined();
  expect(await cached(world)).toEqual(there().map(printed).sort());
  await Promise.all(followers.map((follower) => follower.leave()));
  const stayed = followers.filter(({ isReturning }) => !isReturning);
  const sum = (...modes: CutMode[]) => modes.reduce((total, mode) => total + (proxy.done.get(mode) ?? 0), 0);
  return {
    changes: writer.written.length,
    messages: followers.reduce((total, { history }) => total + history.length, 0),
    cuts: sum(...cutModes),
    resyncs: stayed.flatMap(({ history }) => history.resyncs),
    gone: sum('gone-at-connect', 'gone-frame', 'relist-fails', 'deleted-before-watch'),
  };
}

/** What the gateway's cache answers, page by page. */
async function cached({ gateway }: ProxiedGateway): Promise<string[]> {
  const document = `query ($cluster: String!, $apiVersion: String!, $kind: String!) {
    objects(cluster: $cluster, apiVersion: $apiVersion, kind: $kind, first: 1000, filter: { namespaces: ["${namespace}"] }) {
      nodes { uid namespace name resourceVersion }
      problems { code }
    }
  }`;
  const { objects } = await ask<{ objects: { nodes: ObjectIdentity[]; problems: unknown[] } }, typeof configMaps>(
    gateway,
    document,
    configMaps,
    operator,
  );
  expect(objects.problems).toEqual([]);
  return objects.nodes.map(printed).sort();
}

const printed = ({ uid, name, resourceVersion }: ObjectIdentity): string => `${name} ${uid} @${resourceVersion}`;
