import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSealingKey, seal, UnsealError, unseal } from './sealed-secret.ts';

const key = parseSealingKey(Buffer.alloc(32, 1).toString('base64'));
const newer = parseSealingKey(Buffer.alloc(32, 2).toString('base64'));

describe('a sealed secret', () => {
  it('opens with its key and context, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        expect(unseal([newer, key], seal(key, text, context), context)).toBe(text.toWellFormed());
      }),
    );
  });

  it('differs each time and does not show the text', () => {
    const sealed = [seal(key, 'hunter2', 'here'), seal(key, 'hunter2', 'here')];
    expect(sealed[0]).not.toBe(sealed[1]);
    expect(Buffer.from(sealed[0]?.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('hunter2');
  });

  it.each([
    {
      name: 'for another place',
      keys: [key],
      sealed: seal(key, 'text', 'there'),
      message: 'sealed for something else',
    },
    {
      name: 'with a key that is gone',
      keys: [newer],
      sealed: seal(key, 'text', 'here'),
      message: `sealed with key ${key.id}`,
    },
    {
      name: 'with the name of another key',
      keys: [newer],
      sealed: seal(key, 'text', 'here').replace(key.id, newer.id),
      message: 'was changed',
    },
    { name: 'as something else', keys: [key], sealed: 'text', message: 'this is no sealed secret' },
    { name: 'too short', keys: [key], sealed: `v1.${key.id}.AAAA`, message: 'this is no sealed secret' },
  ])('does not open when sealed $name (refused)', ({ keys, sealed, message }) => {
    expect(() => unseal(keys, sealed, 'here')).toThrow(UnsealError);
    expect(() => unseal(keys, sealed, 'here')).toThrow(message);
  });

  it('does not open with any bit changed (refused)', () => {
    const [version, id, body = ''] = seal(key, 'text', 'here').split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unseal([key], `${version}.${id}.${changed.toString('base64url')}`, 'here')).toThrow(UnsealError);
    }
  });
});

describe('parseSealingKey', () => {
  it.each([
    '',
    'hunter2',
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
  ])('refuses a key of another length without quoting it (refused): %#', (text) => {
    expect(() => parseSealingKey(text)).toThrow(
      /^the key for secrets at rest must be 32 bytes in base64, got \d+ bytes$/,
    );
  });
});
