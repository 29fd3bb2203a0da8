import { describe, expect, it } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { classifyPod } from './classify-pod.ts';

const by = (apiVersion: string, kind: string) => ({
  ownerReferences: [{ apiVersion, kind, name: 'owner', uid: 'u', controller: true }],
});
const set = by('apps/v1', 'ReplicaSet');
const local = { containers: [], volumes: [{ name: 'cache', emptyDir: {} }] };

describe('classifyPod', () => {
  it.each([
    ['a mirror pod', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' }, ...by('v1', 'Node') } }],
    ['a pod of a DaemonSet', { metadata: by('apps/v1', 'DaemonSet') }],
    ['a pod of a DaemonSet of OpenKruise', { metadata: by('apps.kruise.io/v1alpha1', 'DaemonSet') }],
  ])('leaves %s where it is (CMP-26)', (_name, draft) => {
    expect(classifyPod(makePod(draft))).toMatchObject({ do: 'stay' });
  });
  it.each([
    ['a pod with a controller', { metadata: set, spec: { containers: [] } }, []],
    ['one with local data', { metadata: set, spec: local }, ['LOCAL_DATA_LOST']],
    ['one without a controller', { spec: { containers: [] } }, ['PODS_NOT_REMADE']],
    ['one with neither', { spec: local }, ['LOCAL_DATA_LOST', 'PODS_NOT_REMADE']],
    ['one that has ended, whatever it had', { spec: local, status: { phase: 'Succeeded' } }, []],
    ['an ended one of a DaemonSet', { metadata: by('apps/v1', 'DaemonSet'), status: { phase: 'Failed' } }, []],
    ['one of a kind that is only called DaemonSet', { metadata: by('example.com/v1', 'DaemonSet') }, []],
  ])('lets go %s, and says what is to be acknowledged (CMP-26)', (_name, draft, needs) => {
    expect(classifyPod(makePod(draft))).toEqual({ do: 'go', needs });
  });
});
