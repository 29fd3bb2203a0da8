import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch, JsonPatchConflictError, JsonPatchSyntaxError } from './json-patch.ts';

describe('applyJsonPatch', () => {
  // The examples of RFC 6902, appendix A, and what Kubernetes' clients send.
  it.each([
    ['adds a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    [
      'inserts an element',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['appends an element', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['a'] }], { foo: ['bar', ['a']] }],
    ['removes a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['removes an element', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['replaces a value', { baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    ['replaces everything', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    ['moves a value', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    [
      'moves an element',
      { foo: ['a', 'b', 'c'] },
      [{ op: 'move', from: '/foo/0', path: '/foo/2' }],
      { foo: ['b', 'c', 'a'] },
    ],
    ['copies a value', { a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
    ['tests a value', { a: [1, 2] }, [{ op: 'test', path: '/a', value: [1, 2] }], { a: [1, 2] }],
    [
      'unescapes ~0 and ~1',
      { 'a/b': { '~c': 1 } },
      [{ op: 'replace', path: '/a~1b/~0c', value: 2 }],
      { 'a/b': { '~c': 2 } },
    ],
    [
      'sees what earlier operations did',
      {},
      [
        { op: 'add', path: '/a', value: [] },
        { op: 'add', path: '/a/0', value: 1 },
      ],
      { a: [1] },
    ],
  ])('%s', (_name, document, patch, result) => {
    expect(applyJsonPatch(document, patch)).toEqual(result);
  });

  it.each([
    ['a failed test', { a: 1 }, [{ op: 'test', path: '/a', value: 2 }]],
    ['a missing parent', {}, [{ op: 'add', path: '/a/b', value: 1 }]],
    ['a missing member to remove', {}, [{ op: 'remove', path: '/a' }]],
    ['a missing member to replace', {}, [{ op: 'replace', path: '/a', value: 1 }]],
    ['an index behind the end', { a: [] }, [{ op: 'add', path: '/a/1', value: 1 }]],
    ['an index that is no number', { a: [] }, [{ op: 'add', path: '/a/01', value: 1 }]],
    ['an inherited member', {}, [{ op: 'test', path: '/constructor', value: 1 }]],
    ['a move into itself', { a: {} }, [{ op: 'move', from: '/a', path: '/a/b' }]],
  ])('stops at %s (refused)', (_name, document, patch) => {
    expect(() => applyJsonPatch(document, patch)).toThrow(JsonPatchConflictError);
  });

  it.each([
    [{ op: 'add', path: '/a' }],
    [{ op: 'add', value: 1 }],
    [{ op: 'add', path: 'a', value: 1 }],
    [{ op: 'copy', path: '/a' }],
    [{ op: 'spam', path: '/a' }],
    ['add'],
  ])('does not understand %j (refused)', (operation) => {
    expect(() => applyJsonPatch({}, [operation])).toThrow(JsonPatchSyntaxError);
  });

  it('does not understand what is no list (refused)', () => {
    expect(() => applyJsonPatch({}, { op: 'add' })).toThrow(JsonPatchSyntaxError);
  });

  it('leaves the document alone, also when a later operation fails', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue()), (document) => {
        const before = JSON.stringify(document);
        const patch = [
          { op: 'add', path: '/zzzz', value: 1 },
          { op: 'test', path: '/zzzz', value: 2 },
        ];
        expect(() => applyJsonPatch(document, patch)).toThrow(JsonPatchConflictError);
        expect(JSON.stringify(document)).toBe(before);
      }),
    );
  });
});
