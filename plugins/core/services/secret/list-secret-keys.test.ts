import { describe, expect, it } from 'vitest';
import { listSecretKeys } from './list-secret-keys.ts';

describe('listSecretKeys', () => {
  it('lists keys by name with the lengths of their values', () => {
    expect(listSecretKeys({ data: { user: { bytes: 5 }, password: { bytes: 12 } } })).toEqual([
      { name: 'password', bytes: 12 },
      { name: 'user', bytes: 5 },
    ]);
  });

  it.each([{}, { data: null }, { data: {} }])('lists none in %j', (secret) => {
    expect(listSecretKeys(secret)).toEqual([]);
  });
});
