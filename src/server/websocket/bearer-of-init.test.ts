import { describe, expect, it } from 'vitest';
import { bearerOfInit, takeBearerOfPing } from './bearer-of-init.ts';

describe('bearerOfInit', () => {
  it.each([
    { name: 'the documented key', params: { authorization: 'Bearer a' }, token: 'Bearer a' },
    { name: 'the key in any case', params: { AUTHORIZATION: 'Bearer a' }, token: 'Bearer a' },
    { name: 'nothing', params: undefined, token: undefined },
    { name: 'another key', params: { token: 'Bearer a' }, token: undefined },
    { name: 'what is no text', params: { authorization: { toString: 'x' } }, token: undefined },
  ])('reads $name', ({ params, token }) => {
    expect(bearerOfInit(params)).toBe(token);
  });
});

describe('takeBearerOfPing', () => {
  it('leaves nothing of it in what is answered', () => {
    const payload = { Authorization: 'Bearer a', AUTHORIZATION: 1, since: 5 };
    expect(takeBearerOfPing(payload)).toBe('Bearer a');
    expect(payload).toEqual({ since: 5 });
  });

  it('finds none where there is none', () => {
    expect(takeBearerOfPing(undefined)).toBeUndefined();
    expect(takeBearerOfPing({ since: 5 })).toBeUndefined();
  });
});
