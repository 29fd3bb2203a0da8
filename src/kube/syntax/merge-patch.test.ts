import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch.ts';

/** RFC 7386, section 2. */
function apply(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  const result = base as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = apply(result[key], value);
  }
  return result;
}

const key = fc.constantFrom('a', 'b', 'c', 'd');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ max: 3 }),
    fc.boolean(),
    fc.array(fc.integer({ max: 2 }), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}));
const object = fc.dictionary(key, tree, { maxKeys: 4 });
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('mergePatch', () => {
  it('makes one object of another, and is nothing where they are equal', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        const patch = mergePatch(plain(from), plain(to));
        expect(apply(plain(from), patch ?? {})).toEqual(plain(to));
        expect(mergePatch(plain(to), plain(to))).toBeUndefined();
      }),
    );
  });

  it('takes null for absent', () => {
    expect(mergePatch({ a: 1, b: 2 }, { a: null, b: 2 })).toEqual({ a: null });
    expect(mergePatch({}, { a: null, b: { c: null, d: 1 } })).toEqual({ b: { d: 1 } });
  });
});
