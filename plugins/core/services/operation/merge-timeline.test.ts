import fc from 'fast-check';
import { pageOfEntries, type TimelineEntry } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import {
  behindOf,
  encodeTimelineCursor,
  mergeTimeline,
  parseTimelineCursor,
  type TimelinePosition,
} from './merge-timeline.ts';

const entry = (ms: number, key: string): TimelineEntry => ({ at: new Date(ms), key, title: key, isProblem: false });

/** As the root field asks: each source for its first ones behind the cursor. */
function page(sources: ReadonlyMap<string, readonly TimelineEntry[]>, first: number, after?: TimelinePosition) {
  const loaded = [...sources].map(
    ([name, entries]) => [name, pageOfEntries(entries, { first: first + 1, behind: behindOf(name, after) })] as const,
  );
  return mergeTimeline(new Map(loaded), first);
}

describe('mergeTimeline', () => {
  it('neither repeats nor skips an entry, whatever sources share a moment and however long the page is (CORE-20)', () => {
    const entries = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.string({ maxLength: 3 })), {
        selector: ([, key]) => key,
        maxLength: 12,
      })
      .map((all) => all.map(([ms, key]) => entry(ms, key)));
    fc.assert(
      fc.property(entries, entries, entries, fc.integer({ min: 1, max: 4 }), (one, two, three, first) => {
        const sources = new Map([
          ['B', one],
          ['A', two],
          ['C', three],
        ]);
        const whole = mergeTimeline(sources, 100).entries.map(({ source, key }) => `${source} ${key}`);
        const walked: string[] = [];
        let after: TimelinePosition | undefined;
        for (;;) {
          const { entries: found, hasMore } = page(sources, first, after);
          walked.push(...found.map(({ source, key }) => `${source} ${key}`));
          const last = found.at(-1);
          if (!hasMore || !last) break;
          after = parseTimelineCursor(encodeTimelineCursor(last));
        }
        expect(walked).toEqual(whole);
        expect(new Set(walked).size).toBe(one.length + two.length + three.length);
      }),
    );
  });

  it('shifts no page where newer entries come', () => {
    const old = [entry(1, 'a'), entry(2, 'b'), entry(3, 'c')];
    const [, second] = page(new Map([['A', old]]), 2).entries;
    const grown = new Map([['A', [...old, entry(9, 'z')]]]);
    expect(page(grown, 2, second).entries.map(({ key }) => key)).toEqual(['a']);
  });
});

describe('the cursor of timeline', () => {
  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    '',
    '%%%',
    'x'.repeat(2_000),
    forged({}),
    forged(['timeline', 'yesterday', 'A', 'k']),
    forged(['timeline', '2026-01-01', 5, 'k']),
  ])('refuses %j', (cursor) => {
    expect(() => parseTimelineCursor(cursor)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
