import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../testing/profile-named.ts';
import { planPolicy } from './plan-policy.ts';
import type { PolicyForm } from './policy-form.ts';
import { inputPathOfPolicy } from './write-policy.ts';

const plan = (form: PolicyForm, existing?: object) =>
  planPolicy({ namespace: 'shop', name: 'web', form, profile: profileNamed('default'), existing });
const issuesOf = (form: PolicyForm, existing?: object) =>
  plan(form, existing).issues.map(({ path, code }) => `${path.join('.')} ${code}`);
const front = { matchLabels: [{ key: 'tier', value: 'front' }] };

describe('the form for NetworkPolicies', () => {
  it('makes selectors, peers and ports of it (NET-33)', () => {
    const form: PolicyForm = {
      podSelector: { ...front, matchExpressions: [{ key: 'old', operator: 'DOES_NOT_EXIST' }] },
      policyTypes: ['EGRESS', 'INGRESS'],
      ingress: [
        {
          peers: [
            { podSelector: front, namespaceSelector: {} },
            { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          ],
          ports: [
            { port: 80, endPort: 90 },
            { protocol: 'UDP', port: 'dns' },
          ],
        },
        {},
      ],
      egress: [],
      description: 'For the shop',
      labels: [{ key: 'team', value: 'a' }],
    };
    const { manifest, issues } = plan(form);
    expect(issues).toEqual([]);
    const selector = { matchLabels: { tier: 'front' } };
    expect(manifest).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: 'web',
        namespace: 'shop',
        labels: { team: 'a' },
        annotations: { 'longshore.dev/description': 'For the shop' },
      },
      spec: {
        podSelector: { ...selector, matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }] },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              { podSelector: selector, namespaceSelector: {} },
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
            ],
            ports: [
              { protocol: 'TCP', port: 80, endPort: 90 },
              { protocol: 'UDP', port: 'dns' },
            ],
          },
          {},
        ],
        egress: [],
      },
    });
  });

  it('is for every pod where nothing is said, and leaves the types to the cluster (NET-33)', () => {
    expect(plan({}).manifest.spec).toEqual({ podSelector: {} });
  });

  const existing = {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 1 }] }] },
  };

  it.each<[string, PolicyForm, object]>([
    ['nothing', {}, existing.spec],
    [
      'rules for another direction, which count then',
      { egress: [{}] },
      { ...existing.spec, policyTypes: ['Ingress', 'Egress'], egress: [{}] },
    ],
    ['no rules', { ingress: null }, { podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Ingress'] }],
    ['an empty selector', { podSelector: {} }, { ...existing.spec, podSelector: {} }],
    [
      'types that the cluster shall find',
      { policyTypes: null },
      { podSelector: { matchLabels: { a: 'b' } }, ingress: [{ ports: [{ port: 1 }] }] },
    ],
  ])('changes %s of a policy, and keeps the rest (NET-33)', (_what, form, spec) => {
    const { manifest, issues } = plan(form, existing);
    expect([manifest.spec, issues]).toEqual([spec, []]);
  });

  it.each<[string, PolicyForm, string[]]>([
    ['rules without effect', { policyTypes: ['INGRESS'], egress: [{}] }, ['policyTypes no_effect']],
    ['a type that nobody knows', { policyTypes: ['INGRESS', 'UNKNOWN' as never] }, ['policyTypes.1 not_supported']],
    [
      'a label twice',
      {
        podSelector: {
          matchLabels: [
            { key: 'a', value: '1' },
            { key: 'a', value: '2' },
          ],
        },
      },
      ['podSelector.matchLabels.1.key duplicate'],
    ],
    [
      'a label of a peer twice',
      {
        egress: [
          {
            peers: [
              {
                namespaceSelector: {
                  matchLabels: [
                    { key: 'a', value: '1' },
                    { key: 'a', value: '2' },
                  ],
                },
              },
            ],
          },
        ],
      },
      ['egress.0.peers.0.namespaceSelector.matchLabels.1.key duplicate'],
    ],
    [
      'an operator that nobody knows',
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'UNKNOWN' as never }] } },
      ['podSelector.matchExpressions.0.operator not_supported'],
    ],
    ['more rules than there may be', { ingress: Array.from({ length: 201 }, () => ({})) }, ['ingress too_big']],
    [
      'what an API server refuses, at its place',
      {
        ingress: [
          {},
          { peers: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/9'] } }], ports: [{ port: 2, endPort: 1 }] },
        ],
      },
      ['ingress.1.ports.0.endPort invalid', 'ingress.1.peers.0.ipBlock.except.0 not_inside'],
    ],
  ])('refuses %s (refused, NET-33)', (_what, form, expected) => expect(issuesOf(form)).toEqual(expected));

  it.each([
    [['metadata', 'name'], 'name'],
    [['metadata', 'labels', 'a'], 'labels.a'],
    [['spec', 'egress', 1, 'to', 0, 'ipBlock', 'cidr'], 'egress.1.peers.0.ipBlock.cidr'],
    [['spec', 'ingress', 0, 'ports', 2, 'port'], 'ingress.0.ports.2.port'],
    [['spec', 'podSelector'], 'podSelector'],
    [['other'], 'other'],
  ])('tells of %j what it has there itself (NET-33)', (path, expected) => {
    expect(inputPathOfPolicy(path).join('.')).toBe(expected);
  });
});
