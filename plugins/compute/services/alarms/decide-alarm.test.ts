import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate, decideAlarm, isMet, type SeenAlarm } from './decide-alarm.ts';

const rule = {
  metric: 'CPU_MILLICORES',
  aggregation: 'AVERAGE',
  comparison: 'AT_LEAST',
  threshold: 80,
  durationSeconds: 60,
  eventReasons: [],
} as const;
const quiet: SeenAlarm = {
  nowMs: 1_000_000,
  rule,
  isEnabled: true,
  measured: { is: 'VALUE', value: 10 },
  holdsSinceMs: undefined,
  isFiring: false,
  lastFiredMs: undefined,
  quietSeconds: 0,
  silencedUntilMs: undefined,
};
const high = { is: 'VALUE', value: 90 } as const;
const held: SeenAlarm = { ...quiet, measured: high, holdsSinceMs: quiet.nowMs - 60_000 };

describe('decideAlarm', () => {
  it.each<{ name: string; seen: SeenAlarm; does: string; holdsSinceMs: number | undefined }>([
    { name: 'does nothing while nothing holds', seen: quiet, does: 'nothing', holdsSinceMs: undefined },
    {
      name: 'waits when the condition begins to hold',
      seen: { ...quiet, measured: high },
      does: 'nothing',
      holdsSinceMs: 1_000_000,
    },
    { name: 'fires once it has held for its time', seen: held, does: 'fire', holdsSinceMs: 940_000 },
    {
      name: 'waits a moment before that',
      seen: { ...held, holdsSinceMs: 940_001 },
      does: 'nothing',
      holdsSinceMs: 940_001,
    },
    {
      name: 'fires once, not again while it goes on',
      seen: { ...held, isFiring: true },
      does: 'nothing',
      holdsSinceMs: 940_000,
    },
    {
      name: 'resolves when it holds no more',
      seen: { ...quiet, isFiring: true },
      does: 'resolve',
      holdsSinceMs: undefined,
    },
    {
      name: 'begins anew after a break',
      seen: { ...quiet, holdsSinceMs: 1 },
      does: 'nothing',
      holdsSinceMs: undefined,
    },
    {
      name: 'leaves all as it is where nobody can tell',
      seen: { ...held, measured: { is: 'UNKNOWN', problem: 'away' }, isFiring: true },
      does: 'nothing',
      holdsSinceMs: 940_000,
    },
    {
      name: 'resolves when there is nothing left to measure',
      seen: { ...held, measured: { is: 'NOTHING', problem: null }, isFiring: true },
      does: 'resolve',
      holdsSinceMs: undefined,
    },
    {
      name: 'does not fire where there is nothing to measure (refused)',
      seen: { ...held, rule: { ...rule, comparison: 'BELOW' }, measured: { is: 'NOTHING', problem: null } },
      does: 'nothing',
      holdsSinceMs: undefined,
    },
    {
      name: 'is silent while it is silenced',
      seen: { ...held, silencedUntilMs: 1_000_001 },
      does: 'nothing',
      holdsSinceMs: 940_000,
    },
    {
      name: 'fires when the silence is over',
      seen: { ...held, silencedUntilMs: 1_000_000 },
      does: 'fire',
      holdsSinceMs: 940_000,
    },
    {
      name: 'is quiet for a while after the last one',
      seen: { ...held, lastFiredMs: 990_000, quietSeconds: 60 },
      does: 'nothing',
      holdsSinceMs: 940_000,
    },
    {
      name: 'resolves when it is switched off',
      seen: { ...held, isEnabled: false, isFiring: true },
      does: 'resolve',
      holdsSinceMs: undefined,
    },
    {
      name: 'counts events without waiting again',
      seen: { ...quiet, measured: high, rule: { ...rule, metric: 'WARNING_EVENTS' } },
      does: 'fire',
      holdsSinceMs: 1_000_000,
    },
  ])('$name (CMP-64)', ({ seen, does, holdsSinceMs }) => {
    expect(decideAlarm(seen)).toEqual({ do: does, holdsSinceMs });
  });

  it('never fires what is firing, and never resolves what is not (CMP-64)', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.oneof(
          fc.integer({ min: 0, max: 200 }).map((value) => ({ is: 'VALUE' as const, value })),
          fc.constant({ is: 'UNKNOWN' as const, problem: 'away' }),
          fc.constant({ is: 'NOTHING' as const, problem: null }),
        ),
        (isFiring, isEnabled, measured) => {
          const { do: does } = decideAlarm({ ...held, isFiring, isEnabled, measured });
          expect(does).not.toBe(isFiring ? 'fire' : 'resolve');
        },
      ),
    );
  });
});

describe('isMet', () => {
  it.each([
    ['ABOVE', [false, false, true]],
    ['AT_LEAST', [false, true, true]],
    ['BELOW', [true, false, false]],
    ['AT_MOST', [true, true, false]],
  ] as const)('%s a threshold of 5 says of 4, 5 and 6: %s', (comparison, expected) => {
    expect([4, 5, 6].map((value) => isMet({ comparison, threshold: 5 }, value))).toEqual(expected);
  });
});

describe('aggregate', () => {
  it.each([
    ['AVERAGE', [1, 2, 6], 3],
    ['MAXIMUM', [1, 2, 6], 6],
    ['SUM', [1, 2, 6], 9],
    ['AVERAGE', [], undefined],
  ] as const)('%s of %s is %s', (aggregation, values, expected) => {
    expect(aggregate(aggregation, values)).toBe(expected);
  });
});
