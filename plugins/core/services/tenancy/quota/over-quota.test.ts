import { describe, expect, it } from 'vitest';
import { sayOverQuota } from './over-quota.ts';

const counted = (used: Readonly<Record<string, string>>) => ({ status: { used } }) as never;
const shop = { namespace: 'shop' };

describe('a quota below what is used (CMP-33, bad input)', () => {
  it.each([
    ['pods', { pods: '3' }, [counted({ pods: '5' })], ['5 of pods', 'may use 3']],
    ['CPU', { cpu: '500m' }, [counted({ 'requests.cpu': '1' })], ['1 of CPU', 'may use 500m']],
    ['memory', { memory: '1Gi' }, [counted({ 'requests.memory': '2Gi' })], ['2Gi of memory', 'may use 1Gi']],
    ['none at all', { services: '0' }, [counted({ 'count/services': '1' })], ['1 of Services', 'may use 0']],
  ])('of %s is told with both numbers', (_what, quota, objects, says) => {
    const [said, ...more] = sayOverQuota(shop, quota, objects);
    for (const words of says) expect(said).toContain(words);
    expect(said).toContain("Namespace 'shop'");
    expect(more).toEqual([]);
  });

  it('is told once, whatever counts it, and not where there is just room or nothing is counted', () => {
    const five = counted({ pods: '5' });
    expect(sayOverQuota(shop, { pods: '4' }, [five, counted({ pods: '5' })])).toHaveLength(1);
    expect(sayOverQuota(shop, { pods: '5' }, [five])).toEqual([]);
    expect(sayOverQuota(shop, { secrets: '0' }, [five])).toEqual([]);
    expect(sayOverQuota(shop, {}, [five])).toEqual([]);
    expect(sayOverQuota(shop, { pods: '1' }, [{} as never])).toEqual([]);
  });
});
