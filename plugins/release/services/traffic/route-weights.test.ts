import fc from 'fast-check';
import type { RouteRule } from 'longshore/plugins/network';
import { describe, expect, it } from 'vitest';
import { leadsTo, shiftWeights } from './route-weights.ts';

const ref = (name: string, weight?: number, more: object = {}) => ({
  ...{ name, port: 80, ...(weight === undefined ? {} : { weight }) },
  ...more,
});
const shift = (rules: readonly RouteRule[], percent: number | undefined) =>
  shiftWeights(rules, 'shop', ['web'], percent);
const weights = (rules: readonly RouteRule[]) =>
  rules.map(({ backendRefs = [] }) => Object.fromEntries(backendRefs.map(({ name, weight }) => [name, weight])));

describe('shifting the weights of a route (REL-37)', () => {
  it('gives the new version its percents of what its Service has, and others what they had', () => {
    const rules = [{ backendRefs: [ref('web', 3), ref('other', 1)] }, { backendRefs: [ref('elsewhere')] }];
    expect(weights(shift(rules, 20))).toEqual([{ web: 240, 'web-next': 60, other: 100 }, { elsewhere: undefined }]);
  });

  it('goes from any share to any other, and back to what was there', () => {
    const backend = fc.record({ name: fc.constantFrom('web', 'other', 'third'), weight: fc.nat(10_000) });
    const rule = fc.uniqueArray(backend, { selector: ({ name }) => name, minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), fc.array(fc.nat(100), { maxLength: 4 }), (refs, percents) => {
        const rules = refs.map((backendRefs) => ({ backendRefs: backendRefs.map((each) => ({ ...each, port: 80 })) }));
        let now: readonly RouteRule[] = rules;
        for (const percent of percents) {
          now = shift(now, percent);
          expect(shift(now, percent)).toEqual(now);
        }
        expect(shift(now, undefined)).toEqual(rules);
      }),
    );
  });

  it('keeps what else stands at a reference and in a rule', () => {
    const rules = [{ matches: [{ path: { value: '/' } }], backendRefs: [ref('web', 1, { filters: [{ type: 'X' }] })] }];
    expect(shift(rules, 10)).toEqual([
      {
        matches: [{ path: { value: '/' } }],
        backendRefs: [
          { name: 'web', port: 80, weight: 90, filters: [{ type: 'X' }] },
          { name: 'web-next', port: 80, weight: 10, filters: [{ type: 'X' }] },
        ],
      },
    ]);
  });

  it('touches no Service of another namespace, and no other kind', () => {
    const rules = [
      { backendRefs: [ref('web', 1, { namespace: 'far' }), ref('web', 1, { kind: 'Other', group: 'x' })] },
    ];
    expect(shift(rules, 50)).toEqual(rules);
    expect(leadsTo(rules, 'shop', ['web'])).toBe(false);
    expect(leadsTo([{ backendRefs: [ref('web', 1, { namespace: 'shop' })] }], 'shop', ['web'])).toBe(true);
  });

  it('refuses weights that are too great to be shared (refused)', () => {
    expect(() => shift([{ backendRefs: [ref('web', 10_001)] }], 50)).toThrow(RangeError);
  });
});
