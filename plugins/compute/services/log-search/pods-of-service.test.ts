import { describe, expect, it } from 'vitest';
import { createFakeReader } from '../../testing/fake-reader.ts';
import {
  controlledBy,
  makeDeployment,
  makePod,
  makeReplicaSet,
  makeService,
  makeStatefulSet,
} from '../../testing/make-objects.ts';
import { podPatternsOfService } from './pods-of-service.ts';

const labels = { app: 'vote' };
const spec = { template: { metadata: { labels } } };
const front = makeDeployment({ metadata: { name: 'front' }, spec });
const objects = [
  front,
  makeReplicaSet({ metadata: { name: 'front-5d8', ...controlledBy(front) }, spec }),
  makeStatefulSet({ metadata: { name: 'db' }, spec: { template: { metadata: { labels: { app: 'db' } } } } }),
  makeDeployment({ metadata: { name: 'front', namespace: 'other' }, spec }),
  makePod({ metadata: { name: 'front-5d8f-abcde', labels } }),
  makePod({ metadata: { name: 'by.hand', labels } }),
  makePod({ metadata: { name: 'stranger', labels: { app: 'db' } } }),
];
const patternsOf = (service: object) =>
  podPatternsOfService(createFakeReader('c1', objects), makeService({ metadata: { name: 'web' }, spec: service }));

describe('the logs behind a Service', () => {
  it('NET-05: are those of the pods that its workloads make, gone ones included, and of others that it leads to', () => {
    expect(patternsOf({ selector: labels })).toEqual(['front-[a-z0-9]{1,10}-[a-z0-9]{5}', 'by\\.hand']);
  });

  it.each([
    ['something else feeds', {}],
    ['is another name for a host', { type: 'ExternalName', selector: labels }],
    ['finds nothing', { selector: { app: 'none' } }],
  ])('NET-05: are none where it %s', (_name, service) => {
    expect(patternsOf(service)).toEqual([]);
  });
});
