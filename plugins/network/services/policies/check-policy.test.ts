import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkPolicies } from '../../../../src/embedded/registry/networking/network-policy.ts';
import { FieldErrors } from '../../../../src/embedded/registry/validation/field-errors.ts';
import { checkPolicySpec, type PolicySpec } from './check-policy.ts';

const found = (spec: PolicySpec) => checkPolicySpec(spec).map(({ path, code }) => `${path.join('.')} ${code}`);
const port = (given: object) => found({ ingress: [{ ports: [given] }] });
const peer = (given: object) => found({ egress: [{ to: [given] }] });

describe('a NetworkPolicy', () => {
  it.each<[string, PolicySpec]>([
    ['selects everything and lets nothing through', {}],
    ['has an empty rule in each direction', { ingress: [{}], egress: [{}] }],
    [
      'has ports by number, name and range',
      {
        ingress: [
          {
            ports: [
              { port: 1 },
              { port: 'http-2' },
              { port: 80, endPort: 80 },
              { port: 1, endPort: 65_535, protocol: 'UDP' },
              { protocol: 'SCTP' },
            ],
          },
        ],
      },
    ],
    [
      'has pods of other namespaces as peers',
      { ingress: [{ from: [{ podSelector: {}, namespaceSelector: { matchLabels: { team: 'a' } } }] }] },
    ],
    [
      'has addresses without some of them',
      {
        egress: [
          {
            to: [
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/9', '10.1.2.3/32'] } },
              { ipBlock: { cidr: 'fd00::/8', except: ['fd00::/64'] } },
            ],
          },
        ],
      },
    ],
    [
      'has addresses by one of a network',
      { egress: [{ to: [{ ipBlock: { cidr: '10.0.0.7/8', except: ['10.9.9.9/16'] } }] }] },
    ],
  ])('may be one that %s (NET-33)', (_what, spec) => expect(found(spec)).toEqual([]));

  it.each([
    [{ port: 0 }, ['port out_of_range']],
    [{ port: 65_536 }, ['port out_of_range']],
    [{ port: 80, endPort: 79 }, ['endPort invalid']],
    [{ port: 80, endPort: 65_536 }, ['endPort out_of_range']],
    [{ port: 'http', endPort: 90 }, ['endPort invalid']],
    [{ endPort: 90 }, ['endPort invalid']],
    [{ port: '80' }, ['port invalid']],
    [{ port: 'a--b' }, ['port invalid']],
    [{ port: '-a' }, ['port invalid']],
    [{ port: 'UPPER' }, ['port invalid']],
    [{ port: 'sixteen-letters-' }, ['port invalid']],
    [{ port: '' }, ['port invalid']],
    [{ protocol: 'ICMP', port: 80 }, ['protocol not_supported']],
  ])('has no port %j (refused, NET-33)', (given, expected) => {
    expect(port(given)).toEqual(expected.map((each) => `spec.ingress.0.ports.0.${each}`));
  });

  it.each([
    [{}, [' required']],
    [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }, [' forbidden']],
    [{ ipBlock: { cidr: '' } }, ['.ipBlock.cidr required']],
    [{ ipBlock: { cidr: '10.0.0.0' } }, ['.ipBlock.cidr invalid_cidr']],
    [{ ipBlock: { cidr: '10.0.0.0/33' } }, ['.ipBlock.cidr invalid_cidr']],
    [{ ipBlock: { cidr: '010.0.0.0/8' } }, ['.ipBlock.cidr invalid_cidr']],
    [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }, ['.ipBlock.except.0 not_inside']],
    [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/7'] } }, ['.ipBlock.except.0 not_inside']],
    [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/9'] } }, ['.ipBlock.except.0 not_inside']],
    [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', 'fd00::/64'] } }, ['.ipBlock.except.1 not_inside']],
    [{ ipBlock: { cidr: '10.0.0.0/8', except: ['x'] } }, ['.ipBlock.except.0 invalid_cidr']],
    [{ namespaceSelector: { matchLabels: { '-': 'x' } } }, ['.namespaceSelector.matchLabels invalid_label']],
    [{ podSelector: { matchLabels: { a: 'no value' } } }, ['.podSelector.matchLabels invalid_label']],
    [
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
      ['.podSelector.matchExpressions.0.values required'],
    ],
    [
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } },
      ['.podSelector.matchExpressions.0.values forbidden'],
    ],
    [
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'Near' }] } },
      ['.podSelector.matchExpressions.0.operator not_supported'],
    ],
  ])('has no peer %j (refused, NET-33)', (given, expected) => {
    expect(peer(given)).toEqual(expected.map((each) => `spec.egress.0.to.0${each}`));
  });

  it('is refused exactly where an API server refuses it (NET-33)', () => {
    const address = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 34 })).map(([ip, bits]) => `${ip}/${bits}`),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 130 })).map(([ip, bits]) => `${ip}/${bits}`),
      fc.constantFrom('10.0.0.0/8', '10.0.0.0/16', '10.128.0.0/9', '10.0.0.1', '', 'x/y', '10.0.0.0/'),
    );
    const key = fc.constantFrom('app', 'longshore.dev/name', '', '-a', 'a b', 'x'.repeat(64));
    const value = fc.constantFrom('', 'front', 'a b', '.a', 'x'.repeat(64));
    const selector = fc.record(
      {
        matchLabels: fc.dictionary(key, value, { maxKeys: 2 }),
        matchExpressions: fc.array(
          fc.record({
            key,
            operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Near'),
            values: fc.array(value, { maxLength: 2 }),
          }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    );
    const anyPeer = fc.record(
      {
        podSelector: selector,
        namespaceSelector: selector,
        ipBlock: fc.record({ cidr: address, except: fc.array(address, { maxLength: 3 }) }),
      },
      { requiredKeys: [] },
    );
    const anyPort = fc.record(
      {
        protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP', 'tcp'),
        port: fc.oneof(
          fc.integer({ min: -1, max: 65_537 }),
          fc.constantFrom('http', '80', '', 'a--b', 'Web', 'a'.repeat(16)),
        ),
        endPort: fc.integer({ min: -1, max: 65_537 }),
      },
      { requiredKeys: [] },
    );
    const rule = (field: 'from' | 'to') =>
      fc.record({ ports: fc.array(anyPort, { maxLength: 2 }), [field]: fc.array(anyPeer, { maxLength: 2 }) });
    const spec = fc.record({
      podSelector: selector,
      ingress: fc.array(rule('from'), { maxLength: 2 }),
      egress: fc.array(rule('to'), { maxLength: 2 }),
    });
    // Text of theirs names a place as `spec.ingress[0].ports[1].endPort`.
    const placesOf = (text: readonly string[]) =>
      [...new Set(text.map((each) => each.replaceAll(/\[(\d+)\]/g, '.$1')))].sort();
    fc.assert(
      fc.property(spec, (given) => {
        const errors = new FieldErrors();
        networkPolicies.strategy.validate?.({ spec: given } as never, errors);
        const theirs = placesOf(errors.causes.map(({ field }) => field ?? ''));
        expect(placesOf(checkPolicySpec(given as never).map(({ path }) => path.join('.')))).toEqual(theirs);
      }),
      { numRuns: 1_000 },
    );
  });
});
