import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeConfigMap } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { bytesAfter, dataOfEntries, patchOfEntries } from './config-map-data.ts';
import { checkEntries, checkKeys, type DataEntryInput, readEntries } from './data-entries.ts';
import { checkDataSize, maxDataBytes } from './data-size.ts';
import { checkMissing, checkRemove, withoutKeys } from './removed-keys.ts';

const codesOf = (issues: readonly { readonly code: string; readonly path: readonly unknown[] }[]) =>
  issues.map(({ code, path }) => `${path.join('.')} ${code}`);

describe('checkEntries', () => {
  it.each<[string, DataEntryInput[]]>([
    ['text', [{ key: 'a', text: '' }]],
    ['base64, also in lines', [{ key: 'a', base64: 'aGVs\nbG8=\n' }]],
    ['an empty file', [{ key: 'a', base64: '' }]],
  ])('takes %s (CMP-89)', (_name, entries) => {
    expect(checkEntries(entries, ['data'])).toEqual([]);
  });

  it.each<[string, DataEntryInput[], string]>([
    [
      'a key twice',
      [
        { key: 'a', text: '1' },
        { key: 'a', text: '2' },
      ],
      'data.1.key duplicate_key',
    ],
    ['a key without value', [{ key: 'a' }], 'data.0 one_value'],
    ['a key with two values', [{ key: 'a', text: '1', base64: 'MQ==' }], 'data.0 one_value'],
    ['what is no base64', [{ key: 'a', base64: 'a?b=' }], 'data.0.base64 invalid_base64'],
    ['base64 that breaks off', [{ key: 'a', base64: 'aGVsbG8' }], 'data.0.base64 invalid_base64'],
    ['half a character', [{ key: 'a', text: '\uD83D' }], 'data.0.text invalid_text'],
  ])('refuses %s (CMP-89)', (_name, entries, code) => {
    expect(codesOf(checkEntries(entries, ['data']))).toEqual([code]);
  });

  it('says nothing of a value in any refusal (P23)', () => {
    const entries = [
      { key: 'a', base64: 'canary!' },
      { key: 'b', text: 'canary', base64: 'canary' },
    ];
    expect(JSON.stringify(checkEntries(entries, ['data']))).not.toContain('canary');
  });
});

describe('checkKeys', () => {
  it.each([
    'LOG_LEVEL',
    'vote.conf',
    '10-hosts',
    '.hidden',
    'a..b',
    '_',
  ])('takes the key %j (CMP-89, CMP-90)', (key) => {
    expect(checkKeys([{ key, text: '' }], ['set'], profileNamed('default'))).toEqual([]);
  });

  it.each([
    '',
    '.',
    '..',
    '..data',
    'a b',
    'a/b',
    'ä',
    'a'.repeat(254),
  ])('refuses the key %j (CMP-89, CMP-90, bad input)', (key) => {
    expect(checkKeys([{ key, text: '' }], ['set'], profileNamed('default'))).toHaveLength(1);
  });
});

describe('the data of a ConfigMap', () => {
  it('puts text where it is read and bytes where they stay whole, as kubectl does (CMP-89)', () => {
    const entries = readEntries([
      { key: 'typed', text: 'ä' },
      { key: 'file', base64: Buffer.from('ä').toString('base64') },
      { key: 'image', base64: '/9j/' },
    ]);
    expect(dataOfEntries(entries)).toEqual({ data: { typed: 'ä', file: 'ä' }, binaryData: { image: '/9j/' } });
  });

  it('gives back the bytes that came, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        const { data, binaryData } = dataOfEntries(readEntries([{ key: 'k', base64 }]));
        const kept =
          data.k === undefined ? Buffer.from(binaryData.k ?? '', 'base64') : Buffer.from(data.k ?? '', 'utf8');
        expect(Buffer.compare(kept, Buffer.from(bytes))).toBe(0);
      }),
    );
  });

  it('moves a key whose value becomes binary, and takes removed ones from wherever they stand', () => {
    const set = readEntries([
      { key: 'a', base64: '/w==' },
      { key: 'b', text: '1' },
    ]);
    expect(patchOfEntries(set, ['c'])).toEqual({
      data: { a: null, b: '1', c: null },
      binaryData: { a: '/w==', b: null, c: null },
    });
  });

  it('counts bytes as the cluster does', () => {
    const object = makeConfigMap({ data: { a: 'ää', b: '1' }, binaryData: { c: '////' } });
    expect(bytesAfter(object, readEntries([{ key: 'b', text: '12' }]), ['c'])).toBe(6);
    expect(checkDataSize(maxDataBytes, ['set'])).toEqual([]);
    expect(codesOf(checkDataSize(maxDataBytes + 1, ['set']))).toEqual(['set too_big']);
  });
});

describe('keys that are removed', () => {
  const object = makeConfigMap({ data: { a: '1' }, binaryData: { b: '/w==' } });

  it('are there, and named once', () => {
    expect([...checkRemove(['a', 'b'], [{ key: 'c', text: '' }]), ...checkMissing(['a', 'b'], object)]).toEqual([]);
    expect(withoutKeys(object, ['a'])).toEqual({ data: { b: null } });
  });

  it.each<[string, string[], string]>([
    ['named twice', ['a', 'a'], 'remove.1 duplicate_key'],
    ['set as well', ['c'], 'remove.0 set_and_removed'],
    ['not there', ['d'], 'remove.0 unknown_key'],
  ])('are refused where they are %s (CMP-91)', (_name, remove, code) => {
    const issues = [
      ...checkRemove(remove, [{ key: 'c', text: '' }]),
      ...checkMissing(remove, makeConfigMap({ data: { a: '1', c: '2' } })),
    ];
    expect(codesOf(issues)).toEqual([code]);
  });
});
