import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../kube/kind-feed.ts';
import { type KubeObject, origin } from '../kube/kube-object.ts';
import { decideObjectChanges } from './object-change.ts';

const pod = (label: string, uid = 'u1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', uid, resourceVersion: label, creationTimestamp: '2026-01-01T00:00:00Z', labels: { label } },
  [origin]: { cluster: 'one', group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true },
});
const isIn = (object: KubeObject) => object.metadata.labels?.label?.startsWith('in') === true;
const event = (type: FeedEvent<unknown>['type'], object: KubeObject, previous?: KubeObject): FeedEvent<unknown> => ({
  type,
  object,
  previous,
  position: '1',
});

describe('decideObjectChanges', () => {
  it.each<[string, FeedEvent<unknown>, string[]]>([
    ['says nothing of what is outside and stays there', event('MODIFIED', pod('out2'), pod('out1')), []],
    ['says nothing of a new one outside', event('ADDED', pod('out')), []],
    ['says nothing of what goes outside', event('DELETED', pod('out'), pod('out')), []],
    ['adds a new one', event('ADDED', pod('in')), ['ADDED in']],
    ['adds what enters', event('MODIFIED', pod('in'), pod('out')), ['ADDED in']],
    ['adds a change of what nobody knew', event('MODIFIED', pod('in')), ['ADDED in']],
    ['changes what stays', event('MODIFIED', pod('in2'), pod('in1')), ['MODIFIED in2']],
    ['deletes what leaves, as it last was inside', event('MODIFIED', pod('out'), pod('in')), ['DELETED in']],
    ['deletes what goes, in its last state', event('DELETED', pod('in2'), pod('in1')), ['DELETED in2']],
    ['deletes what goes without a word before', event('DELETED', pod('in')), ['DELETED in']],
    ['deletes what goes from outside, as it last was inside', event('DELETED', pod('out'), pod('in')), ['DELETED in']],
    [
      'tells a new object of an old name apart',
      event('MODIFIED', pod('in2', 'u2'), pod('in1', 'u1')),
      ['DELETED in1', 'ADDED in2'],
    ],
    [
      'tells only the new one where the old was outside',
      event('MODIFIED', pod('in', 'u2'), pod('out', 'u1')),
      ['ADDED in'],
    ],
  ])('%s', (_name, change, expected) => {
    const said = decideObjectChanges(change, isIn).map(
      ({ type, object }) => `${type} ${object.metadata.labels?.label}`,
    );
    expect(said).toEqual(expected);
  });
});
