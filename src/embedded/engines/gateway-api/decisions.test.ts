import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeConditions } from '../merge-conditions.ts';
import { decideAddresses, parsePool } from './decide-addresses.ts';
import { decideListeners } from './decide-listeners.ts';
import { hostnamesMeet } from './hostnames-meet.ts';
import { isGranted } from './is-granted.ts';
import { group, type Listener } from './kinds.ts';

describe('decideListeners', () => {
  const http: Listener = { name: 'a', port: 80, protocol: 'HTTP' };
  const tls = { certificateRefs: [{ kind: 'Secret', name: 'cert' }] };
  const https: Listener = { name: 'b', port: 443, protocol: 'HTTPS', tls };
  const passing: Listener = { name: 'c', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
  const badOf = (listeners: readonly Listener[], check = (): undefined => undefined): string[] =>
    decideListeners(listeners, check).flatMap(({ name, conditions }) =>
      conditions
        .filter(({ type, status }) => type !== 'Programmed' && (status === 'True') === (type === 'Conflicted'))
        .map(({ reason }) => `${name} ${reason}`),
    );

  it.each([
    { name: 'one of each family', listeners: [http, https], bad: [] },
    {
      name: 'two names on one port',
      listeners: [
        { ...http, hostname: 'x.y' },
        { ...http, name: 'd' },
      ],
      bad: [],
    },
    {
      name: 'two protocols on one port',
      listeners: [http, { ...https, port: 80 }],
      bad: ['a ProtocolConflict', 'b ProtocolConflict'],
    },
    {
      name: 'one server name twice',
      listeners: [
        { ...https, hostname: 'x.y' },
        { ...passing, hostname: 'x.y' },
      ],
      bad: ['b HostnameConflict', 'c HostnameConflict'],
    },
    {
      name: 'UDP beside TCP',
      listeners: [
        { ...http, protocol: 'TCP' },
        { ...http, name: 'd', protocol: 'UDP' },
      ],
      bad: [],
    },
    { name: 'an unknown protocol', listeners: [{ ...http, protocol: 'SCTP' }], bad: ['a UnsupportedProtocol'] },
    { name: 'no certificate', listeners: [{ ...https, tls: {} }], bad: ['b InvalidCertificateRef'] },
    {
      name: 'a kind that the protocol does not carry',
      listeners: [{ ...http, allowedRoutes: { kinds: [{ kind: 'TCPRoute' }] } }],
      bad: ['a InvalidRouteKinds'],
    },
  ])('judges $name', ({ listeners, bad }) => {
    expect(badOf(listeners)).toEqual(bad);
  });

  it('names the kinds that are both wanted and possible', () => {
    const wanted = { kinds: [{ kind: 'HTTPRoute' }, { kind: 'UDPRoute' }] };
    expect(decideListeners([{ ...http, allowedRoutes: wanted }], () => undefined)[0]).toMatchObject({
      supportedKinds: [{ group, kind: 'HTTPRoute' }],
      isUsable: false,
    });
  });
});

describe('hostnamesMeet', () => {
  it.each([
    [undefined, 'a.b', true],
    ['a.b', 'a.b', true],
    ['*.b', 'a.b', true],
    ['*.b', 'x.a.b', true],
    ['*.b', 'b', false],
    ['*.b', 'ab', false],
    ['*.a.b', '*.b', true],
    ['*.a.b', '*.c.b', false],
    ['a.b', 'c.b', false],
  ])('%s and %s: %s', (one, other, meets) => {
    expect(hostnamesMeet(one, other)).toBe(meets);
    expect(hostnamesMeet(other, one)).toBe(meets);
  });
});

describe('isGranted', () => {
  const reference = {
    from: { group, kind: 'HTTPRoute', namespace: 'shop' },
    to: { group: '', kind: 'Service', namespace: 'back', name: 'web' },
  };
  const grant = (namespace: string, to: object = {}, from: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: 'ReferenceGrant',
    metadata: { name: 'g', namespace },
    spec: { from: [{ ...reference.from, ...from }], to: [{ group: '', kind: 'Service', ...to }] },
  });

  it.each([
    ['any of the kind', grant('back'), true],
    ['that one', grant('back', { name: 'web' }), true],
    ['another one (refused)', grant('back', { name: 'api' }), false],
    ['in another place (refused)', grant('shop'), false],
    ['to another kind (refused)', grant('back', { kind: 'Secret' }), false],
    ['to others (refused)', grant('back', {}, { namespace: 'other' }), false],
  ])('is granted %s: %#', (_what, given, isAllowed) => {
    expect(isGranted(reference, [given])).toBe(isAllowed);
  });
});

describe('decideAddresses', () => {
  const pool = { first: 0x0a000001, last: 0x0a000006 };

  it('gives every Gateway one address of the pool, and none twice, until there are none', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 6 }), (hosts) => {
        const taken = new Set(hosts.map((host) => `10.0.0.${host}`));
        const decision = decideAddresses([], [], taken, pool);
        const given = 'addresses' in decision ? decision.addresses : [];
        expect(given).toHaveLength(hosts.length === 6 ? 0 : 1);
        for (const address of given) {
          expect(taken.has(address)).toBe(false);
          expect(Number(address.split('.')[3])).toBeLessThanOrEqual(6);
        }
      }),
    );
  });

  it.each([
    ['what it has', [], ['10.0.0.3'], ['addresses', ['10.0.0.3']]],
    ['what it asks for', [{ type: 'IPAddress', value: '10.0.0.4' }], ['10.0.0.3'], ['addresses', ['10.0.0.4']]],
    [
      'nothing that is taken (refused)',
      [{ value: '10.0.0.2' }],
      [],
      ['unusable', 'Address 10.0.0.2 is in use by another Gateway'],
    ],
    [
      'nothing from elsewhere (refused)',
      [{ value: '10.0.1.2' }],
      [],
      ['unusable', 'Address 10.0.1.2 is not one of the addresses of its class'],
    ],
    [
      'no name (refused)',
      [{ type: 'Hostname', value: 'a.b' }],
      [],
      ['unsupported', 'Only IPAddress addresses are supported, got Hostname'],
    ],
  ])('gives %s', (_what, wanted, present, [field, value]) => {
    expect(decideAddresses(wanted, present, new Set(['10.0.0.2']), pool)).toEqual({ [String(field)]: value });
  });

  it.each([
    ['192.0.2.0/30', { first: 0xc0000201, last: 0xc0000202 }],
    ['192.0.2.9/29', { first: 0xc0000209, last: 0xc000020e }],
    ['192.0.2.0/31', undefined],
    ['192.0.2.300/24', undefined],
    ['everything', undefined],
  ])('reads %s', (cidr, range) => {
    expect(parsePool(cidr)).toEqual(range);
  });
});

describe('mergeConditions', () => {
  it('keeps the time of a status that stays, and takes a new one for a status that turns', () => {
    const decided = { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'm' } as const;
    const [first] = mergeConditions(undefined, [decided], { generation: 1, now: 'then' });
    const before = first === undefined ? [] : [first];
    const stamp = { generation: 2, now: 'now' };
    expect(mergeConditions(before, [{ ...decided, reason: 'Other' }], stamp)).toEqual([
      { ...decided, reason: 'Other', observedGeneration: 2, lastTransitionTime: 'then' },
    ]);
    expect(mergeConditions(before, [{ ...decided, status: 'False' }], stamp)[0]?.lastTransitionTime).toBe('now');
  });
});
