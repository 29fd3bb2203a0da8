import { describe, expect, it } from 'vitest';
import { makePod } from '../testing/make-objects.ts';
import { bandwidthOf, publicIPOf } from './pod-network.ts';

const annotated = (annotations: Readonly<Record<string, string>>) => makePod({ metadata: { annotations } });
const ingress = 'kubernetes.io/ingress-bandwidth';
const rate = 'ovn.kubernetes.io/ingress_rate';

describe('bandwidthOf (CMP-84)', () => {
  it.each([
    ['10M', 10],
    ['1500k', 1.5],
    ['1G', 1_000],
    ['1P', 1_000_000_000],
  ])('is told in megabits by %s of bits', (text, mbps) => {
    expect(bandwidthOf(annotated({ [ingress]: text, [rate]: '7' }))).toEqual({
      ingressMbps: mbps,
      egressMbps: undefined,
    });
  });

  it('is told by Kube-OVN, each way on its own', () => {
    const pod = annotated({ [rate]: '3', 'ovn.kubernetes.io/egress_rate': '0.5' });
    expect(bandwidthOf(pod)).toEqual({ ingressMbps: 3, egressMbps: 0.5 });
  });

  it.each(['', 'fast', '-1M', '0', '1'.repeat(33)])('is not known by %j (refused)', (text) => {
    expect(bandwidthOf(annotated({ [ingress]: text })).ingressMbps).toBeUndefined();
  });
});

describe('publicIPOf (CMP-84)', () => {
  it('is the address that Kube-OVN gives a pod', () => {
    expect(publicIPOf(annotated({ 'ovn.kubernetes.io/eip': '203.0.113.7' }))).toBe('203.0.113.7');
  });

  it.each([[{}], [{ 'ovn.kubernetes.io/eip': '' }]])('is none by %j (refused)', (annotations) => {
    expect(publicIPOf(annotated(annotations))).toBeUndefined();
  });
});
