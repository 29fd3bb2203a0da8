import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../kubernetes-shapes.ts';
import { startTestCluster, type TestCluster, testDeployment } from '../testing/start-test-cluster.ts';
import type { Autoscaler } from './autoscaler-shapes.ts';

const load = (text: string) => ({ 'embedded.longshore.dev/load': text });
const requests = { resources: { requests: { cpu: '200m', memory: '64Mi' } } };
let cluster: TestCluster;

beforeEach(() => {
  cluster = startTestCluster({ nodes: 3 });
});
afterEach(async () => {
  expect(cluster.complaints).toEqual([]);
  await cluster.stop();
});

function autoscale(name: string, spec: object = {}): void {
  cluster.create('autoscaling', 'horizontalpodautoscalers', {
    metadata: { name },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, maxReplicas: 10, ...spec },
  });
}

const read = (name: string): Autoscaler => cluster.get('autoscaling', 'horizontalpodautoscalers', name);
const replicasOf = (name: string): number => cluster.get<Deployment>('apps', 'deployments', name).spec.replicas ?? 0;
const conditions = (name: string): string[] =>
  (read(name).status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
const message = (name: string, type: string): string | undefined =>
  read(name).status?.conditions?.find((each) => each.type === type)?.message;

/** Time passes in steps of the controller. */
function wait(seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 5) cluster.clock.advance(5_000);
}

