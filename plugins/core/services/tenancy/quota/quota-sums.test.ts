import { describe, expect, it } from 'vitest';
import { checkQuota, toKeptQuota } from './check-quota.ts';
import { findExcess, findUnlimited, leftOf, sumQuotas } from './quota-sums.ts';

describe('leftOf', () => {
  it.each([
    [
      { storage: '10Gi', persistentVolumeClaims: '3' },
      { storage: '1Gi' },
      { storage: '9Gi', persistentVolumeClaims: '3' },
    ],
    [{ cpu: '2' }, { cpu: '1500m', memory: '1Gi' }, { cpu: '500m' }],
    [{ pods: '2' }, { pods: '5' }, { pods: '0' }],
    [{}, { pods: '5' }, {}],
  ])('of %o where %o is used is %o (CORE-05, STO-14)', (quota, used, left) => {
    expect(leftOf(quota, used)).toEqual(left);
  });
});

describe('sumQuotas', () => {
  it('adds what is named, in one canonical form (CORE-05)', () => {
    expect(
      sumQuotas([{ cpu: '500m', memory: '1Gi', pods: '3' }, { cpu: '1.5', memory: '1536Mi' }, { secrets: '0' }]),
    ).toEqual({ cpu: '2', memory: '2560Mi', pods: '3', secrets: '0' });
    expect(sumQuotas([])).toEqual({});
  });
});

describe('findExcess', () => {
  it('finds nothing where the parts fill the whole, nor for what it does not limit (CORE-05)', () => {
    expect(findExcess({ cpu: '2' }, [{ cpu: '1500m' }, { cpu: '0.5', pods: '900' }])).toEqual([]);
  });

  it('is the first thousandth of a core too many (refused, CORE-05)', () => {
    expect(findExcess({ cpu: '2' }, [{ cpu: '1500m' }, { cpu: '501m' }])).toEqual([
      { item: 'cpu', max: '2', given: '2001m' },
    ]);
  });
});

describe('findUnlimited', () => {
  it('names what a part could use up (CORE-05)', () => {
    expect(findUnlimited({ cpu: '2', pods: '9' }, { pods: '1', jobs: '1' })).toEqual(['cpu']);
  });
});

describe('checkQuota', () => {
  it.each([
    { cpu: '0' },
    { cpu: '1500m', memory: '4Gi', storage: '0', pods: 0, ingresses: 12 },
    { cpu: null },
    {},
  ])('takes %o (CMP-33)', (quota) => {
    expect(checkQuota(quota, ['quota'])).toEqual([]);
  });

  it.each([
    { quota: { cpu: '-1' }, code: 'too_small' },
    { quota: { cpu: '1u' }, code: 'invalid_quantity' },
    { quota: { memory: '0.5' }, code: 'invalid_quantity' },
    { quota: { memory: '9000P' }, code: 'invalid_quantity' },
    { quota: { pods: -1 }, code: 'too_small' },
  ])('refuses $quota (CMP-33)', ({ quota, code }) => {
    expect(checkQuota(quota, ['quota'])).toMatchObject([{ path: ['quota', Object.keys(quota)[0]], code }]);
  });

  it('keeps amounts in one form, and no quota where nothing is limited (CMP-33)', () => {
    expect(toKeptQuota({ cpu: '0.5', memory: '1024Mi', pods: 3, jobs: null })).toEqual({
      cpu: '500m',
      memory: '1Gi',
      pods: '3',
    });
    expect(toKeptQuota({ cpu: null })).toBeNull();
  });
});
