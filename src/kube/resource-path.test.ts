import { describe, expect, it } from 'vitest';
import { kindRef } from './kind-ref.ts';
import { resourcePath } from './resource-path.ts';

const pods = kindRef({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });
const roles = kindRef({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  isNamespaced: false,
});

describe('resourcePath', () => {
  it.each([
    [resourcePath(pods), '/api/v1/pods'],
    [resourcePath(pods, 'shop'), '/api/v1/namespaces/shop/pods'],
    [resourcePath(pods, 'shop', 'web', 'log'), '/api/v1/namespaces/shop/pods/web/log'],
    [resourcePath(roles, undefined, 'MyRole:X'), '/apis/rbac.authorization.k8s.io/v1/clusterroles/MyRole%3AX'],
    [resourcePath(roles, 'ignored', 'a?b#c d'), '/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Fb%23c%20d'],
  ])('%s', (path, expected) => {
    expect(path).toBe(expected);
  });

  it.each(['', '.', '..', 'a/b', '%2e%2e'])('a name %j that would lead elsewhere (refused)', (name) => {
    expect(() => resourcePath(pods, 'shop', name)).toThrow('name must be a Kubernetes name');
    expect(() => resourcePath(pods, name)).toThrow('namespace must be a Kubernetes name');
  });
});
