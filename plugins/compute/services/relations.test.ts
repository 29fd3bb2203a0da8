import { type ClusterReader, encodeGlobalId, type KubeObject, origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../api.ts';
import { createFakeReader } from '../testing/fake-reader.ts';
import { controlledBy, makeDeployment, makePod, makeReplicaSet, makeService } from '../testing/make-objects.ts';
import { shop, shopObjects } from '../testing/shop.ts';
import { belongsToWorkload } from './belongs-to-workload.ts';
import { podsOfWorkload, podsOnNode } from './find-pods.ts';
import { workloadOfPod } from './find-workload.ts';
import { podsOfService, servicesOfPod } from './service-pods.ts';

const names = (objects: Iterable<Pick<KubeObject, 'metadata'>>) => [...objects].map(({ metadata }) => metadata.name);
const idOf = (object: WorkloadObject) => {
  const { cluster, group, kind } = object[origin];
  const { namespace, name } = object.metadata;
  return encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace, name });
};

describe.each(['values', 'promises'] as const)('relations of objects that are %s', (mode) => {
  const reader: ClusterReader = createFakeReader('c1', shopObjects, mode);

  it.each([
    ['a Deployment, through its ReplicaSets', shop.vote, ['vote-2-a', 'vote-2-b']],
    ['a CronJob, through its Jobs', shop.backup, ['backup-100-x']],
    ['a StatefulSet', shop.db, ['db-0']],
    ['a ReplicaSet', shop.newVote, ['vote-2-a', 'vote-2-b']],
    ['a Job', shop.backupJob, ['backup-100-x']],
    ['a DaemonSet without pods', shop.agent, []],
  ])('finds the pods of %s', async (_name, workload, expected) => {
    expect(names(await podsOfWorkload(reader, workload))).toEqual(expected);
  });

  it.each([
    ['the Deployment on top of a ReplicaSet', shop.votePods[0], 'vote'],
    ['the CronJob on top of a Job', shop.backupPod, 'backup'],
    ['the StatefulSet', shop.dbPod, 'db'],
    ['nothing on a bare pod (refused)', shop.barePod, undefined],
  ])('finds %s', async (_name, pod, expected) => {
    expect(pod && (await workloadOfPod(reader, pod))?.metadata.name).toBe(expected);
  });

  it('finds pods of a node', async () => {
    expect(shop.nodes[0] && names(await podsOnNode(reader, shop.nodes[0]))).toEqual(['vote-2-a', 'vote-2-b']);
  });

  it('finds pods of a Service by its selector', async () => {
    expect(names((await podsOfService(reader, shop.voteService)).items)).toEqual(['vote-2-a', 'vote-2-b', 'bare']);
  });

  it.each([
    ['has no selector', shop.emptyService],
    ['is another name', makeService({ spec: { type: 'ExternalName', selector: { app: 'vote' } } })],
  ])('finds no pods of a Service that %s (refused)', async (_name, service) => {
    expect(names((await podsOfService(reader, service)).items)).toEqual([]);
  });

  it('finds Services of a pod', async () => {
    expect(names((await servicesOfPod(reader, shop.barePod)).items)).toEqual(['vote']);
    expect(names((await servicesOfPod(reader, shop.dbPod)).items)).toEqual([]);
  });
});

describe('podsOfWorkload', () => {
  it('leaves out pods that it holds without controlling them', () => {
    const { ownerReferences } = controlledBy(shop.db) as { ownerReferences: object[] };
    const held = makePod({
      metadata: { name: 'held', ownerReferences: ownerReferences.map((owner) => ({ ...owner, controller: false })) },
    });
    const reader = createFakeReader('c1', [shop.db, held]);
    expect(podsOfWorkload(reader, shop.db)).toEqual([]);
  });
});

describe('workloadOfPod', () => {
  it('does not take a namesake made later for the owner (refused)', () => {
    const again = makeReplicaSet({ metadata: { name: 'vote-2', uid: 'another' } });
    const reader = createFakeReader('c1', [again, ...shop.votePods]);
    expect(shop.votePods[0] && workloadOfPod(reader, shop.votePods[0])).toBeUndefined();
  });

  it('ends with the last owner that can be seen', () => {
    const reader = createFakeReader('c1', [shop.newVote, ...shop.votePods]);
    const [pod] = shop.votePods;
    expect(pod && (workloadOfPod(reader, pod) as WorkloadObject).metadata.name).toBe('vote-2');
  });

  it('does not go round in a circle of owners', () => {
    const a = makeReplicaSet({ metadata: { name: 'a' } });
    const b = makeReplicaSet({ metadata: { name: 'b', ...controlledBy(a) } });
    const circular = makeReplicaSet({ metadata: { name: 'a', ...controlledBy(b) } });
    const pod = makePod({ metadata: controlledBy(circular) });
    expect(workloadOfPod(createFakeReader('c1', [circular, b]), pod)).toBeDefined();
  });
});

describe('belongsToWorkload', () => {
  const all = [...shop.votePods, shop.dbPod, shop.backupPod, shop.barePod];

  it.each([
    ['a Deployment', shop.vote, ['vote-2-a', 'vote-2-b']],
    ['a ReplicaSet', shop.newVote, ['vote-2-a', 'vote-2-b']],
    ['a CronJob', shop.backup, ['backup-100-x']],
    ['a StatefulSet', shop.db, ['db-0']],
  ])('knows the pods of %s, in memory or not', (_name, workload, expected) => {
    for (const mode of ['values', 'promises'] as const) {
      const belongs = belongsToWorkload(idOf(workload), (cluster) => createFakeReader(cluster, shopObjects, mode));
      expect(names(all.filter(belongs))).toEqual(expected);
    }
  });

  it('does not take pods of a namesake in another cluster or namespace (refused)', () => {
    const belongs = belongsToWorkload(idOf(shop.vote), (cluster) => createFakeReader(cluster, shopObjects));
    const elsewhere = makePod({ cluster: 'c2', metadata: { name: 'x', ...controlledBy(shop.newVote) } });
    const otherNamespace = makePod({ metadata: { name: 'y', namespace: 'other', ...controlledBy(shop.newVote) } });
    expect([elsewhere, otherNamespace].filter(belongs)).toEqual([]);
  });

  it('believes what is in memory more than a name that fits (refused)', () => {
    const other = makeDeployment({ metadata: { name: 'vote-x' } });
    const set = makeReplicaSet({ metadata: { name: 'vote-2', ...controlledBy(other) } });
    const belongs = belongsToWorkload(idOf(shop.vote), () => createFakeReader('c1', [set]));
    expect(shop.votePods.filter(belongs)).toEqual([]);
  });

  it.each([
    ['text', 'hello'],
    ['the id of something else', encodeGlobalId({ of: 'row', plugin: 'core', type: 'X', key: '1' })],
    [
      'the id of a pod',
      encodeGlobalId({ of: 'kubernetes', cluster: 'c1', group: '', kind: 'Pod', namespace: 'shop', name: 'bare' }),
    ],
  ])('takes nothing for %s (refused)', (_name, id) => {
    expect(all.filter(belongsToWorkload(id, () => createFakeReader('c1', shopObjects)))).toEqual([]);
  });
});
