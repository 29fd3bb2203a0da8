import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metersOf } from './estimate.ts';
import { costOf, type Rate, ratesOf, toDecimal } from './prices.ts';

const rate = (vcpuHour: string, gibHour: string, more: object = {}) => ({ vcpuHour, gibHour, ...more });
const hour = { millicoreSeconds: 1_000n * 3_600n, kibSeconds: 1_048_576n * 3_600n };

describe('prices (CMP-114)', () => {
  it('are exact to the last place, and rounded once', () => {
    const rates = ratesOf('east', { currency: 'EUR', rates: [rate('0.1', '0.000000001')] });
    expect(costOf([[hour, rates[0]]], 'EUR')).toEqual({ amount: '0.100000', currency: 'EUR' });
    const many = Array.from({ length: 1_000 }, () => [hour, rates[0]] as const);
    expect(costOf(many, 'EUR')?.amount).toBe('100.000001');
  });

  it('split into parts cost what the whole costs', () => {
    const [one] = ratesOf('east', { currency: 'EUR', rates: [rate('0.0437', '0.00619')] }) as [Rate];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt(0n, 10n ** 18n), fc.bigInt(0n, 10n ** 18n)), { minLength: 1 }),
        (parts) => {
          const used = parts.map(([millicoreSeconds, kibSeconds]) => ({ millicoreSeconds, kibSeconds }));
          const whole = used.reduce((sum, each) => ({
            millicoreSeconds: sum.millicoreSeconds + each.millicoreSeconds,
            kibSeconds: sum.kibSeconds + each.kibSeconds,
          }));
          expect(
            costOf(
              used.map((each) => [each, one] as const),
              'EUR',
            ),
          ).toEqual(costOf([[whole, one]], 'EUR'));
        },
      ),
    );
  });

  it('are those of the cluster where it has its own, by when they begin; without one there is no cost (refused)', () => {
    const prices = {
      currency: 'EUR',
      rates: [
        rate('1', '1'),
        rate('3', '3', { cluster: 'west', from: '2026-02-01T00:00:00Z' }),
        rate('2', '2', { cluster: 'west', from: '2026-01-01T00:00:00Z' }),
      ],
    };
    expect(ratesOf('east', prices).map(({ vcpuHour }) => vcpuHour)).toEqual([1_000_000_000n]);
    expect(ratesOf('west', prices).map(({ vcpuHour }) => vcpuHour)).toEqual([2_000_000_000n, 3_000_000_000n]);
    expect(ratesOf('west', undefined)).toEqual([]);
    expect(costOf([[hour, undefined]], 'EUR')).toBeUndefined();
    expect(costOf([[{ millicoreSeconds: 0n, kibSeconds: 0n }, undefined]], 'EUR')?.amount).toBe('0.000000');
  });

  it.each([
    [1n, 3n, '0.333333'],
    [2n, 3n, '0.666667'],
    [1n, 2_000_000n, '0.000001'],
    [0n, 7n, '0.000000'],
    [10n ** 30n, 1n, `1${'0'.repeat(30)}.000000`],
  ])('tell %s of %s as %s', (numerator, denominator, text) => {
    expect(toDecimal(numerator, denominator)).toBe(text);
  });
});

describe('what a workload will be metered at (EDG-18)', () => {
  const template = { spec: { containers: [{ name: 'a', resources: { requests: { cpu: '500m', memory: '1Gi' } } }] } };
  it.each([
    ['replicas of a Deployment', { kind: 'Deployment', spec: { replicas: 3, template } }, 1_500],
    ['one where nobody says how many', { kind: 'StatefulSet', spec: { template } }, 500],
    ['none of one that is stopped', { kind: 'Deployment', spec: { replicas: 0, template } }, 0],
    ['as many as a Job runs at once', { kind: 'Job', spec: { parallelism: 4, completions: 2, template } }, 1_000],
    ['a bare pod', { kind: 'Pod', ...template }, 500],
    [
      'limits where nothing is requested',
      { kind: 'Pod', spec: { containers: [{ name: 'a', resources: { limits: { cpu: '2' } } }] } },
      2_000,
    ],
    [
      'sidecars, and no init containers',
      {
        kind: 'Pod',
        spec: {
          ...template.spec,
          initContainers: [
            { name: 'i', resources: { requests: { cpu: '8' } } },
            { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '100m' } } },
          ],
        },
      },
      600,
    ],
  ])('counts %s', (_what, workload, millicores) => {
    expect(metersOf(workload)?.millicores).toBe(millicores);
  });

  it.each(['DaemonSet', 'CronJob'])('is not known of a %s', (kind) => {
    expect(metersOf({ kind, spec: { template } })).toBeUndefined();
  });
});
