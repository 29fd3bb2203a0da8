import { describe, expect, it } from 'vitest';
import { resolvePointer } from './resolve-pointer.ts';

// The example document of RFC 6901, section 5, and what lies beside it.
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
  '~1': 9,
};

describe('resolvePointer', () => {
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/~01', 9],
  ])('resolves %j', (pointer, value) => {
    expect(resolvePointer(document, pointer)).toEqual(value);
  });

  it.each([
    '/nothing',
    '/foo/2',
    '/foo/-',
    '/foo/00',
    '/foo/length',
    '/foo/0/0',
    '/toString',
    '/__proto__',
    '/constructor/name',
  ])('finds nothing at %j', (pointer) => {
    expect(resolvePointer(document, pointer)).toBeUndefined();
  });

  it.each(['foo', '#/foo', '/~', '/~2', '/a~', `/${'x'.repeat(5000)}`])('refuses %j', (pointer) => {
    expect(() => resolvePointer(document, pointer)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
