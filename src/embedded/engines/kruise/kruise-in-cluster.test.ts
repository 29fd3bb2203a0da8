import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterObject } from '../../store/types.ts';
import { group } from './kinds.ts';
import { createCloneSetBench } from './testing/clone-set-bench.ts';
import { type KruiseCluster, startKruise } from './testing/start-kruise.ts';

interface Budget extends ClusterObject {
  readonly status?: { readonly expectedPods?: number; readonly disruptionsAllowed?: number };
}

/** What the rest of the cluster makes of CloneSets. */
describe('CloneSets among others', () => {
  let kruise: KruiseCluster;
  const { create, names, status } = createCloneSetBench(() => kruise);

  beforeEach(async () => {
    kruise = await startKruise({ nodes: 2 });
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it('are scaled by an autoscaler, through their scale subresource', () => {
    create({
      replicas: 1,
      template: {
        metadata: { labels: { app: 'web' }, annotations: { 'embedded.longshore.dev/load': 'steady 280 shared' } },
        spec: {
          containers: [{ name: 'main', image: 'registry.local/web:1', resources: { requests: { cpu: '200m' } } }],
        },
      },
    });
    kruise.create('autoscaling', 'horizontalpodautoscalers', {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: `${group}/v1alpha1`, kind: 'CloneSet', name: 'web' },
        maxReplicas: 10,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
        ],
      },
    });
    for (let passed = 0; passed < 300; passed += 5) kruise.clock.advance(5_000);
    expect(kruise.cloneSet().spec.replicas).toBe(5);
    expect(status()).toMatchObject({ readyReplicas: 5 });
  });

  it('count for disruption budgets by their size', () => {
    create({ replicas: 4 });
    kruise.create('policy', 'poddisruptionbudgets', {
      metadata: { name: 'web', namespace: 'default' },
      spec: { maxUnavailable: '25%', selector: { matchLabels: { app: 'web' } } },
    });
    kruise.clock.advance(1_000);
    const [budget] = kruise.list<Budget>('policy', 'poddisruptionbudgets');
    expect(budget?.status).toMatchObject({ expectedPods: 4, disruptionsAllowed: 1 });
  });

  it('take their pods, revisions and claims with them', () => {
    create({
      replicas: 2,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    });
    const { store } = kruise.cluster;
    store.delete(store.resource(group, 'clonesets'), 'default', 'web', { propagationPolicy: 'Background' });
    kruise.clock.advance(120_000);
    expect(names()).toEqual([]);
    expect(kruise.list('apps', 'controllerrevisions')).toEqual([]);
    expect(kruise.list('', 'persistentvolumeclaims')).toEqual([]);
  });

  it('leave pods behind that nobody is to delete with them', () => {
    create({ replicas: 2 });
    const { store } = kruise.cluster;
    store.delete(store.resource(group, 'clonesets'), 'default', 'web', { propagationPolicy: 'Orphan' });
    kruise.clock.advance(60_000);
    expect(names()).toHaveLength(2);
    expect(kruise.pods()[0]?.metadata.ownerReferences ?? []).toEqual([]);
  });

  it('make pods anew that a lost node takes away', () => {
    create({ replicas: 2 });
    const node = kruise.pods()[0]?.spec.nodeName ?? '';
    kruise.cluster.store.delete(kruise.cluster.store.resource('', 'nodes'), undefined, node);
    kruise.clock.advance(600_000);
    expect(status()).toMatchObject({ replicas: 2, readyReplicas: 2 });
    expect(kruise.pods().every(({ spec }) => spec.nodeName !== node)).toBe(true);
  });
});
