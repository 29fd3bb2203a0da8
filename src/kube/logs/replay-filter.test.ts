import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodLogLine } from '../pod-logs.ts';
import { timeKey } from './parse-log-line.ts';
import { createReplayFilter } from './replay-filter.ts';

describe('timeKey', () => {
  it.each([
    ['2026-01-01T00:00:00.1Z', '2026-01-01T00:00:00.12Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000001Z'],
    ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:01Z'],
  ])('%s sorts before %s', (a, b) => {
    expect(timeKey(a) < timeKey(b)).toBe(true);
  });
});

describe('createReplayFilter', () => {
  it('lets every line through once, wherever the stream is cut and however far it goes back', () => {
    const gap = fc.constantFrom(0, 0, 1, 250_000_000, 999_999_999, 3_000_000_000);
    const entries = fc.array(fc.record({ gap, text: fc.constantFrom('a', 'b', 'c') }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(entries, fc.array(fc.nat(60), { maxLength: 4 }), (drafts, cuts) => {
        let nanos = 0;
        const log: PodLogLine[] = drafts.map((draft) => {
          nanos += draft.gap;
          const seconds = Math.floor(nanos / 1e9);
          const time = `2026-01-01T00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}.${String(nanos % 1e9).padStart(9, '0')}Z`;
          return { time, text: draft.text, isCut: false };
        });
        const filter = createReplayFilter();
        const delivered: PodLogLine[] = [];
        const feed = (lines: readonly PodLogLine[]) => {
          for (const line of lines) if (filter.isNew(line)) delivered.push(line);
        };
        for (const cut of [...cuts.map((at) => at % log.length).sort((a, b) => a - b), log.length]) {
          // A cluster resumes by whole seconds.
          const second = filter.lastTime?.slice(0, 19) ?? '';
          feed(log.slice(0, cut).filter((line) => line.time >= second));
          filter.resume();
        }
        expect(delivered).toEqual(log);
      }),
    );
  });
});
