import { describe, expect, it } from 'vitest';
import { makePod } from '../testing/make-objects.ts';
import { podResources } from './pod-resources.ts';

const container = (cpu: string, memory: string, more: object = {}) => ({
  name: 'c',
  resources: { requests: { cpu, memory }, limits: { cpu: '1', memory: '1Gi' } },
  ...more,
});

describe('podResources', () => {
  it('adds up what containers ask for', () => {
    const pod = makePod({ spec: { containers: [container('250m', '64Mi'), container('0.5', '100M')] } });
    expect(podResources(pod)).toEqual({
      cpuRequestMillicores: 750,
      memoryRequestBytes: 67_108_864 + 100_000_000,
      cpuLimitMillicores: 2_000,
      memoryLimitBytes: 2_147_483_648,
    });
  });
  it('is nothing where nobody asks', () => {
    expect(podResources(makePod({ spec: { containers: [{ name: 'c' }] } }))).toEqual({
      cpuRequestMillicores: 0,
      memoryRequestBytes: 0,
      cpuLimitMillicores: undefined,
      memoryLimitBytes: undefined,
    });
  });
  it('takes a limit as request where there is none', () => {
    const pod = makePod({ spec: { containers: [{ name: 'c', resources: { limits: { cpu: '2' } } }] } });
    expect(podResources(pod).cpuRequestMillicores).toBe(2_000);
  });
  it.each([
    ['takes the larger of init and main containers', [container('900m', '0')], 900],
    ['takes init containers one after another', [container('300m', '0'), container('400m', '0')], 500],
    ['adds sidecars to the main containers', [container('100m', '0', { restartPolicy: 'Always' })], 600],
    [
      'adds sidecars to init containers that come after them',
      [container('100m', '0', { restartPolicy: 'Always' }), container('800m', '0')],
      900,
    ],
  ])('%s', (_name, initContainers, expected) => {
    const pod = makePod({ spec: { containers: [container('500m', '0')], initContainers } });
    expect(podResources(pod).cpuRequestMillicores).toBe(expected);
  });
  it("adds the runtime's overhead", () => {
    const pod = makePod({ spec: { containers: [container('500m', '0')], overhead: { cpu: '50m' } } });
    expect(podResources(pod).cpuRequestMillicores).toBe(550);
  });
  it("puts the pod's own request before those of its containers", () => {
    const pod = makePod({ spec: { containers: [container('500m', '0')], resources: { requests: { cpu: '2' } } } });
    expect(podResources(pod).cpuRequestMillicores).toBe(2_000);
  });
});
