import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { ContainerLog, keptLines } from './container-log.ts';
import { type LogScript, line } from './log-script.ts';

function* everySecond(): LogScript {
  for (let count = 0; ; count += 1) yield line(count === 0 ? 0 : 1_000, `line ${count}`);
}

function* burst(): LogScript {
  for (let count = 0; count < 3; count += 1) yield line(0, `line ${count}`);
}

describe('ContainerLog', () => {
  it('holds what has been written until now, with rising times', () => {
    const clock = createManualClock();
    const log = new ContainerLog(everySecond(), clock, 1);
    clock.advance(2_500);
    expect(log.lines()).toEqual([
      { time: '2026-01-01T00:00:00.000000000Z', text: 'line 0' },
      { time: '2026-01-01T00:00:01.000000000Z', text: 'line 1' },
      { time: '2026-01-01T00:00:02.000000000Z', text: 'line 2' },
    ]);
    const together = new ContainerLog(burst(), clock, 1).lines().map(({ time }) => time);
    expect(new Set(together).size).toBe(3);
    expect([...together].sort()).toEqual(together);
  });

  it('delivers later lines to a follower, exactly once, until the container ends', () => {
    const clock = createManualClock();
    const log = new ContainerLog(everySecond(), clock, 1);
    clock.advance(1_500);
    const before = log.lines().length;
    const heard: string[] = [];
    let ends = 0;
    log.follow(
      ({ text }) => heard.push(text),
      () => {
        ends += 1;
      },
    );
    clock.advance(2_000);
    log.close([line(0, 'goodbye')]);
    clock.advance(5_000);
    expect(before).toBe(2);
    expect(heard).toEqual(['line 2', 'line 3', 'goodbye']);
    expect(ends).toBe(1);
    expect(log.lines().at(-1)?.text).toBe('goodbye');
  });

  it('goes on behind the line that was read, though the clock moved before the follower came', () => {
    const clock = createManualClock();
    const log = new ContainerLog(everySecond(), clock, 1);
    clock.advance(1_500);
    const read = log.lines();
    clock.advance(2_000);
    const heard: string[] = [];
    log.follow(
      ({ text }) => heard.push(text),
      () => undefined,
      read.at(-1)?.time,
    );
    clock.advance(1_000);
    expect([...read.map(({ text }) => text), ...heard]).toEqual(log.lines().map(({ text }) => text));
    expect(heard).toHaveLength(3);
  });

  it('tells a follower that comes too late of the end (refused)', () => {
    const clock = createManualClock();
    const log = new ContainerLog(everySecond(), clock, 1);
    log.close([]);
    let hasEnded = false;
    const stop = log.follow(
      () => undefined,
      () => {
        hasEnded = true;
      },
    );
    expect(hasEnded).toBe(false);
    clock.advance(0);
    expect(hasEnded).toBe(true);
    stop();
  });

  it('delivers nothing after the follower has stopped (refused)', () => {
    const clock = createManualClock();
    const log = new ContainerLog(everySecond(), clock, 1);
    const heard: string[] = [];
    const stop = log.follow(
      ({ text }) => heard.push(text),
      () => undefined,
    );
    clock.advance(1_000);
    stop();
    clock.advance(10_000);
    expect(heard).toEqual(['line 1']);
  });

  it('keeps the newest lines after weeks of silence, in bounded work', () => {
    const clock = createManualClock();
    let steps = 0;
    function* counted(): LogScript {
      for (const scripted of everySecond()) {
        steps += 1;
        yield scripted;
      }
    }
    const log = new ContainerLog(counted(), clock, 1);
    clock.advance(30 * 24 * 3_600_000);
    const times = log.lines().map(({ time }) => time.slice(0, 19));
    expect(times).toHaveLength(keptLines);
    expect(Date.parse(`${times.at(-1)}Z`)).toBeGreaterThan(clock.now() - 2_000);
    // No gap in what is kept.
    expect(times.at(0)?.slice(0, 13)).toBe('2026-01-30T23');
    expect(steps).toBeLessThan(10_000);
  });

  it('writes nothing when the container ends unseen, and all of it when somebody looks later', () => {
    const clock = createManualClock();
    let texts = 0;
    function* counted(): LogScript {
      for (const { afterMs, text } of everySecond()) {
        yield {
          afterMs,
          text: (atMs) => {
            texts += 1;
            return text(atMs);
          },
        };
      }
    }
    const log = new ContainerLog(counted(), clock, 1);
    clock.advance(2_500);
    log.close([line(0, 'goodbye')]);
    expect(texts).toBe(0);
    clock.advance(60_000);
    expect(log.lines().map(({ text }) => text)).toEqual(['line 0', 'line 1', 'line 2', 'goodbye']);
    expect(log.lines().at(-1)?.time).toBe('2026-01-01T00:00:02.500000000Z');
  });
});
