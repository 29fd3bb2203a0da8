import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { createLoopSlices } from '../../kernel/loop-slices.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { originOf, takeIn } from '../intake.ts';
import type { KubeObject } from '../kube-object.ts';
import { foldFeed } from '../testing/fold-feed.ts';
import { podKind } from '../testing/test-cluster.ts';
import { createKindCache, type KindCache } from './kind-cache.ts';

const from = originOf('c', podKind);

function pod(name: string, turn: string, version: number, namespace = 'shop'): KubeObject {
  const metadata = { name, namespace, uid: `${namespace} ${name}`, resourceVersion: String(version), labels: { turn } };
  return takeIn({ metadata }, from);
}

/** So many pods as they are in a turn; every tenth has come in it and goes with it. */
function podsOf(count: number, turn: string, version: number, namespace = 'shop'): KubeObject[] {
  return Array.from({ length: count }, (_, index) =>
    pod(index % 10 === 0 ? `only-${turn}-${index}` : `pod-${index}`, turn, version + index, namespace),
  );
}

/** A cache that gives the loop back after each step. */
function create(): KindCache {
  return createKindCache({ clock: createManualClock(), logger: silentLogger, slices: createLoopSlices(0) });
}

/** Looks once in each turn of the loop until a work is done, and how often that was. */
async function watching(work: Promise<unknown>, look: () => void): Promise<number> {
  let isOver = false;
  let looks = 0;
  const end = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    look();
    looks += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await end;
  return looks;
}

/** In which turn readers see the cache, asked in every way; throws where the ways disagree. */
function turnSeenIn(cache: KindCache, count: number): string {
  const turns = new Set(cache.store.all().map((object) => object.metadata.labels?.turn ?? ''));
  const [turn = 'none'] = turns;
  expect([...turns]).toEqual([turn]);
  expect(cache.store.size).toBe(count);
  expect(cache.store.byIndex('label', `turn=${turn}`).length).toBe(count);
  expect(cache.store.list({ namespaces: ['shop'] }).length).toBe(count);
  expect(cache.store.get('shop/pod-1')?.metadata.labels?.turn).toBe(turn);
  expect(cache.store.get(`shop/only-${turn}-0`)).toBeDefined();
  return turn;
}

describe('a relist', () => {
  it.each([
    ['made in place', 40],
    ['made aside', 400],
  ])('is seen whole or not at all by readers, and with its own revision (%s)', async (_how, count) => {
    const cache = create();
    const scope = cache.scope(undefined);
    await scope.replace(podsOf(count, 'first', 1_000), '2000');
    const revision = cache.revision;
    const seen = new Map<string, Set<number>>();
    const looks = await watching(scope.replace(podsOf(count, 'second', 3_000), '4000'), () => {
      const turn = turnSeenIn(cache, count);
      seen.set(turn, (seen.get(turn) ?? new Set()).add(cache.revision));
    });
    expect(looks).toBeGreaterThan(count);
    expect([...seen.keys()]).toEqual(['first', 'second']);
    expect([...(seen.get('first') ?? [])]).toEqual([revision]);
    expect(seen.get('second')).toEqual(new Set([cache.revision]));
    expect(turnSeenIn(cache, count)).toBe('second');
  });

  it('is heard change by change, from whatever moment on somebody follows', async () => {
    const cache = create();
    const scope = cache.scope(undefined);
    await scope.replace(podsOf(100, 'first', 1_000), '2000');
    const followers = [foldFeed(cache)];
    await watching(scope.replace(podsOf(100, 'second', 3_000), '4000'), () => followers.push(foldFeed(cache)));
    const wanted = cache.store.all().map((object) => object.metadata.uid);
    for (const { objects, faults } of followers) {
      expect(faults).toEqual([]);
      expect([...objects.values()].map((object) => object.metadata.uid).sort()).toEqual(wanted.toSorted());
    }
    expect(new Set(followers.map(({ events }) => events.length)).size).toBeGreaterThan(50);
    expect(cache.snapshot()).toEqual({ items: cache.store.all(), position: '4000' });
  });

  it('of one namespace keeps what others hear meanwhile', async () => {
    const cache = create();
    const [shop, bank] = [cache.scope('shop'), cache.scope('bank')];
    await bank.replace([pod('a', 'old', 1, 'bank'), pod('b', 'old', 2, 'bank')], '10');
    const folded = foldFeed(cache);
    let version = 10;
    await watching(shop.replace(podsOf(400, 'first', 1_000), '2000'), () => {
      version += 1;
      bank.change('MODIFIED', pod('a', String(version), version, 'bank'));
      if (version === 20) bank.change('DELETED', pod('b', 'old', version, 'bank'));
    });
    expect(cache.store.get('bank/a')?.metadata.resourceVersion).toBe(String(version));
    expect(cache.store.get('bank/b')).toBeUndefined();
    expect(cache.store.size).toBe(401);
    expect(folded.faults).toEqual([]);
    expect(folded.objects.size).toBe(401);
  });

  it('that comes too late for a cache that was cleared is forgotten', async () => {
    const cache = create();
    await cache.scope(undefined).replace(podsOf(400, 'first', 1_000), '2000');
    const folded = foldFeed(cache);
    let looks = 0;
    await watching(cache.scope(undefined).replace(podsOf(400, 'second', 3_000), '4000'), () => {
      looks += 1;
      if (looks === 300) cache.clear();
    });
    expect(cache.store.size).toBe(0);
    await watching(cache.scope(undefined).replace([pod('x', 'third', 5_000)], '5001'), () => {});
    expect([...folded.objects.keys()]).toEqual(['shop/x']);
    expect(folded.faults).toEqual([]);
  });

  it('gives the object that is known for one that has not changed, and shares what has not of one that has', async () => {
    const cache = create();
    const scope = cache.scope(undefined);
    const first = [pod('a', 'same', 1), pod('b', 'same', 2)];
    await scope.replace(first, '10');
    const keep = scope.beginList();
    const [a, b] = [keep(pod('a', 'same', 1)), keep(pod('b', 'same', 12))];
    expect(a).toBe(first[0]);
    expect(b).not.toBe(first[1]);
    expect(b.metadata.labels).toBe(first[1]?.metadata.labels);
    scope.change('MODIFIED', pod('a', 'same', 13));
    expect(cache.store.get('shop/a')?.metadata.labels).toBe(first[0]?.metadata.labels);
  });
});
