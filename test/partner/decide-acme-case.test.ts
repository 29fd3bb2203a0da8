import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideAcmeCase,
  lookEveryMs,
  type SeenAcmeCase,
} from '../fixtures/acme-plugin/reconcilers/decide-acme-case.ts';

const hour = 3_600_000;
const seen = (over: Partial<SeenAcmeCase>): SeenAcmeCase => ({
  isOpen: true,
  pod: 'there',
  podGoneAtMs: undefined,
  nowMs: 10 * hour,
  closeAfterMs: hour,
  ...over,
});

describe('decideAcmeCase', () => {
  it.each([
    {
      name: 'does nothing about a closed case',
      over: { isOpen: false, pod: 'gone', podGoneAtMs: 0 },
      step: { do: 'nothing' },
    },
    { name: 'waits while the pod is there', over: {}, step: { do: 'wait', afterMs: lookEveryMs } },
    { name: 'notes that the pod is missed', over: { pod: 'gone' }, step: { do: 'note-gone', afterMs: lookEveryMs } },
    {
      name: 'comes back in time where cases are closed sooner than it looks',
      over: { pod: 'gone', closeAfterMs: 1_000 },
      step: { do: 'note-gone', afterMs: 1_000 },
    },
    {
      name: 'waits out the rest of the time',
      over: { pod: 'gone', podGoneAtMs: 9 * hour + 30_000 },
      step: { do: 'wait', afterMs: 30_000 },
    },
    { name: 'closes to the millisecond', over: { pod: 'gone', podGoneAtMs: 9 * hour }, step: { do: 'close' } },
    {
      name: 'does not close a millisecond early (refused)',
      over: { pod: 'gone', podGoneAtMs: 9 * hour + 1 },
      step: { do: 'wait', afterMs: 1 },
    },
    {
      name: 'forgets that the pod was missed when it is back',
      over: { podGoneAtMs: 0 },
      step: { do: 'note-back', afterMs: lookEveryMs },
    },
    {
      name: 'does not close while the cluster cannot be asked (refused)',
      over: { pod: 'unknown', podGoneAtMs: 0 },
      step: { do: 'wait', afterMs: lookEveryMs },
    },
  ] as const)('$name', ({ over, step }) => {
    expect(decideAcmeCase(seen(over))).toEqual(step);
  });

  it('never waits longer than it may, and closes only what is open and gone', () => {
    const anything = fc.record({
      isOpen: fc.boolean(),
      pod: fc.constantFrom('there' as const, 'gone' as const, 'unknown' as const),
      podGoneAtMs: fc.option(fc.nat(20 * hour), { nil: undefined }),
      nowMs: fc.nat(20 * hour),
      closeAfterMs: fc.integer({ min: 60_000, max: 10 * hour }),
    });
    void fc.assert(
      fc.property(anything, (input) => {
        const step = decideAcmeCase(input);
        if ('afterMs' in step) expect(step.afterMs).toBeGreaterThan(0);
        if ('afterMs' in step) expect(step.afterMs).toBeLessThanOrEqual(lookEveryMs);
        const isDue = input.podGoneAtMs !== undefined && input.nowMs - input.podGoneAtMs >= input.closeAfterMs;
        expect(step.do === 'close').toBe(input.isOpen && input.pod === 'gone' && isDue);
      }),
    );
  });
});
