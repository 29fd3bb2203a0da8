import { describe, expect, it } from 'vitest';
import { createObjectHistory, type ObjectIdentity, type ObjectMessage } from './object-history.ts';

const object = (name: string, uid: string, version: number): ObjectIdentity => ({
  name,
  uid,
  namespace: 'shop',
  resourceVersion: String(version),
});
const added = (...of: Parameters<typeof object>): ObjectMessage => ({ type: 'ADDED', object: object(...of) });
const modified = (...of: Parameters<typeof object>): ObjectMessage => ({ type: 'MODIFIED', object: object(...of) });
const deleted = (...of: Parameters<typeof object>): ObjectMessage => ({ type: 'DELETED', object: object(...of) });
const resync: ObjectMessage = { type: 'RESYNC', reason: 'CURSOR_EXPIRED' };
const snapshot: ObjectMessage = { type: 'SNAPSHOT' };

const historyOf = (messages: readonly ObjectMessage[]) => {
  const history = createObjectHistory({ name: 'a reader' });
  for (const message of messages) history.push(message);
  return history;
};

describe('createObjectHistory', () => {
  it.each<{ name: string; messages: ObjectMessage[]; there: ObjectIdentity[] }>([
    {
      name: 'a snapshot and changes',
      messages: [added('a', 'u1', 1), snapshot, modified('a', 'u1', 2), added('b', 'u2', 3), deleted('a', 'u1', 4)],
      there: [object('b', 'u2', 3)],
    },
    {
      name: 'a new object of an old name',
      messages: [added('a', 'u1', 1), deleted('a', 'u1', 2), added('a', 'u2', 3)],
      there: [object('a', 'u2', 3)],
    },
    {
      name: 'a deletion in the last state known',
      messages: [added('a', 'u1', 5), deleted('a', 'u1', 5)],
      there: [],
    },
    {
      name: 'an object that leaves a filter and comes back',
      messages: [added('a', 'u1', 1), deleted('a', 'u1', 1), added('a', 'u1', 3)],
      there: [object('a', 'u1', 3)],
    },
    {
      name: 'a RESYNC with a new snapshot',
      messages: [added('a', 'u1', 1), added('b', 'u2', 2), resync, added('b', 'u2', 2), snapshot],
      there: [object('b', 'u2', 2)],
    },
    {
      name: 'the end of what came and went unread',
      messages: [snapshot, deleted('a', 'u1', 3)],
      there: [],
    },
  ])('finds nothing wrong with $name', ({ messages, there }) => {
    expect(historyOf(messages).differenceFrom(there)).toBeUndefined();
  });

  it.each<{ name: string; messages: ObjectMessage[]; there?: ObjectIdentity[]; sentence: string }>([
    { name: 'twice new', messages: [added('a', 'u1', 1), added('a', 'u1', 2)], sentence: 'while it was already there' },
    {
      name: 'two of one name',
      messages: [added('a', 'u1', 1), added('a', 'u2', 2)],
      sentence: 'before u1, the earlier one of that name, was DELETED',
    },
    { name: 'a change of nothing', messages: [modified('a', 'u1', 1)], sentence: 'without ever having been ADDED' },
    {
      name: 'the same change twice',
      messages: [added('a', 'u1', 1), modified('a', 'u1', 2), modified('a', 'u1', 2)],
      sentence: 'twice in the same version',
    },
    {
      name: 'a change that is older',
      messages: [added('a', 'u1', 10), modified('a', 'u1', 9)],
      sentence: 'older than 10 that it had',
    },
    {
      name: 'a deletion that is older',
      messages: [added('a', 'u1', 10), deleted('a', 'u1', 9)],
      sentence: 'in a version older than 10',
    },
    {
      name: 'a second end',
      messages: [added('a', 'u1', 1), deleted('a', 'u1', 2), deleted('a', 'u1', 2)],
      sentence: 'while it was not there',
    },
    {
      name: 'a snapshot from the past',
      messages: [added('a', 'u1', 10), resync, added('a', 'u1', 9)],
      sentence: 'older than 10 that was told before',
    },
    { name: 'something lost', messages: [snapshot], there: [object('a', 'u1', 1)], sentence: 'does not know it' },
    {
      name: 'a change lost',
      messages: [added('a', 'u1', 1)],
      there: [object('a', 'u1', 2)],
      sentence: 'the subscriber knows shop/a u1 @1',
    },
    { name: 'a phantom', messages: [added('a', 'u1', 1)], there: [], sentence: 'still knows it' },
  ])('finds $name (refused)', ({ messages, there = [], sentence }) => {
    expect(historyOf(messages).differenceFrom(there)).toContain(sentence);
  });

  it('reports the first thing with every message about that object, and with what else is known of it', () => {
    const history = createObjectHistory({ name: 'a reader', explain: (uid) => `seed 7, ${uid}` });
    for (const message of [
      added('a', 'u1', 1),
      added('b', 'u2', 2),
      resync,
      modified('a', 'u1', 3),
      modified('c', 'u3', 4),
    ])
      history.push(message);
    expect(history.fault).toBe(
      [
        'a reader: shop/a u1 @3 was MODIFIED without ever having been ADDED.',
        'What it was told of shop/a, of 4 messages:',
        '  #0 ADDED shop/a u1 @1',
        '  #2 RESYNC',
        '  #3 MODIFIED shop/a u1 @3',
        'seed 7, u1',
      ].join('\n'),
    );
    expect([history.resyncs, history.length]).toEqual([['CURSOR_EXPIRED'], 5]);
  });
});
