import { describe, expect, it } from 'vitest';
import { checkNodeLabels, isInherentLabel, requireOwnLabels } from './node-labels.ts';

const unit = 'example.com/cell';

describe('isInherentLabel', () => {
  it.each([
    'kubernetes.io/hostname',
    'topology.kubernetes.io/zone',
    'node-role.kubernetes.io/control-plane',
    'beta.kubernetes.io/arch',
    'k8s.io/cluster-name',
    'node.cluster.x-k8s.io/machine',
    'cluster.k8s.io/machine',
    'longshore.dev/deployment-unit',
    unit,
  ])('is %s (CMP-28) (refused)', (key) => {
    // `x-k8s.io` is a domain of its own.
    expect(isInherentLabel(key, unit)).toBe(!key.includes('x-k8s.io'));
  });
  it.each([
    'disk',
    'example.com/disk',
    'notkubernetes.io/x',
    'node-restriction.kubernetes.io/fips',
    'node.kubernetes.io/exclude-from-external-load-balancers',
  ])("is not %s, which is the user's (CMP-28)", (key) => {
    expect(isInherentLabel(key, unit)).toBe(false);
  });
});

describe('labels of nodes', () => {
  it('are refused together where they come with the node (CMP-28) (refused)', () => {
    const change = {
      set: [
        { key: 'disk', value: 'ssd' },
        { key: unit, value: 'a' },
      ],
      remove: ['kubernetes.io/os'],
    };
    expect(() => requireOwnLabels(change, unit)).toThrow(/'example.com\/cell', 'kubernetes.io\/os'/);
    expect(() => requireOwnLabels({ set: [{ key: 'disk', value: 'ssd' }], remove: ['old'] }, unit)).not.toThrow();
  });
  it.each([
    ['nothing', { set: [], remove: [] }, 'empty'],
    [
      '10,000 labels',
      { set: Array.from({ length: 10_000 }, (_, at) => ({ key: `k${at}`, value: '' })), remove: [] },
      'too_many',
    ],
    ['a key of no form', { set: [{ key: 'a b', value: '' }], remove: [] }, 'invalid_key'],
    ['a value of no form', { set: [{ key: 'a', value: 'b c' }], remove: [] }, 'invalid_value'],
    ['a key twice', { set: [{ key: 'a', value: '' }], remove: ['a'] }, 'duplicate'],
    ['what kubectl keeps', { set: [{ key: 'apps.kruise.io/x', value: '' }], remove: [] }, 'reserved'],
  ])('are refused for %s, once (CMP-28) (bad input)', (_name, change, code) => {
    expect(checkNodeLabels(change, unit).map((issue) => issue.code)).toEqual([code]);
  });
  it('leaves those that come with the node to the rule that names them (CMP-28)', () => {
    expect(checkNodeLabels({ set: [], remove: ['longshore.dev/deployment-unit'] }, unit)).toEqual([]);
  });
});
