import { describe, expect, it } from 'vitest';
import { decodeSecretValue } from './decode-secret-value.ts';

describe('decodeSecretValue', () => {
  it('answers text and base64', () => {
    const bytes = Buffer.from('\ufeffgeheim ✓');
    expect(decodeSecretValue(bytes, 'UTF8')).toBe('\ufeffgeheim ✓');
    expect(decodeSecretValue(bytes, 'BASE64')).toBe(bytes.toString('base64'));
  });

  it('answers bytes that are no text as base64', () => {
    expect(decodeSecretValue(Uint8Array.of(0xff, 0x00), 'BASE64')).toBe('/wA=');
  });

  it('answers bytes that are no text as text (refused)', () => {
    expect(() => decodeSecretValue(Uint8Array.of(0xff, 0x00), 'UTF8')).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});
