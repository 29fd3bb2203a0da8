import fc from 'fast-check';
import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { dnat, eip, fip, gateway, snat, viewOf } from '../../testing/make-nat.ts';
import { objectToAddressMapping, objectToGateway, objectToPortMapping, objectToSnatRule } from './exclusion-rules.ts';
import { doRangesMeet } from './ipv4.ts';
import type { NatView } from './nat-view.ts';

const base = [gateway('gw'), gateway('other-gw', 'other'), eip('one'), eip('two'), eip('far', 'other-gw')];
const among = (...more: readonly KubeObject[]): NatView => viewOf([...base, ...more] as KubeObject[]);
const usersOf = (objection: { readonly users: readonly KubeObject[] } | undefined) =>
  objection?.users.map(({ metadata }) => metadata.name);

describe('a NAT gateway (NET-35)', () => {
  it('is taken by a VPC that has none', () => {
    expect(objectToGateway(among(), 'third')).toBeUndefined();
  });

  it('is refused by a VPC that has one, which is told (refused)', () => {
    expect(objectToGateway(among(), 'net')).toMatchObject({ what: "VPC 'net' has a NAT gateway already" });
    expect(usersOf(objectToGateway(among(), 'net'))).toEqual(['gw']);
  });
});

describe('an SNAT rule (NET-35)', () => {
  const wanted = { gateway: 'gw', eip: 'one', subnet: 'a', range: '10.0.0.0/24' };

  it.each([
    ['where there is none', among()],
    ['beside that of another subnet, by the same EIP', among(snat('b', 'one', '10.0.1.0/24'))],
    ['beside port mappings of its EIP', among(dnat('web', 'one', 80))],
    ['beside the same range of another gateway', among(snat('b', 'far', '10.0.0.0/24'))],
    ['beside an EIP of which all ports lead to one instance', among(fip('all', 'two', '10.0.0.5'))],
  ])('is taken %s', (_name, view) => {
    expect(objectToSnatRule(view, wanted)).toBeUndefined();
  });

  it.each([
    ['the subnet has one', among(snat('b', 'one', '10.0.0.0/24')), ['b']],
    ['the subnet has one by another EIP', among(snat('b', 'two', '10.0.0.0/24')), ['b']],
    ['a rule of a wider range has it', among(snat('b', 'two', '10.0.0.0/16')), ['b']],
    ['a rule for one of its addresses is there', among(snat('b', 'two', '10.0.0.7')), ['b']],
    ['all ports of its EIP lead to one instance', among(fip('all', 'one', '10.0.0.5')), ['all']],
  ])('is refused where %s (refused)', (_name, view, users) => {
    expect(usersOf(objectToSnatRule(view, wanted))).toEqual(users);
  });
});

describe('a port mapping (NET-35, NET-37)', () => {
  const wanted = { eip: 'one', protocol: 'TCP', port: 80 };

  it.each([
    ['another port', among(dnat('a', 'one', 81))],
    ['the port in another protocol', among(dnat('a', 'one', 80, 'udp'))],
    ['the port of another EIP', among(dnat('a', 'two', 80))],
    ['an SNAT rule of the EIP', among(snat('a', 'one', '10.0.0.0/24'))],
  ])('is taken beside %s', (_name, view) => {
    expect(objectToPortMapping(view, wanted)).toBeUndefined();
  });

  it.each([
    ['the port', among(dnat('a', 'one', 80)), ['a']],
    ['all ports of the EIP', among(fip('a', 'one', '10.0.0.5')), ['a']],
  ])('is refused where something has %s (refused)', (_name, view, users) => {
    expect(usersOf(objectToPortMapping(view, wanted))).toEqual(users);
  });
});

describe('a mapping of all ports to one instance (NET-35, NET-37, NET-40)', () => {
  const wanted = { gateway: 'gw', eip: 'one', address: '10.0.0.5' };

  it('is taken by an EIP that nothing uses', () => {
    expect(objectToAddressMapping(among(snat('a', 'two', '10.0.0.0/24')), wanted)).toBeUndefined();
  });

  it.each([
    ['an SNAT rule', among(snat('a', 'one', '10.0.0.0/24')), ['a']],
    ['a port mapping', among(dnat('a', 'one', 80)), ['a']],
    ['another such mapping', among(fip('a', 'one', '10.0.0.6')), ['a']],
    ['another EIP that leads to the instance', among(fip('a', 'two', '10.0.0.5')), ['a']],
  ])('is refused beside %s (refused)', (_name, view, users) => {
    expect(usersOf(objectToAddressMapping(view, wanted))).toEqual(users);
  });
});

describe('all of them together', () => {
  const eips = ['one', 'two'] as const;
  const range = fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 22, max: 32 }))
    .map(([third, mask]) => `10.0.${third}.0/${mask}`);
  const step = fc.oneof(
    fc.record({ do: fc.constant('snat' as const), eip: fc.constantFrom(...eips), range }),
    fc.record({
      do: fc.constant('dnat' as const),
      eip: fc.constantFrom(...eips),
      protocol: fc.constantFrom('tcp', 'udp'),
      port: fc.integer({ min: 80, max: 82 }),
    }),
    fc.record({ do: fc.constant('fip' as const), eip: fc.constantFrom(...eips), host: fc.integer({ min: 1, max: 3 }) }),
  );

  it('never let in what excludes one another, and refuse nothing without naming what is in the way (NET-35)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let objects: KubeObject[] = [...base] as KubeObject[];
        for (const [index, each] of steps.entries()) {
          const view = viewOf(objects);
          const name = `rule-${index}`;
          const objection =
            each.do === 'snat'
              ? objectToSnatRule(view, { ...each, gateway: 'gw', subnet: 's' })
              : each.do === 'dnat'
                ? objectToPortMapping(view, each)
                : objectToAddressMapping(view, { gateway: 'gw', eip: each.eip, address: `10.0.0.${each.host}` });
          const made = (
            each.do === 'snat'
              ? snat(name, each.eip, each.range)
              : each.do === 'dnat'
                ? dnat(name, each.eip, each.port, each.protocol)
                : fip(name, each.eip, `10.0.0.${each.host}`)
          ) as KubeObject;
          if (objection === undefined) objects = [...objects, made];
          else {
            expect(objection.users.length).toBeGreaterThan(0);
            // Each that is named is in the way by itself.
            for (const user of objection.users)
              expect(isSound(viewOf([...base, user, made] as KubeObject[]))).toBe(false);
          }
          expect(isSound(viewOf(objects))).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** The rules said once more, over everything there is. */
function isSound({ snatRules, dnatRules, fipRules }: NatView): boolean {
  const isAlone = <T>(items: readonly T[], clash: (one: T, other: T) => boolean): boolean =>
    items.every((one, index) => items.slice(index + 1).every((other) => !clash(one, other)));
  const portOf = ({ spec }: NatView['dnatRules'][number]): string =>
    `${spec?.eip} ${spec?.protocol} ${spec?.externalPort}`;
  const taken = new Set(fipRules.map(({ spec }) => spec?.eip));
  return (
    isAlone(snatRules, (one, other) => doRangesMeet(one.spec?.internalCIDR ?? '', other.spec?.internalCIDR ?? '')) &&
    isAlone(dnatRules, (one, other) => portOf(one) === portOf(other)) &&
    isAlone(
      fipRules,
      (one, other) => one.spec?.eip === other.spec?.eip || one.spec?.internalIp === other.spec?.internalIp,
    ) &&
    [...snatRules, ...dnatRules].every(({ spec }) => !taken.has(spec?.eip))
  );
}
