import { describe, expect, it } from 'vitest';
import { bearerOfInit } from './bearer-of-init.ts';

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
