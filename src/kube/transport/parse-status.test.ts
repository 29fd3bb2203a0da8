import { describe, expect, it } from 'vitest';
import { parseStatus, withoutQuotedValues } from './parse-status.ts';

const plain = { isSecret: false };

function status(fields: object): string {
  return JSON.stringify({ kind: 'Status', ...fields });
}

describe('parseStatus', () => {
  it('reads reason, causes, object and pause of a Status', () => {
    const body = status({
      message: 'the words',
      reason: 'Invalid',
      details: {
        name: 'web',
        causes: [{ reason: 'FieldValueInvalid', message: 'no', field: 'spec.a' }],
        retryAfterSeconds: 3,
      },
    });
    expect(parseStatus(422, body, plain)).toMatchObject({
      status: 422,
      message: 'the words',
      reason: 'Invalid',
      objectName: 'web',
      causes: [{ reason: 'FieldValueInvalid', message: 'no', field: 'spec.a' }],
      retryAfterSeconds: 3,
    });
  });

  it('takes no words of what is no Status: a proxy may repeat the request with its credentials', () => {
    expect(parseStatus(404, '404 page not found\n', plain)).toMatchObject({
      message: 'HTTP status 404',
      reason: '',
      causes: [],
    });
    expect(parseStatus(502, '', plain).message).toBe('HTTP status 502');
    expect(parseStatus(500, '"text"', plain).message).toBe('HTTP status 500');
    expect(parseStatus(502, '<pre>authorization: Bearer abc</pre>', plain).message).toBe('HTTP status 502');
  });

  it('prefers the Retry-After header', () => {
    expect(
      parseStatus(429, status({ details: { retryAfterSeconds: 3 } }), { isSecret: false, retryAfter: '2' })
        .retryAfterSeconds,
    ).toBe(2);
    expect(parseStatus(429, '', { isSecret: false, retryAfter: 'Wed, 21 Oct 2026' }).retryAfterSeconds).toBeUndefined();
  });

  it('keeps nothing of a Secret but reasons and fields', () => {
    const body = status({
      message: 'Secret "db" is invalid: data[k]: Invalid value: "canary-5f1d"',
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value: "canary-5f1d"', field: 'data[k]' }] },
    });
    const error = parseStatus(422, body, { isSecret: true });
    expect(JSON.stringify([error.message, error.causes])).not.toContain('canary');
    expect(error.message).toBe('data[k]: FieldValueInvalid');
    expect(parseStatus(400, 'illegal base64: canary-5f1d', { isSecret: true }).message).toBe('HTTP status 400');
  });
});

describe('withoutQuotedValues', () => {
  it.each([
    ['a: Invalid value: "short": must be x', 'a: Invalid value: "short": must be x'],
    ['a: Invalid value: 7: must be x', 'a: Invalid value: 7: must be x'],
    [`a: Invalid value: "${'s'.repeat(70)}": must be x`, 'a: Invalid value: must be x'],
    ['a: Invalid value: {"env":[{"value":"p"}]}: must be x', 'a: Invalid value: must be x'],
    ['a: Invalid value: core.PodSpec{Volumes:[]core.Volume{}}: must be x', 'a: Invalid value: must be x'],
    ['x'.repeat(600), `${'x'.repeat(500)}…`],
  ])('%s', (message, expected) => {
    expect(withoutQuotedValues(message)).toBe(expected);
  });
});
