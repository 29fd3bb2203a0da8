import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { originOf, takeIn } from '../intake.ts';
import type { FeedEvent } from '../kind-feed.ts';
import type { KubeObject } from '../kube-object.ts';
import { podKind } from '../testing/test-cluster.ts';
import { createKindCache } from './kind-cache.ts';

function object(name: string, resourceVersion: string, { uid = name, namespace = 'shop' } = {}): KubeObject {
  return takeIn({ metadata: { name, namespace, uid, resourceVersion } }, originOf('c', podKind));
}

function create() {
  const clock = createManualClock();
  const cache = createKindCache({ clock, logger: silentLogger });
  const heard: string[] = [];
  cache.onEvent(({ type, object: { metadata }, position }: FeedEvent<unknown>) =>
    heard.push(`${type} ${metadata.name} ${metadata.uid} @${position}`),
  );
  return { cache, clock, heard };
}

describe('createKindCache', () => {
  it('tells of the first list in the order of its versions', async () => {
    const { cache, heard } = create();
    const empty = cache.revision;
    await cache.scope(undefined).replace([object('b', '9'), object('a', '10')], '12');
    expect(heard).toEqual(['ADDED b b @9', 'ADDED a a @10']);
    expect(cache.position).toBe('12');
    expect(cache.revision).toBeGreaterThan(empty);
  });

  it('does not believe the deletion of an earlier object of the same name', async () => {
    const { cache, heard } = create();
    const scope = cache.scope(undefined);
    await scope.replace([object('a', '10', { uid: 'new' })], '10');
    expect(scope.change('DELETED', object('a', '11', { uid: 'old' }))).toBe(false);
    expect(cache.store.size).toBe(1);
    expect(heard.length).toBe(1);
  });

  it('believes a deletion that carries the last known version, as some servers send it', async () => {
    const { cache } = create();
    const scope = cache.scope(undefined);
    await scope.replace([object('a', '5')], '10');
    expect(scope.change('DELETED', object('a', '5'))).toBe(true);
    expect(cache.position).toBe('10');
  });

  it('takes an object with another uid for another object', async () => {
    const { cache, heard } = create();
    const scope = cache.scope(undefined);
    await scope.replace([object('a', '10', { uid: 'old' })], '10');
    scope.change('MODIFIED', object('a', '12', { uid: 'new' }));
    expect(heard.slice(1)).toEqual(['DELETED a old @12', 'ADDED a new @12']);
  });

  it('follows a cluster that was restored from an older state, without its positions going back', async () => {
    const { cache, heard } = create();
    const scope = cache.scope(undefined);
    await scope.replace([object('a', '100'), object('b', '90')], '100');
    await scope.replace([object('a', '40'), object('c', '45')], '50');
    expect(heard.slice(2)).toEqual(['MODIFIED a a @100', 'ADDED c c @100', 'DELETED b b @100']);
    expect(scope.position).toBe('50');
    expect(scope.change('MODIFIED', object('a', '51'))).toBe(true);
  });

  it('orders versions that are no numbers by arrival, and drops only what it has', async () => {
    const { cache } = create();
    const scope = cache.scope(undefined);
    await scope.replace([object('a', 'x1')], 'x1');
    expect(scope.change('MODIFIED', object('a', 'x1'))).toBe(false);
    expect(scope.change('MODIFIED', object('a', 'w9'))).toBe(true);
    expect(cache.position).toBe('w9');
  });

  it('keeps namespaces apart, and positions in order over all of them', async () => {
    const { cache, heard } = create();
    const [shop, bank] = [cache.scope('shop'), cache.scope('bank')];
    await shop.replace([object('a', '10')], '20');
    await bank.replace([object('a', '11', { namespace: 'bank' })], '18');
    bank.change('ADDED', object('b', '19', { namespace: 'bank' }));
    shop.bookmark('30');
    expect(cache.position).toBe('20');
    await shop.replace([], '31');
    expect(heard).toEqual(['ADDED a a @10', 'ADDED a a @20', 'ADDED b b @20', 'DELETED a a @31']);
    expect(cache.store.size).toBe(2);
  });

  it('keeps the object that a relist does not change', async () => {
    const { cache } = create();
    const known = object('a', '10');
    await cache.scope(undefined).replace([known], '10');
    const before = cache.revision;
    await cache.scope(undefined).replace([object('a', '10')], '20');
    expect(cache.store.get('shop/a')).toBe(known);
    expect(cache.revision).toBe(before);
    expect(create().cache.revision).not.toBe(before);
  });

  it('tells when a write was seen: by the object, by anything later, by its going', async () => {
    const { cache } = create();
    const scope = cache.scope(undefined);
    await scope.replace([], '10');
    const byObject = cache.waitUntilSeen('shop/a', 'a', '11', 2_000);
    scope.change('ADDED', object('a', '11'));
    expect(await byObject).toBe(true);
    const byLater = cache.waitUntilSeen('shop/x', 'x', '12', 2_000);
    scope.change('ADDED', object('b', '13'));
    expect(await byLater).toBe(true);
    const byGoing = cache.waitUntilSeen('shop/a', 'a', undefined, 2_000);
    scope.change('DELETED', object('a', '14'));
    expect(await byGoing).toBe(true);
    expect(await cache.waitUntilSeen('shop/b', 'b', '13', 2_000)).toBe(true);
  });

  it('says so when time is up first (refused)', async () => {
    const { cache, clock } = create();
    await cache.scope(undefined).replace([object('a', '10')], '10');
    const late = cache.waitUntilSeen('shop/a', 'a', '11', 2_000);
    clock.advance(2_000);
    expect(await late).toBe(false);
  });

  it('tells that all is gone when it is cleared', async () => {
    const { cache, heard } = create();
    await cache.scope(undefined).replace([object('a', '10')], '10');
    cache.clear();
    expect(heard).toEqual(['ADDED a a @10', 'DELETED a a @10']);
    expect(cache.scope(undefined).position).toBeUndefined();
  });
});
