import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideScaling,
  downscaleStabilizationMs,
  rememberChange,
  type ScalingHistory,
  type ScalingQuestion,
} from './decide-scaling.ts';

const nowMs = 10_000_000;
const none: ScalingHistory = { recommendations: [], ups: [], downs: [] };
const plainUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: 4, periodSeconds: 15 },
  ],
};
const plainDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function ask(currentReplicas: number, wantedReplicas: number, changes: Partial<ScalingQuestion> = {}): ScalingQuestion {
  return {
    currentReplicas,
    wantedReplicas,
    minReplicas: 1,
    maxReplicas: 20,
    behavior: undefined,
    history: none,
    nowMs,
    ...changes,
  };
}

const recommended = (...list: [secondsAgo: number, replicas: number][]): ScalingHistory => ({
  ...none,
  recommendations: list.map(([seconds, replicas]) => ({ replicas, atMs: nowMs - seconds * 1000 })),
});

describe('decideScaling', () => {
  it.each([
    ['does what is wanted', ask(3, 5), 5, 'ReadyForNewScale', 'DesiredWithinRange', false],
    ['goes up to the maximum', ask(15, 40), 20, 'ReadyForNewScale', 'TooManyReplicas', true],
    ['goes down to the minimum', ask(3, 1, { minReplicas: 2 }), 2, 'ReadyForNewScale', 'TooFewReplicas', true],
    ['at most doubles', ask(5, 18), 10, 'ReadyForNewScale', 'ScaleUpLimit', true],
    ['reaches four at once', ask(1, 9), 4, 'ReadyForNewScale', 'ScaleUpLimit', true],
    [
      'keeps the highest of five minutes',
      ask(6, 2, { history: recommended([299, 5], [10, 3]) }),
      5,
      'ScaleDownStabilized',
      'DesiredWithinRange',
      false,
    ],
    [
      'forgets what is older',
      ask(6, 2, { history: recommended([301, 5]) }),
      2,
      'ReadyForNewScale',
      'DesiredWithinRange',
      false,
    ],
    [
      'keeps a window of its own downwards',
      ask(6, 2, {
        behavior: { scaleUp: plainUp, scaleDown: { ...plainDown, stabilizationWindowSeconds: 60 } },
        history: recommended([61, 6], [30, 4]),
      }),
      4,
      'ScaleDownStabilized',
      'DesiredWithinRange',
      false,
    ],
    [
      'keeps a window upwards',
      ask(3, 9, {
        behavior: { scaleUp: { ...plainUp, stabilizationWindowSeconds: 60 }, scaleDown: plainDown },
        history: recommended([30, 4]),
      }),
      4,
      'ScaleUpStabilized',
      'DesiredWithinRange',
      false,
    ],
    [
      'waits for five minutes downwards where the behavior leaves that open',
      ask(6, 2, { behavior: { scaleUp: plainUp, scaleDown: plainDown }, history: recommended([200, 6]) }),
      6,
      'ScaleDownStabilized',
      'DesiredWithinRange',
      false,
    ],
    [
      'takes the larger policy upwards',
      ask(3, 20, { behavior: { scaleUp: plainUp, scaleDown: plainDown } }),
      7,
      'ReadyForNewScale',
      'ScaleUpLimit',
      true,
    ],
    [
      'takes the smaller policy upwards',
      ask(3, 20, { behavior: { scaleUp: { ...plainUp, selectPolicy: 'Min' }, scaleDown: plainDown } }),
      6,
      'ReadyForNewScale',
      'ScaleUpLimit',
      true,
    ],
    [
      'does not go up when that is disabled',
      ask(3, 20, { behavior: { scaleUp: { ...plainUp, selectPolicy: 'Disabled' }, scaleDown: plainDown } }),
      3,
      'ReadyForNewScale',
      'ScaleUpLimit',
      true,
    ],
    [
      'counts what it added in the period',
      ask(7, 20, {
        behavior: { scaleUp: plainUp, scaleDown: plainDown },
        history: { ...none, ups: [{ change: 4, atMs: nowMs - 14_000 }] },
      }),
      7,
      'ReadyForNewScale',
      'ScaleUpLimit',
      true,
    ],
    [
      'removes no more pods than the policy says',
      ask(10, 1, {
        behavior: {
          scaleUp: plainUp,
          scaleDown: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [
              { type: 'Pods', value: 2, periodSeconds: 60 },
              { type: 'Percent', value: 10, periodSeconds: 60 },
            ],
          },
        },
      }),
      8,
      'ReadyForNewScale',
      'ScaleDownLimit',
      true,
    ],
    [
      'removes the fewest pods with Min',
      ask(10, 1, {
        behavior: {
          scaleUp: plainUp,
          scaleDown: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Min',
            policies: [
              { type: 'Pods', value: 2, periodSeconds: 60 },
              { type: 'Percent', value: 10, periodSeconds: 60 },
            ],
          },
        },
      }),
      9,
      'ReadyForNewScale',
      'ScaleDownLimit',
      true,
    ],
  ])('%s', (_what, question, replicas, able, limited, isLimited) => {
    const decision = decideScaling(question);
    expect([
      decision.replicas,
      decision.ableToScale.reason,
      decision.scalingLimited.reason,
      decision.scalingLimited.isLimited,
    ]).toEqual([replicas, able, limited, isLimited]);
  });

  const rules = fc.record(
    {
      stabilizationWindowSeconds: fc.integer({ min: 0, max: 3600 }),
      selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
      policies: fc.array(
        fc.record({
          type: fc.constantFrom('Pods', 'Percent'),
          value: fc.integer({ min: 1, max: 300 }),
          periodSeconds: fc.integer({ min: 1, max: 1800 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    },
    { requiredKeys: ['selectPolicy', 'policies'] },
  );
  const events = fc.array(fc.record({ change: fc.nat(20), atMs: fc.integer({ min: nowMs - 4_000_000, max: nowMs }) }), {
    maxLength: 5,
  });
  const questions = fc
    .record({
      bounds: fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(50), fc.nat(1000)),
      wantedReplicas: fc.nat(200),
      behavior: fc.option(fc.record({ scaleUp: rules, scaleDown: rules }), { nil: undefined }),
      recommendations: fc.array(
        fc.record({ replicas: fc.nat(100), atMs: fc.integer({ min: nowMs - 4_000_000, max: nowMs }) }),
        { maxLength: 10 },
      ),
      ups: events,
      downs: events,
    })
    .map(
      ({ bounds: [min, more, at], wantedReplicas, behavior, recommendations, ups, downs }): ScalingQuestion => ({
        minReplicas: min,
        maxReplicas: min + more,
        currentReplicas: min + (at % (more + 1)),
        wantedReplicas,
        behavior,
        history: { recommendations, ups, downs },
        nowMs,
      }),
    );

  it('never leaves the bounds', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { replicas } = decideScaling(question);
        expect(replicas).toBeGreaterThanOrEqual(question.minReplicas);
        expect(replicas).toBeLessThanOrEqual(question.maxReplicas);
      }),
    );
  });

  it('never goes down below the highest recommendation of the window', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { replicas } = decideScaling(question);
        const seconds = question.behavior?.scaleDown?.stabilizationWindowSeconds;
        const windowMs = seconds === undefined ? downscaleStabilizationMs : seconds * 1000;
        const highest = Math.max(
          question.wantedReplicas,
          ...question.history.recommendations
            .filter(({ atMs }) => atMs > nowMs - windowMs)
            .map((each) => each.replicas),
        );
        if (replicas < question.currentReplicas)
          expect(replicas).toBeGreaterThanOrEqual(Math.min(highest, question.maxReplicas));
      }),
    );
  });

  it('remembers no longer than any rule looks back', () => {
    const old = recommended([3_700, 5], [10, 4]);
    expect(decideScaling(ask(3, 3, { history: old })).history.recommendations).toHaveLength(2);
    expect(rememberChange({ ...none, downs: [{ change: 1, atMs: 0 }] }, 3, 1, nowMs).downs).toEqual([
      { change: 2, atMs: nowMs },
    ]);
  });
});
