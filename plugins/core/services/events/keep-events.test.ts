import fc from 'fast-check';
import { type Cluster, origin, type Profile } from 'longshore/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import type { KubernetesEventObject } from '../../api.ts';
import { eventsKeepMost } from '../../profile-keys/events.ts';
import { events } from '../../tables.ts';
import { createEventHistory, type EventHistory } from './event-history.ts';
import { eventRow, maxObjectBytes } from './event-row.ts';
import { type EventRetention, forgetOldEvents } from './forget-old-events.ts';
import { keepEvents } from './keep-events.ts';
import type { EventPlace } from './where-events.ts';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const place = { cluster: 'east', nowMs };

let database: TestDatabase;
let history: EventHistory;
beforeAll(async () => {
  database = await openTestDatabase();
  history = createEventHistory({ database, topics: { cursorNow: () => Promise.reject(new Error('not asked for')) } });
});
beforeEach(() => database.empty());
afterAll(() => database.close());

function eventOf(uid: string, fields: Record<string, unknown> = {}): KubernetesEventObject {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `event-${uid}`,
      namespace: 'shop',
      uid,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T11:00:00Z',
    },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u-web' },
    type: 'Normal',
    reason: 'Scaled',
    ...fields,
  };
  Object.defineProperty(event, origin, { value: { cluster: 'east', group: '', version: 'v1', kind: 'Event' } });
  return event as unknown as KubernetesEventObject;
}

const keep = (...told: KubernetesEventObject[]) => database.transaction((tx) => keepEvents(tx, told, place));
const kept = () => database.db.select().from(events).orderBy(events.uid);

