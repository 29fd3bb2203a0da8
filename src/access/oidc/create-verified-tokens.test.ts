import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createRightsEvents } from '../rights-events.ts';
import { createVerifiedTokens, type VerifiedToken } from './create-verified-tokens.ts';

function setUp() {
  const clock = createManualClock();
  const rights = createRightsEvents(silentLogger);
  const announced: string[] = [];
  rights.onRightsChanged((whose) => announced.push(whose));
  const goodKeys = new Set(['one', 'two']);
  const tokens = createVerifiedTokens({ clock, rights, isKeyGood: (_issuer, keyId) => goodKeys.has(keyId) });
  const verified = (id: string, change: Partial<VerifiedToken> = {}): VerifiedToken => ({
    principal: {
      id,
      name: id,
      kind: 'USER',
      groups: [],
      roles: [],
      namespaces: [],
      expiresAt: clock.now() + 1_000,
    },
    issuer: 'https://id.example.com',
    keyId: 'one',
    issuedAt: 1,
    ...change,
  });
  return { clock, announced, goodKeys, tokens, verified };
}

describe('createVerifiedTokens', () => {
  it('remembers 10,000 tokens, and forgets first what was used longest ago', () => {
    const { tokens, verified } = setUp();
    for (let index = 0; index < 10_000; index += 1) tokens.remember(`token-${index}`, verified(`user-${index}`));
    expect(tokens.find('token-0')?.id).toBe('user-0');
    tokens.remember('token-10000', verified('user-10000'));
    expect(tokens.find('token-0')?.id).toBe('user-0');
    expect(tokens.find('token-1')).toBeUndefined();
    expect(tokens.current('user-1')).toBeUndefined();
    expect(tokens.find('token-2')?.id).toBe('user-2');
  });

  it('forgets a token when it expires (refused)', () => {
    const { tokens, verified, clock } = setUp();
    tokens.remember('token', verified('ann'));
    clock.advance(999);
    expect(tokens.current('ann')?.id).toBe('ann');
    clock.advance(1);
    expect([tokens.find('token'), tokens.current('ann')]).toEqual([undefined, undefined]);
  });

  it('takes nothing whose key went while it was looked at (refused)', () => {
    const { tokens, verified } = setUp();
    expect(tokens.remember('token', verified('ann', { keyId: 'gone' }))).toBeUndefined();
    expect(tokens.find('token')).toBeUndefined();
  });

  it('announces everybody whom a vanished key has signed for, and nobody else', () => {
    const { tokens, verified, goodKeys, announced } = setUp();
    tokens.remember('old', verified('ann'));
    tokens.remember('new', verified('ann', { keyId: 'two', issuedAt: 2 }));
    tokens.remember('other', verified('bob', { keyId: 'two' }));
    tokens.remember('last', verified('eve'));
    goodKeys.delete('one');
    tokens.forgetVanished();
    expect(announced).toEqual(['ann', 'eve']);
    expect([tokens.find('old'), tokens.current('eve')]).toEqual([undefined, undefined]);
    expect([tokens.current('ann')?.id, tokens.find('other')?.id]).toEqual(['ann', 'bob']);
  });
});
