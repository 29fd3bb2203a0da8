import { describe, expect, it } from 'vitest';
import { createTokenValue, isTokenValue } from './token-value.ts';

describe('createTokenValue', () => {
  it('makes tokens that scanners of secrets can tell, each another one', () => {
    const made = Array.from({ length: 200 }, () => createTokenValue('ls_'));
    expect(new Set(made).size).toBe(200);
    for (const token of made) {
      expect(token).toMatch(/^ls_[0-9A-Za-z]{49}$/);
      expect(isTokenValue('ls_', token)).toBe(true);
    }
  });

  it.each([
    ['another prefix', (token: string) => token.replace('ls_', 'lsi_')],
    ['a slip', (token: string) => `${token.slice(0, 10)}${token[10] === 'a' ? 'b' : 'a'}${token.slice(11)}`],
    ['a character less', (token: string) => token.slice(0, -1)],
    ['a character more', (token: string) => `${token}0`],
    ['nothing', () => ''],
  ])('knows %s for none (refused)', (_name, spoil) => {
    expect(isTokenValue('ls_', spoil(createTokenValue('ls_')))).toBe(false);
  });
});
