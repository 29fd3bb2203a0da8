import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeDeployment, makeJob, makePod } from '../../testing/make-objects.ts';
import { copyManifest } from './copy-manifest.ts';

const source = makeDeployment({
  metadata: {
    name: 'vote',
    labels: { team: 'a' },
    annotations: { 'deployment.kubernetes.io/revision': '3', note: 'kept' },
    finalizers: ['x'],
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'vote' } },
    template: { metadata: { labels: { app: 'vote', tier: 'front' } }, spec: { containers: [{ name: 'web' }] } },
  },
  status: { readyReplicas: 2 },
});
const copyOf = (object: object, field: Parameters<typeof copyManifest>[1], isBeside: boolean) =>
  copyManifest(object as KubeObject, field, isBeside);

describe('copyManifest', () => {
  it('keeps spec, labels and annotations, and nothing of the original alone (CMP-73)', () => {
    expect(copyOf(source, 'deployment', false)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels: { team: 'a' }, annotations: { note: 'kept' } },
      spec: {
        replicas: 2,
        template: { metadata: { labels: { app: 'vote', tier: 'front' } }, spec: { containers: [{ name: 'web' }] } },
      },
    });
  });

  it('gives up the labels that the original is found by, beside it: its Services would send to the copy (CMP-73)', () => {
    expect(copyOf(source, 'deployment', true)).toMatchObject({
      spec: { template: { metadata: { labels: { tier: 'front' } } } },
    });
    expect(JSON.stringify(copyOf(source, 'deployment', true))).not.toContain('"app"');
  });

  it('is not held in the middle of the original’s rollout: it would never have a pod (CMP-73)', () => {
    const spec = { ...source.spec, paused: true } as typeof source.spec;
    expect(copyOf({ ...source, spec }, 'deployment', false).spec).not.toHaveProperty('paused');
  });

  it('has instances of its own: none killed, held back or about to go (CMP-73, CMP-79)', () => {
    const updateStrategy = { rollingUpdate: { partition: 2, paused: true, podUpdatePolicy: 'InPlaceIfPossible' } };
    const tapp = { ...source, spec: { replicas: 2, reserveOrdinals: [1], updateStrategy, template: {} } };
    expect(copyOf(tapp, 'advancedStatefulSet', true).spec).toMatchObject({
      replicas: 2,
      updateStrategy: { rollingUpdate: { podUpdatePolicy: 'InPlaceIfPossible' } },
    });
    expect(JSON.stringify(copyOf(tapp, 'advancedStatefulSet', true).spec)).not.toMatch(/reserve|partition|paused/);
    const cloneSet = {
      ...source,
      spec: { scaleStrategy: { podsToDelete: ['a'] }, updateStrategy: { paused: true, maxSurge: 1 }, template: {} },
    };
    expect(copyOf(cloneSet, 'cloneSet', true).spec).toMatchObject({
      scaleStrategy: {},
      updateStrategy: { maxSurge: 1 },
    });
    expect(JSON.stringify(copyOf(cloneSet, 'cloneSet', true).spec)).not.toMatch(/podsToDelete|paused/);
  });

  it('leaves behind what a cluster writes into Jobs and pods, and the original as it is (CMP-73)', () => {
    const labels = { 'batch.kubernetes.io/controller-uid': 'u', 'job-name': 'j', tier: 'batch' };
    const job = makeJob({
      metadata: { labels },
      spec: { selector: { matchLabels: labels }, manualSelector: true, template: { metadata: { labels }, spec: {} } },
    });
    expect(copyOf(job, 'job', false)).toMatchObject({
      metadata: { labels: { tier: 'batch' } },
      spec: { template: { metadata: { labels: { tier: 'batch' } }, spec: {} } },
    });
    expect(copyOf(job, 'job', false).spec).toEqual({ template: { metadata: { labels: { tier: 'batch' } }, spec: {} } });
    expect(job.spec?.manualSelector).toBe(true);
    const pod = makePod({ metadata: { name: 'p' }, spec: { nodeName: 'n1', containers: [] } });
    expect(copyOf(pod, 'pod', true).spec).toEqual({ containers: [] });
  });
});
