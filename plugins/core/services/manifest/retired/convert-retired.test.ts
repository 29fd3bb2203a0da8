import type { KindRef } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { readNow } from '../../../testing/read-now.ts';
import { convertRetired } from './convert-retired.ts';

/** A cluster that serves what is current, and nothing older. */
function findKind(apiVersion: string, kind: string): KindRef | undefined {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return /^v\d+$/.test(version) && apiVersion !== 'snapshot.storage.k8s.io/v1'
    ? { group, version, kind, plural: `${kind.toLowerCase()}s`, isNamespaced: true }
    : undefined;
}

async function convert(apiVersion: string, kind: string, rest: string) {
  const { documents, issues } = readNow(
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a, namespace: shop}\n${rest}`,
  );
  expect(issues).toEqual([]);
  const [document] = documents;
  if (document === undefined) throw new Error('nothing was read');
  return convertRetired(document, findKind);
}

async function converted(apiVersion: string, kind: string, rest: string) {
  const found = await convert(apiVersion, kind, rest);
  if (found === undefined || 'refusal' in found) throw new Error(JSON.stringify(found));
  const { document, remarks } = found;
  return { document, object: document.object, codes: remarks.map(({ code }) => code), remarks };
}

const template = 'template: {metadata: {labels: {app: web}}, spec: {containers: []}}';

describe('convertRetired', () => {
  it.each([
    ['extensions/v1beta1', 'Deployment', 'apps/v1'],
    ['extensions/v1beta1', 'DaemonSet', 'apps/v1'],
    ['extensions/v1beta1', 'ReplicaSet', 'apps/v1'],
    ['apps/v1beta1', 'StatefulSet', 'apps/v1'],
    ['apps/v1beta2', 'Deployment', 'apps/v1'],
  ])('CON-38: takes %s %s as %s, with the selector that was meant', async (from, kind, to) => {
    const { object, codes } = await converted(from, kind, `spec:\n  ${template}\n`);
    expect(object).toMatchObject({ apiVersion: to, kind, spec: { selector: { matchLabels: { app: 'web' } } } });
    expect(codes).toEqual(expect.arrayContaining(['retired_api', 'selector_written_out']));
  });

  it.each([
    ['extensions/v1beta1', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'IngressClass', 'networking.k8s.io/v1'],
    ['batch/v1beta1', 'CronJob', 'batch/v1'],
    ['batch/v2alpha1', 'CronJob', 'batch/v1'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2'],
    ['rbac.authorization.k8s.io/v1beta1', 'Role', 'rbac.authorization.k8s.io/v1'],
    ['storage.k8s.io/v1beta1', 'StorageClass', 'storage.k8s.io/v1'],
    ['scheduling.k8s.io/v1beta1', 'PriorityClass', 'scheduling.k8s.io/v1'],
    ['policy/v1beta1', 'PodDisruptionBudget', 'policy/v1'],
  ])('CON-38: takes %s %s as %s and leaves the rest alone', async (from, kind, to) => {
    const { object, remarks } = await converted(from, kind, 'spec: {some: thing}\n');
    expect(object).toEqual({
      apiVersion: to,
      kind,
      metadata: { name: 'a', namespace: 'shop' },
      spec: { some: 'thing' },
    });
    expect(remarks).toMatchObject([
      { path: ['apiVersion'], code: 'retired_api', message: expect.stringContaining(to) },
    ]);
  });

  it('leaves a selector that is written out, and drops what apps/v1 does not have', async () => {
    const { object, codes } = await converted(
      'extensions/v1beta1',
      'Deployment',
      `spec:\n  rollbackTo: {revision: 1}\n  selector: {matchLabels: {app: other}}\n  ${template}\n`,
    );
    expect(object.spec).toMatchObject({ selector: { matchLabels: { app: 'other' } } });
    expect(object.spec).not.toHaveProperty('rollbackTo');
    expect(codes).toEqual(['retired_api', 'field_left_out', 'other_defaults']);
  });

  it('CON-38: gives the backends of an Ingress their new shape, and keeps their lines', async () => {
    const { object, document, codes } = await converted(
      'extensions/v1beta1',
      'Ingress',
      [
        'spec:',
        '  backend: {serviceName: rest, servicePort: 80}',
        '  rules:',
        '    - host: shop.example',
        '      http:',
        '        paths:',
        '          - path: /a',
        '            backend:',
        '              serviceName: front',
        '              servicePort: http',
        '          - {path: /b, pathType: Prefix, backend: {serviceName: back, servicePort: "8080"}}',
      ].join('\n'),
    );
    expect(object).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'a', namespace: 'shop' },
      spec: {
        defaultBackend: { service: { name: 'rest', port: { number: 80 } } },
        rules: [
          {
            host: 'shop.example',
            http: {
              paths: [
                {
                  path: '/a',
                  pathType: 'ImplementationSpecific',
                  backend: { service: { name: 'front', port: { name: 'http' } } },
                },
                { path: '/b', pathType: 'Prefix', backend: { service: { name: 'back', port: { number: 8080 } } } },
              ],
            },
          },
        ],
      },
    });
    expect(codes).toEqual(['retired_api', 'path_type_added']);
    const paths = ['spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service'];
    expect(document.locate([...paths, 'name'])).toEqual({ line: 12, column: 28 });
    expect(document.locate([...paths, 'port', 'name'])).toEqual({ line: 13, column: 28 });
    expect(document.locate(['spec', 'defaultBackend', 'service', 'port', 'number'])).toMatchObject({ line: 5 });
  });

  it('CON-38: gives the metrics of an autoscaler their new shape, and its target a version that is there', async () => {
    const { object, codes } = await converted(
      'autoscaling/v2beta1',
      'HorizontalPodAutoscaler',
      [
        'spec:',
        '  scaleTargetRef: {apiVersion: extensions/v1beta1, kind: Deployment, name: web}',
        '  metrics:',
        '    - {type: Resource, resource: {name: cpu, targetAverageUtilization: 60}}',
        '    - {type: Resource, resource: {name: memory, targetAverageValue: 1Gi}}',
        '    - {type: Pods, pods: {metricName: hits, targetAverageValue: 1k}}',
        '    - type: Object',
        '      object: {target: {kind: Ingress, name: i}, metricName: rps, targetValue: 2k}',
        '    - {type: External, external: {metricName: queue, metricSelector: {matchLabels: {q: a}}, targetAverageValue: 30}}',
      ].join('\n'),
    );
    expect(object).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
          { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
          { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '1k' } } },
          {
            type: 'Object',
            object: {
              describedObject: { kind: 'Ingress', name: 'i' },
              metric: { name: 'rps' },
              target: { type: 'Value', value: '2k' },
            },
          },
          {
            type: 'External',
            external: {
              metric: { name: 'queue', selector: { matchLabels: { q: 'a' } } },
              target: { type: 'AverageValue', averageValue: 30 },
            },
          },
        ],
      },
    });
    expect(JSON.stringify(object)).not.toMatch(/targetAverage|metricName|metricSelector/);
    expect(codes).toEqual(['retired_api', 'retired_api']);
  });

  it('gives subjects of rbac v1alpha1 the group of their API', async () => {
    const rest =
      'subjects: [{kind: User, name: a, apiVersion: rbac.authorization.k8s.io/v1alpha1}, {kind: ServiceAccount, name: b, apiVersion: v1}]\n';
    const { object } = await converted('rbac.authorization.k8s.io/v1alpha1', 'RoleBinding', rest);
    expect(object.subjects).toEqual([
      { kind: 'User', name: 'a', apiGroup: 'rbac.authorization.k8s.io' },
      { kind: 'ServiceAccount', name: 'b', apiGroup: '' },
    ]);
  });

  it('renames the shares of a priority level', async () => {
    const { object } = await converted(
      'flowcontrol.apiserver.k8s.io/v1beta2',
      'PriorityLevelConfiguration',
      'spec: {type: Limited, limited: {assuredConcurrencyShares: 5}}\n',
    );
    expect(object.spec).toEqual({ type: 'Limited', limited: { nominalConcurrencyShares: 5 } });
  });

  it.each([
    ['a policy without successor', 'policy/v1beta1', 'PodSecurityPolicy', 'spec: {}\n', 'is gone since'],
    [
      'a definition that must be written anew',
      'apiextensions.k8s.io/v1beta1',
      'CustomResourceDefinition',
      '',
      'structural schema',
    ],
    [
      'a webhook that lacks what it needs',
      'admissionregistration.k8s.io/v1beta1',
      'MutatingWebhookConfiguration',
      '',
      'sideEffects',
    ],
    [
      'a budget whose meaning would turn round',
      'policy/v1beta1',
      'PodDisruptionBudget',
      'spec: {selector: {}}\n',
      'no pod at all',
    ],
    [
      'a Deployment without labels to select by',
      'apps/v1beta1',
      'Deployment',
      'spec: {template: {}}\n',
      'needs spec.selector',
    ],
    [
      'an Ingress with half a backend',
      'extensions/v1beta1',
      'Ingress',
      'spec: {backend: {serviceName: a}}\n',
      'servicePort',
    ],
    ['what the cluster serves in no version', 'snapshot.storage.k8s.io/v1beta1', 'VolumeSnapshot', '', 'serves no'],
  ])('CON-38: converts %s (refused), and says why', async (_name, apiVersion, kind, rest, reason) => {
    expect(await convert(apiVersion, kind, rest)).toMatchObject({
      refusal: { code: 'retired_api', message: expect.stringContaining(reason) },
    });
  });

  it('has nothing to say about what was never retired', async () => {
    expect(await convert('acme.io/v1beta1', 'Widget', '')).toBeUndefined();
    expect(await convert('constructor', 'toString', '')).toBeUndefined();
  });
});
