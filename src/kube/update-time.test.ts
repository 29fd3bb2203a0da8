import { describe, expect, it } from 'vitest';
import { originOf, takeIn } from './intake.ts';
import { kindRef } from './kind-ref.ts';
import { updateTimeOf } from './update-time.ts';
import { parseFrame } from './watch/watch-frame.ts';

const core = (kind: string, plural: string) => kindRef({ group: '', version: 'v1', kind, plural, isNamespaced: true });
const configMap = originOf('c', core('ConfigMap', 'configmaps'));
const secret = originOf('c', core('Secret', 'secrets'));
const pod = originOf('c', core('Pod', 'pods'));
const objectOf = (managedFields: unknown) => ({ metadata: { name: 'app', managedFields }, data: { a: 'Yg==' } });

describe('updateTimeOf (CMP-95)', () => {
  it.each([
    [
      'the newest',
      [{ time: '2026-01-02T00:00:00Z' }, { time: '2026-03-01T00:00:00Z' }, { time: '2025-12-31T23:59:59Z' }],
    ],
    ['the only', [{}, { time: '2026-03-01T00:00:00Z' }, { time: 7 }, { time: 'yesterday' }, null]],
  ])('is %s time of the managed fields', (_which, managedFields) => {
    for (const from of [configMap, secret]) {
      const object = takeIn(objectOf(managedFields), from);
      expect(updateTimeOf(object)).toBe(Date.UTC(2026, 2, 1));
      expect(JSON.stringify(object)).not.toMatch(/managedFields|2026/);
    }
  });

  it.each([
    [undefined],
    [[]],
    [[{ manager: 'a' }]],
    ['odd'],
    [null],
  ])('is not known by managed fields of %j (refused)', (managedFields) => {
    expect(updateTimeOf(takeIn(objectOf(managedFields), configMap))).toBeUndefined();
  });

  it('is known of what a watch tells, and is not looked for in kinds that nobody asks it of', () => {
    const frame = JSON.stringify({ type: 'MODIFIED', object: objectOf([{ time: '2026-03-01T00:00:00Z' }]) });
    const told = [configMap, pod].map((from) => takeIn(parseFrame(Buffer.from(frame), from)?.object, from));
    expect(told.map(updateTimeOf)).toEqual([Date.UTC(2026, 2, 1), undefined]);
  });
});
