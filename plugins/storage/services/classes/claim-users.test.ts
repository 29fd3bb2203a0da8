import { jobKind } from 'longshore/plugins/compute';
import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import {
  controlledBy,
  makeCronJob,
  makeDeployment,
  makeObject,
  makePod,
  makeReplicaSet,
  makeStatefulSet,
} from '../../../compute/testing/make-objects.ts';
import { makeClaim } from '../../testing/make-storage.ts';
import { readerOf } from '../../testing/reader-of.ts';
import { type ClaimUse, claimUsesOf, podsOfClaim } from './claim-users.ts';

const claim = makeClaim({ metadata: { name: 'data' } });
const mount = { name: 'v', mountPath: '/data' };
const spec = (more: object = {}, volume: object = {}) => ({
  containers: [{ name: 'web', volumeMounts: [{ ...mount, ...more }] }],
  volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data', ...volume } }],
});
const template = { template: { spec: spec() } };
const metadata = { name: 'user' };
const deployment = makeDeployment({ metadata, spec: template });
const replicaSet = makeReplicaSet({ metadata: { name: 'user-1', ...controlledBy(deployment) }, spec: template });
const pod = (more: object = {}, phase = 'Running') =>
  makePod({ metadata: { name: 'user-1-x', ...controlledBy(replicaSet) }, spec: spec(), status: { phase }, ...more });

const usesOf = (...objects: readonly Pick<KubeObject, 'metadata'>[]): readonly ClaimUse[] =>
  claimUsesOf(readerOf(objects as never), claim) as readonly ClaimUse[];
const named = (uses: readonly ClaimUse[]) => uses.map(({ user }) => `${user.kind} ${user.metadata.name}`);

describe('what uses a claim', () => {
  it('is the workload on top by its template, and each pod (STO-12)', () => {
    expect(named(usesOf(deployment, replicaSet, pod()))).toEqual(['Deployment user', 'Pod user-1-x']);
  });

  it.each([
    ['a StatefulSet whose template mounts it', makeStatefulSet({ metadata, spec: template }), ['StatefulSet user']],
    ['a CronJob', makeCronJob({ metadata, spec: { jobTemplate: { spec: template } } }), ['CronJob user']],
    ['a Job that nobody made', makeObject(jobKind, { metadata, spec: template }), ['Job user']],
    ['a pod that waits', pod({ status: { phase: 'Pending' } }), ['Pod user-1-x']],
    [
      'a pod with a claim of its own',
      makePod({ metadata: { name: 'da' }, spec: { containers: [], volumes: [{ name: 'ta', ephemeral: {} }] } }),
      [],
    ],
  ])('may be %s (STO-12)', (_who, user, users) => {
    expect(named(usesOf(user))).toEqual(users);
  });

  it('is the pod that made it for itself (STO-12)', () => {
    const own = makePod({
      metadata: { name: 'da' },
      spec: { containers: [], volumes: [{ name: 'ta', ephemeral: {} }] },
    });
    const made = makeClaim({ metadata: { name: 'da-ta' } });
    expect(named(claimUsesOf(readerOf([own]), made) as readonly ClaimUse[])).toEqual(['Pod da']);
  });

  it.each([
    ['a pod that has ended', pod({}, 'Succeeded')],
    ['a pod that has failed', pod({}, 'Failed')],
    ['a pod of another namespace', pod({ metadata: { name: 'far', namespace: 'elsewhere' } })],
    ['a pod that mounts another claim', pod({ spec: spec({}, { claimName: 'other' }) })],
  ])('is not %s (refused) (STO-12)', (_who, user) => {
    expect(usesOf(user)).toEqual([]);
    expect(podsOfClaim(readerOf([user]), claim)).toEqual([]);
  });

  it('is told with where its containers see it', () => {
    const both = makePod({
      metadata,
      spec: {
        initContainers: [{ name: 'first', volumeMounts: [{ ...mount, readOnly: true, subPath: 'a' }] }],
        containers: [
          { name: 'web', volumeMounts: [mount, { name: 'other', mountPath: '/x' }] },
          { name: 'raw', volumeDevices: [{ name: 'v', devicePath: '/dev/a' }] },
        ],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
    expect(usesOf(both)[0]?.mounts).toEqual([
      { container: 'first', path: '/data', subPath: 'a', isReadOnly: true },
      { container: 'web', path: '/data', subPath: undefined, isReadOnly: false },
      { container: 'raw', path: '/dev/a', subPath: undefined, isReadOnly: false },
    ]);
    const held = makePod({ metadata, spec: { ...spec({}, { readOnly: true }), containers: [{ name: 'web' }] } });
    expect(usesOf(held)).toMatchObject([{ mounts: [] }]);
  });

  it('is told in the order of names where it is pods', () => {
    const pods = ['c', 'a', 'b'].map((name) => pod({ metadata: { name } }));
    const found = podsOfClaim(readerOf(pods), claim) as readonly KubeObject[];
    expect(found.map(({ metadata: { name } }) => name)).toEqual(['a', 'b', 'c']);
  });
});
