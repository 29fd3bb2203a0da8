import { describe, expect, it } from 'vitest';
import { isServiceAccountToken, listSecretKeys } from './list-secret-keys.ts';

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

describe('isServiceAccountToken', () => {
  it.each([
    { type: 'kubernetes.io/service-account-token' },
    { type: 'Opaque', metadata: { annotations: { 'kubernetes.io/service-account.name': 'robot' } } },
  ])('recognises %j', (secret) => {
    expect(isServiceAccountToken(secret)).toBe(true);
  });

  it.each([
    undefined,
    {},
    { type: 'Opaque', metadata: { annotations: { note: 'x' } } },
    { type: 'kubernetes.io/tls' },
  ])('takes %j for none', (secret) => {
    expect(isServiceAccountToken(secret)).toBe(false);
  });
});
