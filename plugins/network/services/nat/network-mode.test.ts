import { describe, expect, it } from 'vitest';
import { networkModeOf, podPartsOf } from './network-mode.ts';

const on = (annotations: Record<string, string>, spec: object = {}) => ({ metadata: { annotations }, spec });
const hostPort = { containers: [{ ports: [{ hostPort: 8080 }] }] };

describe('networkModeOf', () => {
  it.each([
    ['OVERLAY', 'nothing special', on({})],
    ['OVERLAY', 'a port of its own alone', { spec: { containers: [{ ports: [{}] }] } }],
    ['NAT', 'a port of its node', { spec: hostPort }],
    [
      'HOST',
      'the network of its node, whatever else',
      on({ 'ovn.kubernetes.io/ip_pool': '10.0.0.5' }, { hostNetwork: true, ...hostPort }),
    ],
    ['FLOATING_IP', 'a pool of addresses', on({ 'ovn.kubernetes.io/ip_pool': '10.0.0.5,10.0.0.6' }, hostPort)],
    ['FLOATING_IP', 'an address that was asked for', on({ 'ovn.kubernetes.io/ip_address': '10.0.0.5' })],
    [
      'OVERLAY',
      'an address that the engine chose',
      on({ 'ovn.kubernetes.io/ip_address': '10.0.0.5', 'ovn.kubernetes.io/allocated': 'true' }),
    ],
  ])('is %s with %s (NET-41, VND-17)', (mode, _what, pod) => {
    expect(networkModeOf(pod)).toBe(mode);
  });

  it('reads what a workload makes its pods of (NET-41)', () => {
    const template = { spec: hostPort };
    expect(podPartsOf({ spec: { template } })).toBe(template);
    expect(podPartsOf({ spec: { jobTemplate: { spec: { template } } } })).toBe(template);
    expect(podPartsOf({ spec: {} })).toBeUndefined();
  });
});