describe('the horizontal pod autoscaler', () => {
  it('says nothing before its first look, and does not say null metrics are none', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 2, { container: requests }));
    autoscale('web');
    wait(10);
    expect(read('web').status).toEqual({ desiredReplicas: 0, currentMetrics: null });
  });

  it('scales up to what a shared load needs, and stays there', () => {
    cluster.create(
      'apps',
      'deployments',
      testDeployment('web', 1, { container: requests, annotations: load('steady 280 shared') }),
    );
    autoscale('web', {
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    });
    wait(600);
    expect(replicasOf('web')).toBe(5);
    expect(conditions('web')).toEqual([
      'AbleToScale=True ReadyForNewScale',
      'ScalingActive=True ValidMetricFound',
      'ScalingLimited=False DesiredWithinRange',
    ]);
    expect(message('web', 'ScalingActive')).toBe(
      'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    );
    expect(read('web').status).toMatchObject({
      currentReplicas: 5,
      desiredReplicas: 5,
      lastScaleTime: expect.any(String),
      currentMetrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            current: { averageUtilization: expect.any(Number), averageValue: expect.stringMatching(/^\d+m$/) },
          },
        },
      ],
    });
    expect(cluster.events('SuccessfulRescale').map((event) => event.message)[0]).toMatch(
      /^New size: \d; reason: cpu resource utilization \(percentage of request\) above target$/,
    );
  });

  it('waits for five minutes before it scales down, then goes to its minimum', () => {
    cluster.create(
      'apps',
      'deployments',
      testDeployment('web', 4, { container: requests, annotations: load('steady 1') }),
    );
    autoscale('web', { minReplicas: 2 });
    wait(120);
    expect(replicasOf('web')).toBe(4);
    expect(conditions('web')).toContain('AbleToScale=True ScaleDownStabilized');
    wait(300);
    expect(replicasOf('web')).toBe(2);
    expect(conditions('web')).toContain('ScalingLimited=True TooFewReplicas');
    expect(cluster.events('SuccessfulRescale').map((event) => event.message)).toEqual([
      'New size: 2; reason: All metrics below target',
    ]);
  });

  it.each([
    [7, 'New size: 5; reason: Current number of replicas above Spec.MaxReplicas', 5],
    [1, 'New size: 2; reason: Current number of replicas below Spec.MinReplicas', 2],
  ])('brings %d replicas into its bounds without asking metrics', (replicas, event, expected) => {
    cluster.create('apps', 'deployments', testDeployment('web', replicas));
    autoscale('web', { minReplicas: 2, maxReplicas: 5 });
    wait(15);
    expect(replicasOf('web')).toBe(expected);
    expect(cluster.events('SuccessfulRescale').map((each) => each.message)).toEqual([event]);
    expect(conditions('web')).toEqual(['AbleToScale=True SucceededRescale']);
  });

  it('aims at the use of one container', () => {
    cluster.create(
      'apps',
      'deployments',
      testDeployment('web', 1, { container: requests, annotations: load('steady 140 shared') }),
    );
    const containerResource = {
      name: 'cpu',
      container: 'main',
      target: { type: 'Utilization', averageUtilization: 50 },
    };
    autoscale('web', { metrics: [{ type: 'ContainerResource', containerResource }] });
    wait(600);
    expect(replicasOf('web')).toBe(3);
    expect(message('web', 'ScalingActive')).toContain('cpu container resource utilization (percentage of request)');
  });

  it('aims at an average of memory', () => {
    cluster.create(
      'apps',
      'deployments',
      testDeployment('web', 1, {
        container: requests,
        annotations: { 'embedded.longshore.dev/load-memory': 'steady 100' },
      }),
    );
    autoscale('web', {
      metrics: [
        { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '32Mi' } } },
      ],
      maxReplicas: 3,
    });
    wait(120);
    expect(replicasOf('web')).toBe(3);
    expect(conditions('web')).toContain('ScalingLimited=True TooManyReplicas');
  });

  it('says that it cannot compute without requests (refused)', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 1));
    autoscale('web');
    wait(30);
    const pod = cluster.pods()[0]?.metadata.name;
    const detail = `failed to get cpu utilization: missing request for cpu in container main of Pod ${pod}`;
    expect(conditions('web')).toEqual([
      'AbleToScale=True SucceededGetScale',
      'ScalingActive=False FailedGetResourceMetric',
    ]);
    expect(message('web', 'ScalingActive')).toBe(`the HPA was unable to compute the replica count: ${detail}`);
    expect(cluster.events('FailedGetResourceMetric')[0]?.message).toBe(detail);
    expect(cluster.events('FailedComputeMetricsReplicas')[0]?.message).toBe(
      `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${detail}`,
    );
    expect(read('web').status).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 0,
      currentMetrics: [{ type: '' }],
    });
    expect(replicasOf('web')).toBe(1);
  });

  it.each([
    [
      { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
      'FailedGetPodsMetric',
      'unable to get metric rps: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      {
        type: 'Object',
        object: {
          metric: { name: 'hits' },
          describedObject: { kind: 'Service', name: 'web', apiVersion: 'v1' },
          target: { type: 'Value', value: '10' },
        },
      },
      'FailedGetObjectMetric',
      'unable to get metric hits: Service on default web/unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '10' } } },
      'FailedGetExternalMetric',
      'unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
    ],
  ])('finds no source for metric %# (refused)', (metric, reason, detail) => {
    cluster.create('apps', 'deployments', testDeployment('web', 1));
    autoscale('web', { metrics: [metric] });
    wait(15);
    expect(conditions('web')).toContain(`ScalingActive=False ${reason}`);
    expect(message('web', 'ScalingActive')).toBe(`the HPA was unable to compute the replica count: ${detail}`);
    expect(cluster.events(reason)[0]?.message).toBe(detail);
  });

  it('goes up on one good metric, but not down (refused)', () => {
    const bad = {
      type: 'Pods',
      pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
    };
    const good = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    };
    cluster.create(
      'apps',
      'deployments',
      testDeployment('up', 1, { container: requests, annotations: load('steady 95 shared') }),
    );
    cluster.create(
      'apps',
      'deployments',
      testDeployment('down', 3, { container: requests, annotations: load('steady 1') }),
    );
    autoscale('up', { metrics: [bad, good] });
    autoscale('down', { metrics: [bad, good] });
    wait(600);
    expect(replicasOf('up')).toBe(2);
    expect(replicasOf('down')).toBe(3);
    expect(conditions('down')).toContain('ScalingActive=False FailedGetPodsMetric');
  });

  it.each([
    [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }, 'deployments.apps "none" not found'],
    [{ apiVersion: 'foo/v1', kind: 'Foo', name: 'x' }, 'no matches for kind "Foo" in group "foo"'],
    [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x' }, 'the server could not find the requested resource'],
  ])('cannot get the scale of %j (refused)', (scaleTargetRef, why) => {
    autoscale('web', { scaleTargetRef });
    wait(15);
    expect(conditions('web')).toEqual(['AbleToScale=False FailedGetScale']);
    expect(message('web', 'AbleToScale')).toBe(
      `the HPA controller was unable to get the target's current scale: ${why}`,
    );
    expect(read('web').status).toMatchObject({ desiredReplicas: 0, currentMetrics: null });
  });

  it('leaves a target at zero alone (refused)', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 0));
    autoscale('web');
    wait(30);
    expect(conditions('web')).toEqual(['AbleToScale=True SucceededGetScale', 'ScalingActive=False ScalingDisabled']);
    expect(replicasOf('web')).toBe(0);
  });

  it('notices another that selects the same pods (refused)', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 1, { container: requests }));
    autoscale('web');
    wait(20);
    autoscale('twin', { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } });
    wait(30);
    expect(message('twin', 'ScalingActive')).toBe(
      'pods by selector app=web are controlled by multiple HPAs: [default/twin default/web]',
    );
    expect(conditions('web')).toContain('ScalingActive=False AmbiguousSelector');
    cluster.remove('autoscaling', 'horizontalpodautoscalers', 'twin');
    wait(300);
    expect(conditions('web')).toContain('ScalingActive=True ValidMetricFound');
  });
});
