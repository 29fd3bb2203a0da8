import fc from 'fast-check';
import { ForbiddenError, NotFoundError, type PodLogLine } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import { createFakeContainer } from '../../testing/fake-container.ts';
import { goneContainer } from './container-progress.ts';
import { type FollowContainerOptions, followContainer } from './follow-container.ts';
import type { LogEntry } from './log-entry.ts';
import { compareLogTimes } from './log-time.ts';

type FakeContainer = ReturnType<typeof createFakeContainer>;

function follow(container: FakeContainer, options: Partial<FollowContainerOptions> = {}) {
  const clock = createManualClock(Date.parse('2026-01-01T00:00:01Z'));
  const caller = new AbortController();
  const entries: LogEntry[] = [];
  const reading = (async () => {
    const log = followContainer({
      source: { pod: 'vote-0', uid: 'u1', container: 'web' },
      progress: container.progress,
      open: container.open,
      follow: true,
      previous: false,
      tail: undefined,
      since: undefined,
      after: undefined,
      clock,
      signal: caller.signal,
      ...options,
    });
    for await (const entry of log) entries.push(entry);
  })();
  const tell = () => entries.map(({ kind, run, text }) => `${kind} ${run} ${text}`.trim());
  return { entries, reading, clock, caller, tell };
}

/** A log of which not one line can be read. */
function failing(error: Error): AsyncIterable<PodLogLine> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function started(...texts: string[]): FakeContainer {
  const container = createFakeContainer();
  container.start();
  for (const text of texts) container.write(text);
  return container;
}

