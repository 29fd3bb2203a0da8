import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideFileBrowser, type SeenFileBrowser } from './decide-file-browser.ts';

const minute = 60_000;
const seen: SeenFileBrowser = {
  nowMs: 100 * minute,
  state: 'OPEN',
  hasEnded: false,
  claim: 'there',
  createdAtMs: 50 * minute,
  usedAtMs: 90 * minute,
  idleMs: 30 * minute,
};

describe('decideFileBrowser (STO-21)', () => {
  it.each([
    { name: 'waits while it is used', more: {}, step: { do: 'wait', afterMs: 5 * minute } },
    {
      name: 'comes back when it would be idle',
      more: { usedAtMs: 72 * minute },
      step: { do: 'wait', afterMs: 2 * minute },
    },
    { name: 'closes what is idle', more: { usedAtMs: 70 * minute }, step: { do: 'close' } },
    {
      name: 'never closes where the profile has no limit',
      more: { usedAtMs: 0, idleMs: undefined },
      step: { do: 'wait' },
    },
    { name: 'closes what holds up a deletion', more: { claim: 'going' }, step: { do: 'close' } },
    { name: 'closes what is left of a claim that is gone', more: { claim: 'gone' }, step: { do: 'close' } },
    { name: 'waits for one that opens', more: { state: 'OPENING', createdAtMs: 99 * minute }, step: { do: 'wait' } },
    {
      name: 'closes what does not open in ten minutes',
      more: { state: 'OPENING', createdAtMs: 90 * minute },
      step: { do: 'close' },
    },
    { name: 'lets a failure be seen', more: { state: 'FAILED', hasEnded: true }, step: { do: 'close' } },
    { name: 'leaves alone what is closing', more: { state: 'CLOSING', claim: 'gone' }, step: { do: 'wait' } },
  ] as const)('$name', ({ more, step }) => {
    expect(decideFileBrowser({ ...seen, ...more })).toMatchObject(step);
  });

  it('always comes back, and closes nothing that is open before its limit', () => {
    const ms = fc.integer({ min: 0, max: 200 * minute });
    const any = fc.record({
      nowMs: ms,
      state: fc.constantFrom('OPENING', 'OPEN', 'CLOSING', 'FAILED'),
      hasEnded: fc.boolean(),
      claim: fc.constantFrom('there', 'going', 'gone'),
      createdAtMs: ms,
      usedAtMs: ms,
      idleMs: fc.option(fc.integer({ min: minute, max: 100 * minute }), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, (given) => {
        const step = decideFileBrowser(given as SeenFileBrowser);
        if (step.do === 'wait') {
          expect(step.afterMs).toBeGreaterThanOrEqual(1_000);
          expect(step.afterMs).toBeLessThanOrEqual(5 * minute);
          return;
        }
        const isIdle = given.idleMs !== undefined && given.nowMs - given.usedAtMs >= given.idleMs;
        expect(given.state === 'OPEN' && given.claim === 'there' && !isIdle).toBe(false);
      }),
    );
  });
});
