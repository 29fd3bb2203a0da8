import { describe, expect, it } from 'vitest';
import {
  makeCronJob,
  makeDaemonSet,
  makeDeployment,
  makeJob,
  makeReplicaSet,
  makeStatefulSet,
} from '../testing/make-objects.ts';
import { desiredReplicasOf, imagesOf, readyReplicasOf, revisionOf, selectorOf } from './workload-facts.ts';

const template = (...images: string[]) => ({
  template: { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } },
});

describe('desiredReplicasOf and readyReplicasOf', () => {
  it.each([
    ['a Deployment', makeDeployment({ spec: { replicas: 3 }, status: { readyReplicas: 2 } }), 3, 2],
    ['a Deployment without a number', makeDeployment({ spec: {} }), 1, 0],
    ['a StatefulSet', makeStatefulSet({ spec: { replicas: 0 } }), 0, 0],
    ['a ReplicaSet', makeReplicaSet({ spec: { replicas: 5 }, status: { readyReplicas: 5 } }), 5, 5],
    ['a DaemonSet', makeDaemonSet({ status: { desiredNumberScheduled: 4, numberReady: 3 } }), 4, 3],
    ['a Job', makeJob({ spec: { parallelism: 2 }, status: { ready: 1 } }), 2, 1],
    ['a CronJob, which has none', makeCronJob({ spec: {} }), undefined, undefined],
  ])('of %s', (_name, workload, desired, ready) => {
    expect([desiredReplicasOf(workload), readyReplicasOf(workload)]).toEqual([desired, ready]);
  });
});

describe('imagesOf', () => {
  it('names each image once, in the order of the containers', () => {
    expect(imagesOf(makeDeployment({ spec: template('web:2', 'proxy:1', 'web:2') }))).toEqual(['web:2', 'proxy:1']);
  });
  it("reads a CronJob's images from the template of its Jobs", () => {
    expect(imagesOf(makeCronJob({ spec: { jobTemplate: { spec: template('dump:1') } } }))).toEqual(['dump:1']);
  });
  it('is empty without a template', () => {
    expect(imagesOf(makeReplicaSet({ spec: {} }))).toEqual([]);
  });
});

describe('selectorOf', () => {
  it('prints labels and expressions as kubectl takes them', () => {
    const selector = {
      matchLabels: { app: 'vote', tier: 'front' },
      matchExpressions: [
        { key: 'zone', operator: 'In', values: ['a', 'b'] },
        { key: 'env', operator: 'NotIn', values: ['test'] },
        { key: 'gpu', operator: 'Exists' },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    };
    expect(selectorOf(makeDeployment({ spec: { selector } }))).toBe(
      'app=vote,tier=front,zone in (a,b),env notin (test),gpu,!old',
    );
  });
  it('is undefined for a CronJob', () => {
    expect(selectorOf(makeCronJob({ spec: {} }))).toBeUndefined();
  });
});

describe('revisionOf', () => {
  it.each([
    ['a number', '12', 12],
    ['no number (refused)', 'twelve', undefined],
    ['nothing (refused)', undefined, undefined],
  ])('reads %s', (_name, revision, expected) => {
    const annotations = revision === undefined ? {} : { 'deployment.kubernetes.io/revision': revision };
    expect(revisionOf(makeDeployment({ metadata: { annotations } }))).toBe(expected);
  });
});
