import { describe, expect, it } from 'vitest';
import { sessionDigestOf } from './session-id.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = `${part({ alg: 'ES256' })}.${part({ sub: 'ann', exp: 1 })}`;
const hex = (token: string, method: Parameters<typeof sessionDigestOf>[1]) =>
  sessionDigestOf(token, method).toString('hex');

describe('sessionDigestOf', () => {
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
});
