import { expect } from 'vitest';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';

const { conformanceCase } = conformanceArea('older versions');

const first = (ns: string, name = ''): string =>
  `/apis/autoscaling/v1/namespaces/${ns}/horizontalpodautoscalers${name && `/${name}`}`;
const second = (ns: string, name = ''): string => first(ns, name).replace('/v1/', '/v2/');
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' };
const source = 'autoscaling/v1 HorizontalPodAutoscaler; upstream test: pkg/apis/autoscaling conversion';
const cpu = (averageUtilization: number): Json => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

conformanceCase({ title: 'shows an autoscaler of v1 as v2, and the other way', source }, async (t) => {
  const ns = await t.namespace();
  const made = await t.create(first(ns), {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
  });
  expect([made.apiVersion, made.spec]).toEqual([
    'autoscaling/v1',
    { scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
  ]);
  const { body } = await t.api.get(second(ns, 'h'));
  expect([body.apiVersion, body.metadata.uid]).toEqual(['autoscaling/v2', made.metadata.uid]);
  expect(body.spec).toEqual({ scaleTargetRef, minReplicas: 1, maxReplicas: 3, metrics: [cpu(50)] });
  await t.api.change(second(ns, 'h'), (object) => {
    object.spec.metrics = [cpu(70)];
  });
  expect((await t.api.get(first(ns, 'h'))).body.spec.targetCPUUtilizationPercentage).toBe(70);
});

conformanceCase({ title: 'lists autoscalers in the version they are asked for', source }, async (t) => {
  const ns = await t.namespace();
  const metrics = [{ type: 'Resource', resource: { name: 'memory', target: cpu(50).resource.target } }, cpu(60)];
  await t.create(second(ns), {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: { scaleTargetRef, maxReplicas: 3, metrics },
  });
  const one = (await t.api.get(first(ns, 'h'))).body;
  const { body } = await t.api.get(first(ns));
  expect([body.kind, body.apiVersion, body.items[0].spec]).toEqual([
    'HorizontalPodAutoscalerList',
    'autoscaling/v1',
    { scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 60 },
  ]);
  expect(body.items[0].metadata.annotations).toEqual(one.metadata.annotations);
  expect((await t.api.get(second(ns))).body.items[0].spec.metrics).toEqual(metrics);
});

conformanceCase({ title: 'aims at 80 percent of the processors where v1 says nothing', source }, async (t) => {
  const ns = await t.namespace();
  await t.create(first(ns), { metadata: { name: 'h' }, spec: { scaleTargetRef, maxReplicas: 3 } });
  expect((await t.api.get(second(ns, 'h'))).body.spec.metrics).toEqual([cpu(80)]);
});

conformanceCase({ title: 'keeps in annotations what v1 has no fields for', source }, async (t) => {
  const ns = await t.namespace();
  const metrics = [
    cpu(40),
    { type: 'Pods', pods: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '3' } } },
  ];
  const behavior = { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 30 }], selectPolicy: 'Min' } };
  await t.create(second(ns), {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h', annotations: { own: 'yes' } },
    spec: { scaleTargetRef, maxReplicas: 3, metrics, behavior },
  });
  const before = (await t.api.get(second(ns, 'h'))).body;
  const { annotations } = (await t.api.get(first(ns, 'h'))).body.metadata;
  expect(annotations.own).toBe('yes');
  expect(JSON.parse(annotations['autoscaling.alpha.kubernetes.io/metrics'])).toEqual([
    { type: 'Pods', pods: { metricName: 'queue', targetAverageValue: '3' } },
  ]);
  await t.api.change(first(ns, 'h'), (object) => {
    object.spec.maxReplicas = 7;
  });
  const { metadata, spec } = (await t.api.get(second(ns, 'h'))).body;
  expect(metadata.annotations).toEqual({ own: 'yes' });
  // What had a field of its own comes behind what stood in an annotation.
  expect(spec).toEqual({ ...before.spec, maxReplicas: 7, metrics: metrics.toReversed() });
});

conformanceCase({ title: 'holds v1 to the rules of v2 (refused)', source }, async (t) => {
  const ns = await t.namespace();
  const { status, body } = await t.api.create(first(ns), {
    metadata: { name: 'h' },
    spec: { scaleTargetRef: { kind: 'Deployment' }, minReplicas: 5, maxReplicas: 3, targetCPUUtilizationPercentage: 0 },
  });
  expect(status).toBe(422);
  expect(body.details.causes.map(({ field }: Json) => field)).toEqual([
    'spec.maxReplicas',
    'spec.scaleTargetRef.name',
    'spec.scaleTargetRef.apiVersion',
    'spec.metrics[0].resource.target.averageUtilization',
  ]);
});
