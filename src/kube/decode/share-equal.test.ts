import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareEqual } from './share-equal.ts';

/** Values as JSON has them, with members that mean something to JavaScript. */
const json = fc
  .object({
    key: fc.oneof(fc.constantFrom('a', 'b', 'constructor', 'toString', '__proto__', 'length', '0'), fc.string()),
    values: [fc.string({ minLength: 0, maxLength: 20 }), fc.integer(), fc.boolean(), fc.constant(null)],
    maxDepth: 4,
  })
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

/** Two values that have much in common: some of one's leaves are replaced in the other. */
const alike = fc.tuple(json, fc.array(fc.nat(30), { maxLength: 3 })).map(([value, changed]) => {
  let leaf = 0;
  const other: unknown = JSON.parse(JSON.stringify(value), (_key, part: unknown) => {
    leaf += 1;
    return changed.includes(leaf) ? 'changed' : part;
  });
  return [value, other] as const;
});

const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}

/** JSON with the members of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

describe('shareEqual', () => {
  it('never changes what a value equals, nor the one it takes from', () => {
    fc.assert(
      fc.property(fc.oneof(alike, fc.tuple(json, json)), ([known, fresh]) => {
        const [knownText, freshText] = [canonical(known), canonical(fresh)];
        freeze(known);
        const shared = shareEqual(copyOf(fresh), known);
        expect(canonical(shared)).toBe(freshText);
        expect(canonical(known)).toBe(knownText);
      }),
    );
  });

  it('answers the known value where both are equal', () => {
    fc.assert(
      fc.property(json, (known) => {
        // A member of this name is never shared.
        fc.pre(!JSON.stringify(known).includes('__proto__'));
        expect(shareEqual(copyOf(known), known)).toBe(known);
      }),
    );
  });

  it('shares every equal part of values that differ elsewhere', () => {
    const known = { spec: { env: [{ name: 'A' }, { name: 'B' }] }, status: { ip: '1' }, list: [[1], [2]] };
    const fresh = { spec: { env: [{ name: 'A' }, { name: 'C' }] }, status: { ip: '1' }, list: [[1], [2], [3]] };
    const shared = shareEqual(fresh, known) as typeof known;
    expect(shared).toBe(fresh);
    expect(shared.spec).not.toBe(known.spec);
    expect(shared.spec.env[0]).toBe(known.spec.env[0]);
    expect(shared.spec.env[1]).not.toBe(known.spec.env[1]);
    expect(shared.status).toBe(known.status);
    expect(shared.list[1]).toBe(known.list[1]);
  });

  it.each([
    ['an object and an array', {}, []],
    ['null and an object', null, {}],
    ['an inherited member', { toString: {} }, {}],
    ['one member less', { a: 1 }, { a: 1, b: 2 }],
    ['one item less', [1], [1, 2]],
    [
      'an own member of the name of the prototype',
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
  ])('takes nothing over from %s (refused)', (_what, fresh, known) => {
    expect(shareEqual(fresh, known)).toBe(fresh);
    expect(Object.getPrototypeOf(fresh ?? {})).not.toBe(known);
  });
});
