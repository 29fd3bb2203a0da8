import fc from 'fast-check';
import type { ResourceQuotaObject } from 'longshore/plugins/core';
import { origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { otherResourcesOf } from './other-resources.ts';
import { noNeeds, type PodNeeds } from './pod-needs.ts';
import { type QuotaDemand, quotaShortages } from './quota-shortages.ts';
import { countsPod, type ScopedSpec, type Scopes } from './scopes.ts';

const gib = 2 ** 30;
const pod: PodNeeds = { ...noNeeds, cpuRequestMillicores: 500, memoryRequestBytes: gib };

describe('what a pod asks for beside CPU and memory (REL-18)', () => {
  const of = (requests: object, limits: object = {}, restartPolicy?: string) => ({
    resources: { requests, limits },
    ...(restartPolicy ? { restartPolicy } : {}),
  });
  const gpu = (count: number) => ({ 'nvidia.com/gpu': String(count) });
  it.each([
    ['nothing', { containers: [of({ cpu: '1' }, { memory: '1Gi' })] }, {}],
    ['of all its containers', { containers: [of(gpu(1)), of(gpu(2))] }, { 'nvidia.com/gpu': 3 }],
    ['a limit alone', { containers: [of({}, gpu(2))] }, { 'nvidia.com/gpu': 2 }],
    ['an init container', { containers: [of(gpu(1))], initContainers: [of(gpu(4))] }, { 'nvidia.com/gpu': 4 }],
    [
      'one that goes on running beside them',
      { containers: [of(gpu(1))], initContainers: [of(gpu(1), {}, 'Always'), of(gpu(2))] },
      { 'nvidia.com/gpu': 3 },
    ],
    ['bytes', { containers: [of({ 'ephemeral-storage': '2Gi' })] }, { 'ephemeral-storage': 2 * gib }],
  ])('is %s', (_what, spec, expected) => {
    expect(otherResourcesOf({ spec })).toEqual(expected);
  });
});

describe('quotas of the namespace (CMP-33, CMP-34, REL-18)', () => {
  const quota = (hard: object, used: object, spec: object = {}) =>
    ({
      metadata: { name: 'limits', namespace: 'shop' },
      spec,
      status: { hard, used },
      [origin]: { cluster: 'main', group: '', version: 'v1', kind: 'ResourceQuota' },
    }) as unknown as ResourceQuotaObject;
  const demand: QuotaDemand = {
    pod: { spec: {}, needs: { ...pod, cpuLimitMillicores: 1000, memoryLimitBytes: gib } },
    replicas: 4,
    running: [],
    surge: 0,
    workloads: { 'count/deployments.apps': 2 },
    claims: 0,
    claimedBytes: 0,
  };
  const running = (count: number, spec: ScopedSpec = {}) => Array.from({ length: count }, () => ({ spec, needs: pod }));

  it.each([
    ['enough', { pods: '10' }, { pods: '6' }, {}, undefined],
    ['one pod too few', { pods: '10' }, { pods: '7' }, {}, '1 are missing'],
    ['all of it in use by the service itself', { pods: '4' }, { pods: '4' }, { running: running(4) }, undefined],
    ['the same, and a surge of two', { pods: '4' }, { pods: '4' }, { running: running(4), surge: 2 }, '2 are missing'],
    ['CPU', { 'requests.cpu': '3' }, { 'requests.cpu': '1500m' }, {}, '500m are missing'],
    ['CPU by its short name', { cpu: '3' }, { cpu: '1500m' }, {}, '500m are missing'],
    ['memory', { 'requests.memory': '5Gi' }, { 'requests.memory': '2Gi' }, {}, '1Gi are missing'],
    ['limits', { 'limits.cpu': '3' }, {}, {}, '1 are missing'],
    ['Deployments', { 'count/deployments.apps': '1' }, {}, {}, '1 are missing'],
    ['claims', { persistentvolumeclaims: '3' }, {}, { claims: 4 }, '1 are missing'],
    ['storage', { 'requests.storage': '10Gi' }, {}, { claims: 1, claimedBytes: 12 * gib }, '2Gi are missing'],
    ['more in use than it allows', { pods: '4' }, { pods: '9' }, {}, '4 are missing'],
    ['what no release takes of', { 'count/jobs.batch': '0' }, {}, {}, undefined],
  ])('%s', (_what, hard, used, more, missing) => {
    const findings = quotaShortages([quota(hard, used)], { ...demand, ...more });
    if (missing === undefined) expect(findings).toEqual([]);
    else expect(findings).toMatchObject([{ quota: 'limits', message: expect.stringContaining(missing) }]);
  });

  const gpus = { ...pod, others: { 'nvidia.com/gpu': 2, 'ephemeral-storage': gib } };
  it.each([
    ['extended resources', { 'requests.nvidia.com/gpu': '6' }, {}, '2 are missing'],
    ['of which there are enough', { 'requests.nvidia.com/gpu': '8' }, {}, undefined],
    ['a scratch disk', { 'requests.ephemeral-storage': '3Gi' }, {}, '1Gi are missing'],
    ['a scratch disk by its short name', { 'ephemeral-storage': '3Gi' }, {}, '1Gi are missing'],
    ['an extended resource that it does not ask for', { 'requests.amd.com/gpu': '0' }, {}, undefined],
    ['storage of one class', { 'gold.storageclass.storage.k8s.io/requests.storage': '0' }, {}, undefined],
  ])('count %s', (_what, hard, used, missing) => {
    const findings = quotaShortages([quota(hard, used)], { ...demand, pod: { spec: {}, needs: gpus } });
    if (missing === undefined) expect(findings).toEqual([]);
    else expect(findings).toMatchObject([{ quota: 'limits', message: expect.stringContaining(missing) }]);
  });

  const requests = (amounts: object): ScopedSpec => ({ containers: [{ resources: { requests: amounts } }] });
  const ofClass = (operator: string, ...values: string[]) => ({
    scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] },
  });
  const elsewhere = { podAntiAffinity: { preferred: [{ podAffinityTerm: { namespaceSelector: {} } }] } };
  it.each<[string, object, ScopedSpec, boolean | undefined]>([
    ['no scopes', {}, {}, true],
    ['BestEffort, of a pod that asks for nothing', { scopes: ['BestEffort'] }, requests({}), true],
    ['BestEffort, of a pod that asks for a GPU alone', { scopes: ['BestEffort'] }, requests({ 'a.b/gpu': '1' }), true],
    ['BestEffort, of a pod that asks for CPU', { scopes: ['BestEffort'] }, requests({ cpu: '1' }), false],
    ['NotBestEffort', { scopes: ['NotBestEffort'] }, requests({ memory: '1Gi' }), true],
    ['Terminating', { scopes: ['Terminating'] }, {}, false],
    ['Terminating, of a pod with a deadline', { scopes: ['Terminating'] }, { activeDeadlineSeconds: 60 }, true],
    ['NotTerminating', { scopes: ['NotTerminating'] }, {}, true],
    ['all of its scopes', { scopes: ['NotTerminating', 'BestEffort'] }, requests({ cpu: '1' }), false],
    ['its priority class', ofClass('In', 'high'), { priorityClassName: 'high' }, true],
    ['another priority class', ofClass('In', 'high'), { priorityClassName: 'low' }, false],
    ['a priority class, of a pod that has none', ofClass('In', 'high'), {}, false],
    ['all but a priority class', ofClass('NotIn', 'high'), {}, true],
    ['pods with a priority class', ofClass('Exists'), { priorityClassName: 'low' }, true],
    ['pods without a priority class', ofClass('DoesNotExist'), { priorityClassName: 'low' }, false],
    ['other namespaces', { scopes: ['CrossNamespacePodAffinity'] }, {}, false],
    [
      'other namespaces, of a pod that looks there',
      { scopes: ['CrossNamespacePodAffinity'] },
      { affinity: elsewhere },
      true,
    ],
    ['a scope of a later Kubernetes', { scopes: ['Sometimes'] }, {}, undefined],
  ])('of a quota with %s count pods as Kubernetes does', (_what, spec, counted, expected) => {
    expect(countsPod(spec as Scopes, counted)).toBe(expected);
    const findings = quotaShortages([quota({ pods: '0' }, {}, spec)], {
      ...demand,
      pod: { spec: counted, needs: pod },
    });
    expect(findings).toHaveLength(expected === true ? 1 : 0);
  });

  it('count what runs only where a quota counts it too', () => {
    const scoped = quota({ pods: '4' }, { pods: '4' }, ofClass('In', 'high'));
    const next = { ...demand, pod: { spec: { priorityClassName: 'high' }, needs: pod } };
    expect(quotaShortages([scoped], { ...next, running: running(4, { priorityClassName: 'high' }) })).toEqual([]);
    expect(quotaShortages([scoped], { ...next, running: running(4) })).toMatchObject([
      { message: expect.stringContaining('4 are missing') },
    ]);
  });

  it('asks for nothing where the same pods run already, whatever their number', () => {
    fc.assert(
      fc.property(fc.nat(50), (count) => {
        const same = {
          ...demand,
          replicas: count,
          running: running(count),
          workloads: {},
          pod: { spec: {}, needs: pod },
        };
        const hard = { pods: '0', cpu: '0', memory: '0' };
        expect(quotaShortages([quota(hard, hard)], same)).toEqual([]);
      }),
    );
  });
});
