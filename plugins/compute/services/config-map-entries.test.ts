import { describe, expect, it } from 'vitest';
import { makeConfigMap } from '../testing/make-objects.ts';
import { configMapKeys } from './config-map-entries.ts';

describe('configMapKeys', () => {
  it('tells all keys with the bytes a container sees, by name', () => {
    const object = makeConfigMap({
      data: { b: 'grün', c: '' },
      binaryData: { a: Buffer.from([1, 2, 3]).toString('base64') },
    });
    expect(configMapKeys(object)).toEqual([
      { key: 'a', byteLength: 3, isBinary: true },
      { key: 'b', byteLength: 5, isBinary: false },
      { key: 'c', byteLength: 0, isBinary: false },
    ]);
  });
  it('is empty for an empty one', () => {
    expect(configMapKeys(makeConfigMap({}))).toEqual([]);
  });
});