describe('keepEvents (CMP-107)', () => {
  it('keeps one row for an event, however often it is told, in its last state', async () => {
    await keep(eventOf('a', { count: 1 }), eventOf('b'), eventOf('a', { count: 2 }));
    await keep(eventOf('a', { count: 7, type: 'Warning', lastTimestamp: '2026-01-01T11:59:00Z' }));
    const [a, b, ...more] = await kept();
    expect(more).toEqual([]);
    expect(a).toMatchObject({
      uid: 'a',
      type: 'WARNING',
      count: 7,
      involvedGroup: 'apps',
      involvedName: 'web',
      firstSeenAt: new Date('2026-01-01T11:00:00Z'),
      lastSeenAt: new Date('2026-01-01T11:59:00Z'),
      object: { count: 7 },
    });
    expect(b).toMatchObject({ uid: 'b', count: 1, type: 'NORMAL' });
  });

  it('keeps one row of events whose uids cannot be told apart', async () => {
    await keep(eventOf('\0'), eventOf('\ud800'), eventOf('\u{fffd}', { count: 3 }));
    expect(await kept()).toMatchObject([{ uid: '\u{fffd}', count: 3 }]);
  });

  it('takes more in one go than fit in a statement', async () => {
    await keep(...Array.from({ length: 600 }, (_, index) => eventOf(String(index))));
    expect(await kept()).toHaveLength(600);
  });

  it('takes whatever a cluster sends: what it cannot keep would hold up everything behind it', async () => {
    const odd = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('a\0b\ud800'), fc.constant(null));
    const time = fc.oneof(fc.constantFrom('', 'soon', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z'), odd);
    const number = fc.oneof(fc.double(), fc.constantFrom(2 ** 40, -1, null));
    const fields = fc.record({
      ...{ type: odd, reason: odd, message: odd, reportingComponent: odd },
      ...{ lastTimestamp: time, firstTimestamp: time, eventTime: time, count: number },
      series: fc.option(fc.record({ count: number, lastObservedTime: time })),
      involvedObject: fc.oneof(fc.record({ apiVersion: odd, kind: odd, name: odd, uid: odd }), fc.constant(undefined)),
    });
    const some = fc.sample(fields, 60);
    await keep(...some.map((each, index) => eventOf(String(index), each)));
    expect(await kept()).toHaveLength(some.length);
  });

  it('keeps what is too large without its notes, and of the rest what tells what happened', () => {
    const noted = eventOf('a', { message: 'm'.repeat(5_000) });
    Object.assign(noted.metadata, { annotations: { note: 'x'.repeat(50_000) } });
    const large = eventOf('b', { message: '\u{1f6a2}'.repeat(50_000), related: { name: 'y'.repeat(90_000) } });
    for (const event of [noted, large]) {
      const { object, message } = eventRow(event, 'east', nowMs);
      expect(Buffer.byteLength(JSON.stringify(object))).toBeLessThanOrEqual(maxObjectBytes);
      expect(object).toMatchObject({
        reason: 'Scaled',
        metadata: { uid: event.metadata.uid, name: event.metadata.name },
      });
      expect(message).toHaveLength(4_096);
    }
  });
});

describe('createEventHistory (CMP-107)', () => {
  it('asks for more namespaces than a statement takes parameters', async () => {
    await keep(eventOf('a'));
    const names = Array.from({ length: 70_000 }, (_, index) => `space-${index}`);
    const total = (namespaces: EventPlace['namespaces']) =>
      history.total({ places: [{ cluster: 'east', namespaces, since: undefined, withPast: false }] });
    expect(await total({ only: names })).toBe(0);
    expect(await total({ only: [...names, 'shop'] })).toBe(1);
    expect(await total({ except: names })).toBe(1);
    expect(await total({ except: [...names, 'shop'] })).toBe(0);
  });
});

describe('forgetOldEvents (CON-32)', () => {
  interface Kept {
    readonly keepDays: number | null;
    readonly keepMost: number;
    /** What the workspaces of namespaces say instead; undefined: a profile that is not there. */
    readonly own?: Readonly<Record<string, number | null | undefined>>;
  }
  const profilesOf = ({ keepDays, keepMost, own = {} }: Kept): EventRetention['profiles'] => ({
    at: ({ namespace = '' }) => {
      const days = namespace in own ? own[namespace] : keepDays;
      return {
        get: (key: { readonly name: string }) => (key === eventsKeepMost ? keepMost : days),
      } as unknown as Profile;
    },
    unknownAt: ({ namespace = '' }) => (namespace in own && own[namespace] === undefined ? 'gone' : undefined),
  });
  const daysAgo = (days: number) => new Date(nowMs - days * 86_400_000).toISOString();
  const forget = (kept: Kept, isRead = true) =>
    forgetOldEvents(
      {
        database,
        clusters: { all: [{ name: 'east' } as Cluster] },
        profiles: profilesOf(kept),
        history,
        profiledWorkspaces: () => (isRead ? [] : undefined),
      },
      { now: () => nowMs },
      undefined,
    );

  it.each([
    { name: 'older than the profile keeps', keepDays: 30, keepMost: 100, left: ['a', 'b'] },
    { name: 'more than the profile keeps, oldest first', keepDays: null, keepMost: 1, left: ['a'] },
    { name: 'too much, which is nothing where there is room', keepDays: null, keepMost: 3, left: ['a', 'b', 'c'] },
  ])('drops what is $name', async ({ keepDays, keepMost, left }) => {
    await keep(
      eventOf('a', { lastTimestamp: daysAgo(0) }),
      eventOf('b', { lastTimestamp: daysAgo(29) }),
      eventOf('c', { lastTimestamp: daysAgo(31) }),
    );
    expect(await forget({ keepDays, keepMost })).toBe(3 - left.length);
    expect((await kept()).map(({ uid }) => uid)).toEqual(left);
  });

  it('keeps those of a namespace for as long as the profile of its workspace says, whatever the cluster’s says', async () => {
    const old = { lastTimestamp: daysAgo(31) };
    for (const namespace of ['bank', 'lost', 'shop', 'short']) {
      const event = eventOf(namespace, namespace === 'short' ? { lastTimestamp: daysAgo(8) } : old);
      await keep({ ...event, metadata: { ...event.metadata, namespace } });
    }
    const own = { bank: null, lost: undefined, short: 7 };
    expect(await forget({ keepDays: 30, keepMost: 100, own }, false)).toBe(0);
    expect(await forget({ keepDays: 30, keepMost: 100, own })).toBe(2);
    expect((await kept()).map(({ uid }) => uid)).toEqual(['bank', 'lost']);
  });
});
