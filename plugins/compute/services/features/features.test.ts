import type { Cluster } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../testing/profile-named.ts';
import { collectorsAmong, requireInjector } from './feature-offers.ts';
import { type FeatureDecisions, isFeatureOn, requireOn, undecided } from './feature-state.ts';

describe('a feature of a cluster (CMP-16)', () => {
  it.each<[string, FeatureDecisions, string, boolean]>([
    ['is on where nobody decided', undecided, 'default', true],
    ['is off where nobody decided and the profile wants that', undecided, 'aks-public', false],
    ['is off in the private edition too', undecided, 'aks-private', false],
    ['is on as somebody decided', { mesh: true, logs: null }, 'aks-public', true],
    ['is off as somebody decided', { mesh: false, logs: null }, 'default', false],
  ])('%s', (_words, decided, profile, isOn) => {
    expect(isFeatureOn('mesh', decided, profileNamed(profile))).toBe(isOn);
  });

  it('that is off says who cures it (refused)', () => {
    const require = () => requireOn('mesh', 'east', undecided, profileNamed('aks-public'));
    expect(require).toThrow(expect.objectContaining({ reason: 'MESH_OFF' }));
    expect(require).toThrow(/off in cluster 'east'.*administrator.*updateClusterFeatures/);
  });
});

describe('agents that collect logs (CMP-16)', () => {
  const named = (name: string, labels: object = {}) => ({ metadata: { name, labels: { ...labels } } });
  it('are known by their names and labels, each once', () => {
    const found = collectorsAmong([
      named('promtail'),
      named('x', { 'app.kubernetes.io/name': 'alloy' }),
      named('y', { 'k8s-app': 'fluentd' }),
      named('z', { app: 'fluentd' }),
      named('constructor'),
      named('kube-proxy', { 'k8s-app': 'kube-proxy' }),
    ]);
    expect(found).toEqual(['Fluentd', 'Grafana Alloy', 'Promtail']);
  });
});

describe('the injector of a mesh (CMP-16)', () => {
  const clusterWith = (answer: object, serves = true) =>
    ({ name: 'east', serves: () => serves, reader: () => ({ list: async () => answer }) }) as unknown as Cluster;
  const hook = (name: string, labels: object = {}) => ({ metadata: { name, labels } });

  it.each([
    ['istio-sidecar-injector', {}],
    ['istio-sidecar-injector-canary', {}],
    ['istio-revision-tag-default', {}],
    ['anything', { app: 'sidecar-injector' }],
  ])('is there by %s', async (name, labels) => {
    expect(await requireInjector(clusterWith({ items: [hook(name, labels)], problems: [] }))).toBe(true);
  });

  it('is missed where the kinds of Istio were left behind (refused)', async () => {
    const left = clusterWith({ items: [hook('cert-manager-webhook')], problems: [] });
    await expect(requireInjector(left)).rejects.toMatchObject({
      code: 'CAPABILITY_MISSING',
      capability: 'service mesh',
    });
  });

  it('is not judged where it may not be looked up', async () => {
    expect(await requireInjector(clusterWith({ items: [], problems: [{ code: 'FORBIDDEN' }] }))).toBe(false);
    expect(await requireInjector(clusterWith({ items: [], problems: [] }, false))).toBe(false);
  });
});
