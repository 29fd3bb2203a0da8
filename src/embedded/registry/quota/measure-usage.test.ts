import { describe, expect, it } from 'vitest';
import type { ClusterObject } from '../../store/types.ts';
import { matchesQuotaScopes } from './matches-quota-scopes.ts';
import { measureUsage, resourceOfQuotaName } from './measure-usage.ts';

function object(kind: string, spec: object, rest: object = {}): ClusterObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'x', namespace: 'shop' }, spec, ...rest };
}

const container = (cpu: string, extra: object = {}): object => ({ resources: { requests: { cpu } }, ...extra });

describe('measureUsage', () => {
  it.each([
    {
      name: 'adds up the containers of a pod',
      plural: 'pods',
      of: object('Pod', { containers: [container('250m'), { resources: { limits: { memory: '100Mi' } } }] }),
      usage: { 'count/pods': '1', pods: '1', cpu: '250m', 'requests.cpu': '250m', 'limits.memory': '100Mi' },
    },
    {
      name: 'counts an init container that asks for more',
      plural: 'pods',
      of: object('Pod', { containers: [container('250m')], initContainers: [container('1')] }),
      usage: { 'count/pods': '1', pods: '1', cpu: '1', 'requests.cpu': '1' },
    },
    {
      name: 'counts sidecars beside the containers',
      plural: 'pods',
      of: object('Pod', {
        containers: [container('250m')],
        initContainers: [container('250m', { restartPolicy: 'Always' })],
      }),
      usage: { 'count/pods': '1', pods: '1', cpu: '500m', 'requests.cpu': '500m' },
    },
    {
      name: 'counts a pod that has ended only as an object',
      plural: 'pods',
      of: object('Pod', { containers: [container('1')] }, { status: { phase: 'Succeeded' } }),
      usage: { 'count/pods': '1' },
    },
    {
      name: 'counts the node ports of a service',
      plural: 'services',
      of: object('Service', { type: 'NodePort', ports: [{ port: 80 }, { port: 81 }] }),
      usage: { 'count/services': '1', services: '1', 'services.nodeports': '2', 'services.loadbalancers': '0' },
    },
    {
      name: 'counts storage by class',
      plural: 'persistentvolumeclaims',
      of: object('PersistentVolumeClaim', { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } }),
      usage: {
        'count/persistentvolumeclaims': '1',
        persistentvolumeclaims: '1',
        'requests.storage': '1Gi',
        'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
        'fast.storageclass.storage.k8s.io/requests.storage': '1Gi',
      },
    },
    {
      name: 'counts config maps by both names',
      plural: 'configmaps',
      of: object('ConfigMap', {}),
      usage: { 'count/configmaps': '1', configmaps: '1' },
    },
  ])('$name', ({ plural, of, usage }) => {
    expect(measureUsage('', plural, of, 0)).toEqual(usage);
  });

  it('counts all other kinds as objects', () => {
    expect(measureUsage('apps', 'deployments', object('Deployment', {}), 0)).toEqual({ 'count/deployments.apps': '1' });
  });
});

describe('resourceOfQuotaName', () => {
  it.each([
    ['requests.cpu', 'pods'],
    ['pods', 'pods'],
    ['services.nodeports', 'services'],
    ['requests.storage', 'persistentvolumeclaims'],
    ['fast.storageclass.storage.k8s.io/requests.storage', 'persistentvolumeclaims'],
    ['count/jobs.batch', 'jobs.batch'],
    ['secrets', 'secrets'],
  ])('finds what uses %s', (name, resource) => {
    expect(resourceOfQuotaName(name)).toBe(resource);
  });
});

describe('matchesQuotaScopes', () => {
  const quota = (spec: object): ClusterObject => object('ResourceQuota', spec);
  const important = object('Pod', { priorityClassName: 'high' }, { status: { qosClass: 'Burstable' } });
  const high = { scopeName: 'PriorityClass', operator: 'In', values: ['high'] };
  it.each([
    { name: 'everything without scopes', spec: {}, isMatch: true },
    { name: 'what is not of best effort', spec: { scopes: ['NotBestEffort'] }, isMatch: true },
    { name: 'what is of best effort (refused)', spec: { scopes: ['BestEffort'] }, isMatch: false },
    { name: 'a priority class', spec: { scopeSelector: { matchExpressions: [high] } }, isMatch: true },
    {
      name: 'another priority class (refused)',
      spec: { scopeSelector: { matchExpressions: [{ ...high, values: ['low'] }] } },
      isMatch: false,
    },
    { name: 'what has a deadline (refused)', spec: { scopes: ['Terminating'] }, isMatch: false },
  ])('counts $name', ({ spec, isMatch }) => {
    expect(matchesQuotaScopes(quota(spec), important)).toBe(isMatch);
  });
});
