import type { Profile, ProfileKey } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { lbCustomResource } from '../../profile-keys/balancers.ts';
import { customResourceCheck, importAnnotation, importedBalancerCheck } from './custom-resource-check.ts';

const profileWith = (isOn: boolean): Profile =>
  ({
    name: 'aks-private',
    get: <T>(key: ProfileKey<T>) => (key.name === lbCustomResource.name ? isOn : key.default),
  }) as never;

const written = (object: object, isOn = true) =>
  ({
    kind: {
      group: 'cafe.sofastack.io',
      version: 'v1',
      kind: 'LoadBalancer',
      plural: 'loadbalancers',
      isNamespaced: true,
    },
    namespace: 'default',
    name: 'test-lb',
    object,
    existing: undefined,
    road: 'APPLY',
    profile: profileWith(isOn),
  }) as Parameters<typeof customResourceCheck.check>[0];

const spec = { instanceStatus: 'ACTIVE', addressType: 'INTRANET', provider: 'ANTFIN', iaasName: 'testLB' };
const misfits = (object: object, isOn?: boolean) =>
  customResourceCheck.check(written(object, isOn)).map(({ path, code }) => `${code} at ${path.join('.')}`);

describe('a load balancer as custom resource', () => {
  it.each([
    ['inside', spec],
    ['outside', { ...spec, addressType: 'INTERNET' }],
    ['with the longest name', { ...spec, iaasName: 'x'.repeat(64) }],
  ])('is taken with all that it needs: %s (NET-21)', (_title, given) => {
    expect(misfits({ spec: given })).toEqual([]);
  });

  it.each([
    ['another status', { ...spec, instanceStatus: 'STOPPED' }, ['invalid at spec.instanceStatus']],
    ['another type', { ...spec, addressType: 'PUBLIC' }, ['invalid at spec.addressType']],
    ['another provider', { ...spec, provider: 'OTHER' }, ['invalid at spec.provider']],
    ['no name', { ...spec, iaasName: '' }, ['too_short at spec.iaasName']],
    ['a longer name', { ...spec, iaasName: 'x'.repeat(65) }, ['too_long at spec.iaasName']],
    [
      'nothing',
      undefined,
      [
        'required at spec.instanceStatus',
        'required at spec.addressType',
        'required at spec.provider',
        'required at spec.iaasName',
      ],
    ],
  ])('is not taken with %s (NET-21, refused)', (_title, given, expected) => {
    expect(misfits({ spec: given })).toEqual(expected);
  });

  it('is nobody else’s matter where the profile has none (NET-21)', () => {
    expect(misfits({}, false)).toEqual([]);
  });
});

describe('a Service that takes over a load balancer', () => {
  const check = (type: string, id: unknown) =>
    importedBalancerCheck
      .check(written({ metadata: { annotations: { [importAnnotation]: id } }, spec: { type } }))
      .map(({ code }) => code);

  it('names it and is of the type that has one (NET-21)', () => {
    expect(check('LoadBalancer', 'lb-1234')).toEqual([]);
  });

  it.each([
    ['without an id', 'LoadBalancer', '', ['invalid']],
    ['of another type', 'ClusterIP', 'lb-1234', ['not_for_type']],
  ])('is not taken %s (NET-21, refused)', (_title, type, id, codes) => {
    expect(check(type, id)).toEqual(codes);
  });
});
