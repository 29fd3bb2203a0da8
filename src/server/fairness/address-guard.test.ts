import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { createAddressGuard } from './address-guard.ts';

function setUp() {
  const clock = createManualClock();
  let looks = 0;
  let limited = 0;
  const guard = createAddressGuard({
    clock,
    failuresPerMinute: 60,
    onLimited: () => {
      limited += 1;
    },
  });
  const signIn = (address: string | undefined, token: string) =>
    guard
      .signIn(address, token, async () => {
        looks += 1;
        if (!token.startsWith('good')) throw new RequestError('UNAUTHENTICATED', 'no');
        return 'in';
      })
      .catch((error: RequestError) => `${error.code} ${error.retryAfterSeconds ?? ''}`.trim());
  return { clock, signIn, looks: () => looks, limited: () => limited };
}

describe('sign-ins from one address', () => {
  it('may fail so often in a minute; then no token that is not known there is looked at (P32)', async () => {
    const { clock, signIn, looks, limited } = setUp();
    for (let index = 0; index < 59; index += 1)
      expect(await signIn('10.0.0.1', `bad-${index}`)).toBe('UNAUTHENTICATED');
    expect(await signIn('10.0.0.1', 'good-colleague')).toBe('in');
    for (let index = 0; index < 5; index += 1) await signIn('10.0.0.1', `bad-${index}`);
    const before = looks();
    expect(await signIn('10.0.0.1', 'bad')).toBe('RATE_LIMITED 1');
    expect(await signIn('10.0.0.1', 'good-but-new')).toBe('RATE_LIMITED 1');
    expect([looks() - before, limited()]).toEqual([0, limited()]);
    expect(limited()).toBeGreaterThanOrEqual(2);
    // Who was in stays in, and other addresses have nothing to do with it.
    expect(await signIn('10.0.0.1', 'good-colleague')).toBe('in');
    expect(await signIn('10.0.0.2', 'good-but-new')).toBe('in');
    clock.advance(10_000);
    expect(await signIn('10.0.0.1', 'good-but-new')).toBe('in');
  });

  it('that go well cost nothing, and an address that nobody knows has no bound', async () => {
    const { signIn, limited } = setUp();
    for (let index = 0; index < 500; index += 1) expect(await signIn('10.0.0.1', 'good')).toBe('in');
    for (let index = 0; index < 200; index += 1) expect(await signIn(undefined, 'bad')).toBe('UNAUTHENTICATED');
    expect(limited()).toBe(0);
  });
});
