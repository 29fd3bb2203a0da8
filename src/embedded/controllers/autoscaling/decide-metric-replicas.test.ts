import { describe, expect, it } from 'vitest';
import { decideMetricReplicas, MetricError, type MetricQuestion, type ScaledPod } from './decide-metric-replicas.ts';

const nowMs = 10_000_000;

function pod(name: string, changes: Partial<ScaledPod> = {}): ScaledPod {
  return {
    name,
    phase: 'Running',
    isDeleted: false,
    startedAtMs: 0,
    ready: { isTrue: true, isFalse: false, sinceMs: 0 },
    requestMilli: 1000,
    ...changes,
  };
}

/** Pods p0, p1 and so on; `milli` names what those with metrics use. */
function question(
  milli: readonly number[],
  pods: readonly ScaledPod[],
  changes: Partial<MetricQuestion> = {},
): MetricQuestion {
  return {
    pods,
    metrics: new Map(milli.map((each, index) => [`p${index}`, { milli: each, atMs: nowMs, windowMs: 15_000 }])),
    resource: 'cpu',
    currentReplicas: pods.length,
    target: { utilization: 50 },
    tolerances: { up: 0.1, down: 0.1 },
    nowMs,
    ...changes,
  };
}

const three = [pod('p0'), pod('p1'), pod('p2')];

describe('decideMetricReplicas', () => {
  it.each([
    ['grows with the use', question([1000, 1000, 1000], three), 6, 100],
    ['shrinks with the use', question([100, 100, 100], three), 1, 10],
    ['stays within the tolerance', question([540, 540, 540], three), 3, 54],
    ['counts whole percents', question([555, 555, 555], three), 3, 55],
    [
      'takes its own tolerance upwards',
      question([540, 540, 540], three, { tolerances: { up: 0.05, down: 0.1 } }),
      4,
      54,
    ],
    [
      'keeps an ended and a leaving pod out',
      question([1000, 900, 900], [pod('p0'), pod('p1', { phase: 'Failed' }), pod('p2', { isDeleted: true })]),
      2,
      100,
    ],
    [
      'takes a pending pod as idle when it grows',
      question([1000, 1000], [pod('p0'), pod('p1'), pod('p2', { phase: 'Pending' })]),
      4,
      100,
    ],
    [
      'stays when an idle pending pod turns it around',
      question([600], [pod('p0'), pod('p1', { phase: 'Pending' }), pod('p2', { phase: 'Pending' })]),
      3,
      60,
    ],
    ['takes a pod without metrics as fully used when it shrinks', question([100, 100], three), 3, 10],
    ['takes a pod without metrics as idle when it grows', question([2000, 2000], three), 8, 200],
    [
      'does not count a pod that was never ready',
      question(
        [1000, 1000],
        [
          pod('p0'),
          pod('p1', { startedAtMs: nowMs - 60_000, ready: { isTrue: false, isFalse: true, sinceMs: nowMs - 50_000 } }),
        ],
      ),
      2,
      100,
    ],
    [
      'does not count the first window of a young pod',
      question(
        [2000, 2000],
        [
          pod('p0'),
          pod('p1', { startedAtMs: nowMs - 60_000, ready: { isTrue: true, isFalse: false, sinceMs: nowMs - 10_000 } }),
        ],
      ),
      4,
      200,
    ],
    [
      'counts a memory metric at once',
      question([1000, 1000], [pod('p0'), pod('p1', { startedAtMs: nowMs, ready: undefined })], { resource: 'memory' }),
      4,
      100,
    ],
  ])('%s', (_what, asked, replicas, utilization) => {
    expect(decideMetricReplicas(asked)).toMatchObject({ replicas, utilization });
  });

  it('aims at an average value too', () => {
    const asked = question([300, 500, 700], three, { target: { averageMilli: 250 } });
    expect(decideMetricReplicas(asked)).toEqual({ replicas: 6, averageMilli: 500, utilization: undefined });
  });

  it.each([
    ['without pods', question([], []), 'no pods returned by selector while calculating replica count'],
    ['without metrics', question([], three), 'did not receive metrics for targeted pods (pods might be unready)'],
    [
      'where all pods are pending',
      question([], [pod('p0', { phase: 'Pending' })]),
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
  ])('gives no answer %s (refused)', (_what, asked, message) => {
    expect(() => decideMetricReplicas(asked)).toThrow(new MetricError(message));
  });
});
