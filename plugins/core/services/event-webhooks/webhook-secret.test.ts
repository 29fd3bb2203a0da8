import { describe, expect, it } from 'vitest';
import { presentSecret, signedHeaders } from './webhook-secret.ts';

/** The example of the Standard Webhooks specification. */
const example = {
  secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  nowMs: 1_614_265_330_000,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const keys = {
  derive: (purpose: string) => Buffer.from(purpose.endsWith('/2') ? example.secret : 'AAAA', 'base64'),
};
const webhook = { uuid: 'u', secretGeneration: 2, secretRotatedAt: null };

describe('the signature of a webhook', () => {
  it('is that of Standard Webhooks, down to its example (CORE-41)', () => {
    expect(signedHeaders(keys, webhook, { ...example, overlapMs: 0 })).toEqual({
      'webhook-id': example.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': example.signature,
    });
    expect(presentSecret(keys, webhook)).toBe(`whsec_${example.secret}`);
  });

  it.each([
    [0, 2],
    [999, 2],
    [1_000, 1],
  ])('is there twice for as long as the secret before a rotation counts: after %d ms %d times', (sinceMs, times) => {
    const rotated = { ...webhook, secretRotatedAt: new Date(example.nowMs - sinceMs) };
    const signatures = signedHeaders(keys, rotated, { ...example, overlapMs: 1_000 })['webhook-signature'].split(' ');
    expect(signatures).toHaveLength(times);
    expect(signatures[0]).toBe(example.signature);
  });
});