describe('followContainer', () => {
  it('waits for a container that has not begun, and ends when no run can come any more', async () => {
    const container = createFakeContainer();
    const log = follow(container);
    await settle();
    expect(container.opened).toEqual([]);
    container.start();
    container.write('one');
    await settle();
    container.stop(true);
    await log.reading;
    expect(log.tell()).toEqual(['LINE 0 one', 'ENDED 0 The container has ended']);
  });

  it('goes on with the next run, behind what the last one wrote in the end (P10)', async () => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.drop();
    container.write('last words');
    container.stop();
    container.start();
    container.write('again');
    await settle();
    log.clock.advance(5_000);
    await settle();
    container.stop(true);
    await log.reading;
    expect(log.tell()).toEqual(['LINE 0 one', 'LINE 0 last words', 'LINE 1 again', 'ENDED 1 The container has ended']);
  });

  it('says what may be missing where whole runs passed unread', async () => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.drop();
    for (const text of ['two', 'three', 'four']) {
      container.stop();
      container.start();
      container.write(text);
    }
    await settle();
    log.clock.advance(5_000);
    await settle();
    expect(log.tell()).toEqual(['LINE 0 one', 'GAP 2', 'LINE 2 three', 'LINE 3 four']);
    const [one, gap, three] = log.entries;
    expect(gap).toMatchObject({ missingSince: one?.time, time: three?.time });
    log.caller.abort();
    await log.reading;
  });

  it('says what may be missing where the log was rotated while nobody could read it', async () => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.drop();
    container.write('lost');
    container.rotate();
    container.write('three');
    await settle();
    log.clock.advance(5_000);
    await settle();
    expect(log.tell()).toEqual(['LINE 0 one', 'GAP 0', 'LINE 0 three']);
    log.caller.abort();
    await log.reading;
  });

  it('begins with the run before where that is asked for', async () => {
    const container = started('before');
    container.stop();
    container.start();
    container.write('now');
    const log = follow(container, { previous: true, follow: false });
    await log.reading;
    expect(log.tell()).toEqual(['LINE 0 before', 'LINE 1 now']);
  });

  it('begins with the newest lines, or those since a time', async () => {
    const container = started('one', 'two', 'three');
    const newest = follow(container, { tail: 1, follow: false });
    await newest.reading;
    expect(newest.tell()).toEqual(['LINE 0 three']);
    const since = follow(container, { since: container.written[1]?.time, follow: false });
    await since.reading;
    expect(since.tell()).toEqual(['LINE 0 two', 'LINE 0 three']);
  });

  it('asks for the newest lines once: of a run that comes later, and of one that is cut off, every line is new (P10)', async () => {
    const container = started('old');
    const log = follow(container, { tail: 0 });
    await settle();
    container.drop();
    container.write('while it was cut off', 3_000_000_000n);
    await settle();
    log.clock.advance(5_000);
    await settle();
    container.stop();
    container.start();
    container.write('the next run');
    await settle();
    expect(log.tell()).toEqual(['LINE 0 while it was cut off', 'LINE 1 the next run']);
    log.caller.abort();
    await log.reading;
  });

  it('loses nothing of a run that begins after one that was silent (P10)', async () => {
    const container = started('old');
    const log = follow(container, { tail: 0 });
    await settle();
    container.stop();
    container.start();
    container.write('one', 3_000_000_000n);
    container.write('two');
    await settle();
    expect(log.tell()).toEqual(['LINE 1 one', 'LINE 1 two']);
    log.caller.abort();
    await log.reading;
  });

  it('says what may be missing before it ends, where no line came that could tell it', async () => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.drop();
    for (const text of ['two', 'three']) {
      container.stop();
      container.start();
      container.write(text);
    }
    container.rotate();
    container.stop();
    container.start();
    container.rotate();
    container.stop(true);
    await settle();
    log.clock.advance(5_000);
    await log.reading;
    expect(log.tell()).toEqual(['LINE 0 one', 'GAP 3', 'ENDED 3 The container has ended']);
  });

  it.each([
    ['goes on in a next run', false, ['LINE 0 one', 'GAP 1', 'LINE 1 three', 'ENDED 1 The container has ended']],
    ['has ended', true, ['LINE 0 one', 'GAP 0', 'ENDED 0 The container has ended']],
  ])('says what may be missing of a run of which nothing is left, and that %s (P10)', async (_name, isFinal, told) => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.write('two');
    container.drop();
    container.rotate();
    container.stop(isFinal);
    if (!isFinal) container.start();
    await settle();
    log.clock.advance(5_000);
    await settle();
    if (!isFinal) {
      container.write('three');
      container.stop(true);
    }
    await log.reading;
    expect(log.tell()).toEqual(told);
  });

  it('asks again for the rest of a container that ended while its log was cut off (P10)', async () => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.drop();
    container.write('two');
    container.stop(true);
    await settle();
    log.clock.advance(5_000);
    await log.reading;
    expect(log.tell()).toEqual(['LINE 0 one', 'LINE 0 two', 'ENDED 0 The container has ended']);
  });

  it('says that a container whose pod went while it was asked again has ended, what may be missing, and not that it never ran', async () => {
    const container = started('one');
    const log = follow(container);
    await settle();
    container.drop();
    await settle();
    container.progress.set(goneContainer);
    log.clock.advance(5_000);
    await log.reading;
    expect(log.tell()).toEqual(['LINE 0 one', 'GAP 0', 'ENDED 0 The container has ended']);
  });

  it('ends the log of a pod that went before it was read, not the whole reading', async () => {
    const log = follow(started('one'), {
      follow: false,
      open: () => failing(new NotFoundError('There is no such pod')),
    });
    await log.reading;
    expect(log.tell()).toEqual(['ENDED 0 Its log is not there any more']);
  });

  it('goes on behind a line of a run before (P10)', async () => {
    const container = started('one', 'two');
    const first = follow(container, { follow: false });
    await first.reading;
    const [one] = first.entries;
    container.stop();
    container.start();
    container.write('three');
    const resumed = follow(container, { follow: false, after: one && { run: one.run, position: one.position } });
    await resumed.reading;
    expect(resumed.tell()).toEqual(['LINE 0 two', 'LINE 1 three']);
  });

  it('throws where the caller may not read it (refused)', async () => {
    const container = started('one');
    const log = follow(container, {
      open: () => failing(new ForbiddenError('no')),
    });
    await expect(log.reading).rejects.toThrow('no');
  });

  it('loses no line and doubles none over rotations, restarts and cuts, or says where (P10)', async () => {
    const action = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom<bigint[]>([1n], [0n, 0n], [400_000_000n], [1n, 700_000_000n, 0n], [3_000_000_000n]),
      },
      { weight: 2, arbitrary: fc.constant('rotate' as const) },
      { weight: 2, arbitrary: fc.constant('restart' as const) },
      { weight: 2, arbitrary: fc.constant('drop' as const) },
      { weight: 3, arbitrary: fc.constant('settle' as const) },
      { weight: 2, arbitrary: fc.constant('wait' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const container = started();
        const log = follow(container);
        await settle();
        const unknowable: PodLogLine[] = [];
        let count = 0;
        for (const step of actions) {
          if (Array.isArray(step)) for (const nanos of step) container.write(`line ${count++}`, nanos);
          else if (step === 'rotate') unknowable.push(...container.rotate());
          else if (step === 'drop') container.drop();
          else if (step === 'restart') {
            container.stop();
            container.start();
          } else {
            await settle();
            if (step === 'wait') log.clock.advance(5_000);
          }
        }
        for (let round = 0; round < 3; round += 1) {
          await settle();
          log.clock.advance(5_000);
        }
        container.write('the last');
        container.stop(true);
        await log.reading;
        check(container, log.entries, unknowable);
      }),
      { numRuns: 100 },
    );
  });
});

/** Every line once and in order; what is missing lies in a gap that was told. */
function check(container: FakeContainer, entries: readonly LogEntry[], unknowable: readonly PodLogLine[]): void {
  const lines = entries.filter(({ kind }) => kind === 'LINE').map(({ text }) => text);
  expect(new Set(lines).size).toBe(lines.length);
  expect(container.written.map(({ text }) => text).filter((text) => lines.includes(text))).toEqual(lines);
  const gaps = entries.filter(({ kind }) => kind === 'GAP');
  const untold = container.written.filter(
    (line) =>
      !lines.includes(line.text) &&
      !unknowable.includes(line) &&
      !gaps.some(
        (gap) =>
          (!gap.missingSince || compareLogTimes(line.time, gap.missingSince) >= 0) &&
          compareLogTimes(line.time, gap.time) <= 0,
      ),
  );
  expect(untold.map(({ text }) => text)).toEqual([]);
}
