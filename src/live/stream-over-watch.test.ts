import type { V1Pod } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { type FakeApi, startFakeApi } from '../kube/testing/start-fake-api.ts';
import { admin, connect, pod, podKind } from '../kube/testing/test-cluster.ts';
import { createObjectStreams } from './create-object-streams.ts';
import type { StreamMessage } from './stream-message.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

/** The same numbers in every run. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Folds a stream; breaks off and resumes with its last cursor when told. */
function createClient(open: (after: string | undefined) => AsyncIterableIterator<StreamMessage<KubeObject<V1Pod>>>) {
  const state = new Map<string, string>();
  const resyncs: string[] = [];
  let cursor: string | undefined;
  let stream = open(undefined);

  async function read(from: typeof stream): Promise<void> {
    for await (const message of from) {
      // What arrives after a client broke off is not heard.
      if (from !== stream) return;
      cursor = message.cursor;
      if (message.type === 'RESYNC') {
        state.clear();
        resyncs.push(String(message.reason));
      }
      if (!message.item) continue;
      const { uid, resourceVersion } = message.item.metadata;
      if (message.type === 'DELETED') state.delete(uid);
      else state.set(uid, resourceVersion);
    }
  }
  let reading = read(stream);

  return {
    resyncs,
    state: () => [...state].map(([uid, version]) => `${uid}@${version}`).toSorted(),
    async reconnect() {
      await stream.return?.();
      await reading;
      stream = open(cursor);
      reading = read(stream);
    },
    async close() {
      await stream.return?.();
      await reading;
    },
  };
}

describe('object streams over a watch that is cut', () => {
  it.each([1, 2, 3])('fold into what the cluster holds (seed %i)', async (seed) => {
    await using test = connect(api);
    const random = seededRandom(seed);
    const streams = createObjectStreams({ clusters: test.clusters, clock: test.clock, logger: silentLogger });
    const isWeb = (object: { readonly metadata: object }) => JSON.stringify(object.metadata).includes('"app":"web"');
    const open = (matches: (object: KubeObject<V1Pod>) => boolean, scope: string) => (after: string | undefined) =>
      streams.subscribe<V1Pod>({
        topic: 'podChanges',
        kinds: [podKind],
        isFollowed: () => true,
        matches,
        scope,
        principal: admin,
        snapshot: true,
        after,
        signal: new AbortController().signal,
      });
    const all = createClient(open(() => true, 'all'));
    const web = createClient(open(isWeb, 'web'));
    const restless = createClient(open(() => true, 'all'));

    for (let round = 0; round < 400; round += 1) {
      const name = `p${random(30)}`;
      if (random(3) === 0) api.store.remove('pods', 'shop', name);
      else
        api.store.put(
          'pods',
          pod(name, 'shop', { labels: { app: random(2) === 0 ? 'web' : 'db', round: String(round) } }),
        );
      if (random(25) === 0) {
        // Closed, reset, and sometimes what was missed is gone: then the relist infers it.
        for (const watch of api.watches) random(2) === 0 ? watch.end() : watch.reset();
        if (random(2) === 0) api.store.compact();
      }
      if (random(20) === 0) await restless.reconnect();
      if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve));
      if (random(10) === 0) test.clock.advance(500);
    }

    const held = (filter: (object: (typeof listed)[number]) => boolean) =>
      api.store
        .list('pods')
        .filter(filter)
        .map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`)
        .toSorted();
    const listed = api.store.list('pods');
    await vi.waitFor(
      () => {
        test.clock.advance(250);
        expect([all.state(), web.state(), restless.state()]).toEqual([held(() => true), held(isWeb), held(() => true)]);
      },
      { timeout: 15_000, interval: 2 },
    );
    // Some were filtered out, none were lost, and nothing above passed for want of objects.
    expect(listed.length).toBeGreaterThan(5);
    expect(held(isWeb).length).toBeLessThan(listed.length);
    // A cut watch is no reason to begin anew: only the deletions it missed are inferred.
    expect([all.resyncs, web.resyncs]).toEqual([[], []]);
    await Promise.all([all.close(), web.close(), restless.close()]);
    streams.stop();
    expect([streams.open, streams.followed]).toEqual([0, 0]);
  });
});
