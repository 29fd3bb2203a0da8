import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { listKubeconfigContexts, loadKubeConfig } from './load-kube-config.ts';

const config = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'arn:aws:eks:eu-west-1:123:cluster/shop',
  clusters: [
    { name: 'one', cluster: { server: 'https://one.example:6443/' } },
    { name: 'bad', cluster: { server: 'ftp://bad' } },
    { name: 'broken' },
  ],
  users: [{ name: 'ann', user: { token: 'canary-5f1d' } }],
  contexts: [
    { name: 'arn:aws:eks:eu-west-1:123:cluster/shop', context: { cluster: 'one', user: 'ann' } },
    { name: 'ann@one', context: { cluster: 'one', user: 'ann', namespace: 'home' } },
    { name: 'nobody', context: { cluster: 'one', user: 'nobody' } },
    { name: 'to-bad', context: { cluster: 'bad', user: 'ann' } },
    { name: 'to-broken', context: { cluster: 'broken', user: 'ann' } },
  ],
};
const kubeconfigText = stringify(config);

describe('listKubeconfigContexts', () => {
  it('makes a cluster of each context, also of two on one server', () => {
    expect(listKubeconfigContexts({ text: kubeconfigText })).toEqual(
      config.contexts.map(({ name }, index) => ({ name, isCurrent: index === 0 })),
    );
  });

  it.each([
    ['a: [canary-5f1d', 'The kubeconfig is not valid YAML'],
    ['- 1', 'The kubeconfig is not a kubeconfig'],
    ['', 'The kubeconfig is not a kubeconfig'],
  ])('%j (refused), without its text', (text, message) => {
    expect(() => listKubeconfigContexts({ text })).toThrow(message);
    try {
      listKubeconfigContexts({ text });
    } catch (error) {
      expect(`${error} ${error instanceof Error ? error.cause : ''}`).not.toContain('canary');
    }
  });

  it('a file that is not there (refused)', () => {
    expect(() => listKubeconfigContexts({ path: '/nowhere/config' })).toThrow(
      "The kubeconfig '/nowhere/config' cannot be read: ENOENT.",
    );
  });
});

describe('loadKubeConfig', () => {
  it('takes the context asked for, else the current one', () => {
    expect(loadKubeConfig({ kubeconfigText }).getCurrentContext()).toBe('arn:aws:eks:eu-west-1:123:cluster/shop');
    const chosen = loadKubeConfig({ kubeconfigText, context: 'ann@one' });
    expect(chosen.getCurrentCluster()?.server).toBe('https://one.example:6443');
    expect(chosen.getCurrentUser()?.name).toBe('ann');
    expect(loadKubeConfig({ kubeconfigText, context: 'nobody' }).getCurrentUser()?.name).toBe('nobody');
  });

  it.each([
    ['missing', 'The kubeconfig has no context "missing".'],
    ['to-bad', "Cluster 'bad' of the kubeconfig has no usable server address."],
    ['to-broken', "Context 'to-broken' of the kubeconfig names cluster 'broken', which it does not define."],
  ])('context %s (refused)', (context, message) => {
    expect(() => loadKubeConfig({ kubeconfigText, context })).toThrow(message);
  });

  it('outside a cluster there is no in-cluster configuration (refused)', () => {
    expect(() => loadKubeConfig({ inCluster: true })).toThrow('The gateway does not run inside a cluster');
  });
});
