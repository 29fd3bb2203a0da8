import { describe, expect, it } from 'vitest';
import { countOf, firstSeenOf, groupOf, lastSeenOf, matchesEventFilter, typeOfEvent } from './read-event.ts';

const created = '2026-01-31T12:00:00Z';
const event = (fields: object) =>
  ({ metadata: { name: 'e', creationTimestamp: created }, involvedObject: {}, ...fields }) as never;

describe('times and counts of an event', () => {
  it.each([
    {
      name: 'an old event',
      fields: { firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-02T00:00:00Z', count: 4 },
      expected: ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 4],
    },
    {
      name: 'a new event',
      fields: { eventTime: '2026-01-03T00:00:00.000001Z', firstTimestamp: null, lastTimestamp: null },
      expected: ['2026-01-03T00:00:00.000001Z', '2026-01-03T00:00:00.000001Z', 1],
    },
    {
      name: 'a new event that repeats',
      fields: { eventTime: '2026-01-03T00:00:00Z', series: { count: 7, lastObservedTime: '2026-01-04T00:00:00Z' } },
      expected: ['2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z', 7],
    },
    { name: 'an event without times', fields: {}, expected: [created, created, 1] },
  ])('reads $name', ({ fields, expected }) => {
    expect([firstSeenOf(event(fields)), lastSeenOf(event(fields)), countOf(event(fields))]).toEqual(expected);
  });

  it('knows the types and keeps what it does not know apart', () => {
    expect(['Normal', 'Warning', 'Odd', undefined].map((type) => typeOfEvent(event({ type })))).toEqual([
      'NORMAL',
      'WARNING',
      'UNKNOWN',
      'UNKNOWN',
    ]);
  });
});

describe('matchesEventFilter', () => {
  const involvedObject = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u1' };
  const seen = event({ type: 'Warning', reason: 'BackOff', lastTimestamp: '2026-01-02T00:00:00Z', involvedObject });

  it.each([
    [{}, true],
    [{ types: ['WARNING'] }, true],
    [{ types: ['NORMAL'] }, false],
    [{ types: [] }, false],
    [{ reasons: ['BackOff', 'Failed'] }, true],
    [{ reasons: ['Failed'] }, false],
    [{ since: new Date('2026-01-02T00:00:00Z') }, true],
    [{ since: new Date('2026-01-02T00:00:01Z') }, false],
    [{ involvedObject: { uid: 'u1' } }, true],
    [{ involvedObject: { uid: 'u2' } }, false],
    [{ involvedObject: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' } }, true],
    [{ involvedObject: { group: '', kind: 'Deployment' } }, false],
    [{ involvedObject: { kind: 'Pod' } }, false],
    [{ involvedObject: { name: 'we' } }, false],
    [{ involvedObject: { namespace: 'bank' } }, false],
  ] as const)('says of %j: %s', (filter, expected) => {
    expect(matchesEventFilter(filter as never)(seen)).toBe(expected);
  });
});

describe('groupOf', () => {
  it.each([
    ['v1', ''],
    ['apps/v1', 'apps'],
    [undefined, ''],
  ])('takes the group of %j', (apiVersion, group) => {
    expect(groupOf(apiVersion)).toBe(group);
  });
});
