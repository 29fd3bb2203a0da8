import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideEdit, mergePatch } from './decide-edit.ts';

/** RFC 7386, section 2. */
function applyPatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyPatch(result[key], value);
  }
  return result;
}

const object = (data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', resourceVersion: '1', labels: { team: 'a' }, ...more },
  data,
});

const key = fc.string({ minLength: 1, maxLength: 3 }).filter((name) => name !== '__proto__');
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer(), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
})).value;
const json = fc.dictionary(key, value, { maxKeys: 5 });

describe('mergePatch', () => {
  it('makes of one object the other, by RFC 7386', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(applyPatch(from, mergePatch(from, to))).toEqual(to);
      }),
    );
  });

  it('is empty for what is the same', () => {
    fc.assert(
      fc.property(json, (each) => {
        expect(mergePatch(each, structuredClone(each))).toEqual({});
      }),
    );
  });
});

describe('decideEdit', () => {
  const read = object({ a: 'x' });

  it('CORE-29: patches what nobody has changed', () => {
    const edit = {
      current: read,
      edited: object({ a: 'z' }),
      original: undefined,
      resourceVersion: '1',
      currentVersion: '1',
    };
    expect(decideEdit(edit)).toEqual({ do: 'patch', patch: { data: { a: 'z' } } });
  });

  it('CORE-29: patches what only the cluster itself has changed', () => {
    const current = { ...object({ a: 'x' }, { resourceVersion: '2', generation: 5 }), status: { ready: true } };
    const edit = { current, edited: object({ a: 'z' }), original: read, resourceVersion: '1', currentVersion: '2' };
    expect(decideEdit(edit)).toEqual({ do: 'patch', patch: { data: { a: 'z' } } });
  });

  it('CORE-29: tells what each side did where somebody was faster (refused)', () => {
    const current = object({ a: 'x' }, { labels: { team: 'b' } });
    const edit = { current, edited: object({ a: 'z' }), original: read, resourceVersion: '1', currentVersion: '2' };
    expect(decideEdit(edit)).toMatchObject({
      do: 'conflict',
      yours: [{ path: '/data/a', before: 'x', after: 'z' }],
      theirs: [{ path: '/metadata/labels/team', before: 'a', after: 'b' }],
    });
    expect(decideEdit({ ...edit, original: undefined })).toMatchObject({ do: 'conflict', theirs: undefined });
  });
});
