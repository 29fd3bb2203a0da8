import { describe, expect, it } from 'vitest';
import { sessionOf } from './session-id.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = `${part({ alg: 'ES256' })}.${part({ sub: 'ann', exp: 1 })}`;
const hex = (token: string, method: Parameters<typeof sessionOf>[1]) => sessionOf(token, method, 'ann').id;

describe('sessionOf', () => {
  it.each(['OIDC', 'SERVICE_ACCOUNT'] as const)('goes by what was signed, whatever the signature is (%s)', (method) => {
    expect(hex(`${signed}.AAAA`, method)).toBe(hex(`${signed}.AAAB=`, method));
    const another = `${part({ alg: 'ES256' })}.${part({ sub: 'ann', exp: 2 })}`;
    expect(hex(`${another}.AAAA`, method)).not.toBe(hex(`${signed}.AAAA`, method));
  });

  it('takes two spellings of what was signed for one, as clusters do', () => {
    // One byte in two letters leaves four bits over.
    expect(hex('eQ.eQ.AAAA', 'SERVICE_ACCOUNT')).toBe(hex('eR.eT.AAAA', 'SERVICE_ACCOUNT'));
  });

  it('goes by every letter of other tokens, with dots or without', () => {
    expect(hex('one.two.three', 'SETTINGS_TOKEN')).not.toBe(hex('one.two.four', 'SETTINGS_TOKEN'));
  });

  const ofSignIn = (claims: object) => `${part({ alg: 'ES256' })}.${part({ iss: 'https://id', ...claims })}.AAAA`;

  it('is one for all tokens of a sign-in that the provider names (CORE-09)', () => {
    const [first, refreshed] = [ofSignIn({ sid: 'one', exp: 1 }), ofSignIn({ sid: 'one', exp: 2 })];
    expect(sessionOf(first, 'OIDC', 'ann')).toEqual({ id: expect.any(String), method: 'OIDC', spansTokens: true });
    expect(hex(refreshed, 'OIDC')).toBe(hex(first, 'OIDC'));
    expect(sessionOf(first, 'OIDC', 'bob').id).not.toBe(hex(first, 'OIDC'));
    expect(hex(ofSignIn({ sid: 'two', exp: 1 }), 'OIDC')).not.toBe(hex(first, 'OIDC'));
    expect(hex(ofSignIn({ sid: 'one', iss: 'https://other' }), 'OIDC')).not.toBe(hex(first, 'OIDC'));
  });

  it.each([
    { sid: '' },
    { sid: 7 },
    { sid: null },
    { sid: ['one'] },
    { sid: 'x'.repeat(256) },
    {},
  ])('goes by the token where %j names no sign-in (refused)', (claims) => {
    expect(sessionOf(ofSignIn(claims), 'OIDC', 'ann').spansTokens).toBeUndefined();
    expect(hex(ofSignIn({ ...claims, exp: 1 }), 'OIDC')).not.toBe(hex(ofSignIn({ ...claims, exp: 2 }), 'OIDC'));
  });

  it('takes no other token for one of a sign-in (refused)', () => {
    for (const method of ['SERVICE_ACCOUNT', 'SETTINGS_TOKEN'] as const) {
      expect(sessionOf(ofSignIn({ sid: 'one' }), method, 'ann').spansTokens).toBeUndefined();
    }
  });
});
