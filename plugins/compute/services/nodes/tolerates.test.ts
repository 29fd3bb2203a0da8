import { describe, expect, it } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { hasToGo, toleratesTaint } from './tolerates.ts';

const pod = (...tolerations: object[]) => makePod({ spec: { containers: [], tolerations } });
const taint = { key: 'gpu', value: 'yes', effect: 'NoExecute' };

describe('toleratesTaint', () => {
  it.each([
    ['the same key, value and effect', { key: 'gpu', value: 'yes', effect: 'NoExecute' }, true],
    ['any effect', { key: 'gpu', operator: 'Equal', value: 'yes' }, true],
    ['any value', { key: 'gpu', operator: 'Exists' }, true],
    ['everything', { operator: 'Exists' }, true],
    ['another value', { key: 'gpu', value: 'no' }, false],
    ['another key', { key: 'cpu', operator: 'Exists' }, false],
    ['another effect', { key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }, false],
    ['no key without Exists', { value: 'yes' }, false],
    ['an operator of tomorrow', { key: 'gpu', operator: 'Gt', value: '1' }, false],
  ])('reads a toleration of %s as the API server does (CMP-29)', (_name, toleration, expected) => {
    expect(toleratesTaint(pod(toleration), taint)).toBe(expected);
  });
});

describe('hasToGo', () => {
  it('is of pods that do not put up with NoExecute, or only for a while (CMP-29)', () => {
    expect(hasToGo(pod(), taint)).toBe(true);
    expect(hasToGo(pod({ key: 'gpu', operator: 'Exists', tolerationSeconds: 60 }), taint)).toBe(true);
    expect(hasToGo(pod({ key: 'gpu', operator: 'Exists' }), taint)).toBe(false);
  });
  it('is of no pod for the other effects (CMP-29) (refused)', () => {
    expect(['NoSchedule', 'PreferNoSchedule'].map((effect) => hasToGo(pod(), { ...taint, effect }))).toEqual([
      false,
      false,
    ]);
  });
});
