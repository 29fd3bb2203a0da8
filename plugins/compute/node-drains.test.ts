import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a1, a2, acknowledge, b1, type NodeWorld, nodeReader, patient, startNodeWorld } from './testing/node-world.ts';

let world: NodeWorld;
beforeAll(async () => {
  world = await startNodeWorld();
});
afterAll(() => world?.gateway.stop());

describe('a node that is drained', () => {
  it('is cordoned and empty in the end, as a budget lets its pods go, though its process dies at every turn (CMP-26)', async () => {
    await world.deploy('guarded', a1, 2);
    world.budget('guard', 'guarded', 2);
    const turns = ['before-cordon', 'after-cordon', 'before-evict', 'after-evict'];
    const died = world.killAt(turns);
    const operation = await world.drain(a1);
    await expect.poll(() => world.state(a1, 'guarded'), patient).toEqual(['BLOCKED', 'BLOCKED']);
    const { drain: seen } = await world.read(a1);
    expect(seen?.pods.find(({ name }) => name.startsWith('guarded'))?.message).toContain(
      'disruption budget guard needs 2',
    );
    expect(seen).toMatchObject({ operationId: operation, isCancelled: false });
    expect((await world.read(a1, nodeReader)).drain).toMatchObject({ leftCount: seen?.leftCount, pods: [] });
    expect(await world.call('uncordonNode', { id: (await world.read(a1)).id })).toMatchObject({
      reason: 'NODE_DRAINING',
    });
    expect(await world.call('drainNode', { id: (await world.read(a1)).id, acknowledge })).toMatchObject({
      reason: 'NODE_DRAINING',
    });
    world.remove('policy', 'poddisruptionbudgets', 'guard');
    await expect.poll(() => world.statusOf(operation), patient).toBe('SUCCEEDED');
    expect(died).toEqual(turns);
    expect((await world.record(operation))?.steps.map(({ name, status }) => [name, status])).toEqual(
      ['cordon', 'evict', 'finish'].map((name) => [name, 'SUCCESS']),
    );
    expect(world.podsOf('guarded').filter(({ spec }) => spec.nodeName === a1)).toEqual([]);
    expect(await world.read(a1)).toMatchObject({ schedulingState: 'UNSCHEDULABLE', drain: null });
    await world.call('uncordonNode', { id: (await world.read(a1)).id });
    world.remove('apps', 'deployments', 'guarded');
  });

  it('loses nothing that nobody acknowledged (CMP-26) (refused)', async () => {
    await world.deploy('scratch', a2, 1, { volumes: [{ name: 'cache', emptyDir: {} }] });
    world.put('', 'pods', {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'alone', namespace: 'shop' } },
      spec: {
        nodeName: a2,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'web', image: 'registry.local/web:v1' }],
      },
    });
    const { id } = await world.read(a2);
    await expect
      .poll(
        async () =>
          ((await world.call('drainNode', { id })).unacknowledged as { code: string }[] | undefined)?.map(
            ({ code }) => code,
          ),
        patient,
      )
      .toEqual(expect.arrayContaining(['LOCAL_DATA_LOST', 'PODS_NOT_REMADE']));
    expect(await world.read(a2)).toMatchObject({ schedulingState: 'SCHEDULABLE', drain: null });
    for (const [field, value] of [
      ['timeoutSeconds', 0],
      ['gracePeriodSeconds', 90_000],
    ] as const) {
      expect(await world.call('drainNode', { id, acknowledge, [field]: value })).toMatchObject({
        issues: [{ path: [field] }],
      });
    }
    const operation = await world.drain(a2);
    await expect.poll(() => world.statusOf(operation), patient).toBe('SUCCEEDED');
    expect(world.podsOf('scratch').filter(({ spec }) => spec.nodeName === a2)).toEqual([]);
    await world.call('uncordonNode', { id });
    world.remove('apps', 'deployments', 'scratch');
  });

  it('fails plainly where two budgets cover a pod, and goes on by a retry once one is gone (CMP-26, CORE-23) (refused)', async () => {
    await world.deploy('doubly', b1, 1);
    world.budget('one', 'doubly', 0);
    world.budget('two', 'doubly', 0);
    const operation = await world.drain(b1);
    await expect.poll(() => world.statusOf(operation), patient).toBe('FAILED');
    expect(JSON.stringify(await world.record(operation))).toContain('more than one PodDisruptionBudget');
    expect(await world.state(b1, 'doubly')).toEqual(['FAILED']);
    world.remove('policy', 'poddisruptionbudgets', 'two');
    expect(await world.call('retryOperationStep', { id: operation, step: 'evict' })).toMatchObject({
      __typename: 'RetryOperationStepSuccess',
    });
    await expect.poll(() => world.statusOf(operation), patient).toBe('SUCCEEDED');
    world.remove('policy', 'poddisruptionbudgets', 'one');
    await world.call('uncordonNode', { id: (await world.read(b1)).id });
    world.remove('apps', 'deployments', 'doubly');
  });

  it('names the budget when its time is up, and is as it was once that is cancelled (CMP-26) (refused)', async () => {
    await world.deploy('held', a1, 1);
    world.budget('holding', 'held', 1);
    const operation = await world.drain(a1, { timeoutSeconds: 1 });
    await expect.poll(() => world.statusOf(operation), patient).toBe('FAILED');
    expect(JSON.stringify(await world.record(operation))).toMatch(/time is up.*holding needs 1/);
    const { id } = await world.read(a1);
    expect(await world.call('cancelNodeDrain', { id }, 'clusterNodeId')).toMatchObject({ clusterNodeId: id });
    await expect.poll(async () => (await world.read(a1)).drain, patient).toBeNull();
    expect((await world.read(a1)).schedulingState).toBe('SCHEDULABLE');
    expect(JSON.stringify(await world.record(operation))).toContain("cancelled by 'dev-admin'");
    expect(world.podsOf('held').map(({ spec }) => spec.nodeName)).toEqual([a1]);
    expect(await world.call('cancelNodeDrain', { id }, 'clusterNodeId')).toMatchObject({ reason: 'NODE_NOT_DRAINING' });
    world.remove('policy', 'poddisruptionbudgets', 'holding');
    world.remove('apps', 'deployments', 'held');
  });

  it('that dies half-way is told by name, and its pods are not taken for gone until somebody says so (CMP-26) (refused)', async () => {
    await world.deploy('stranded', b1, 1);
    const held = world.gateway.gateway.failpoints.arm('compute.nodeDrains.before-evict', () => {
      held();
      world.annotate(b1, 'embedded.longshore.dev/simulate', 'lost');
      world.loseReadiness(b1);
    });
    const operation = await world.drain(b1, { gracePeriodSeconds: 1 });
    await expect.poll(() => world.statusOf(operation), patient).toBe('FAILED');
    expect(JSON.stringify(await world.record(operation))).toMatch(/does not answer.*shop\/stranded/);
    const query = '{ pods(filter: { namespaces: ["shop"] }) { nodes { id name } } }';
    const { data } = await world.gateway.query<{ pods: { nodes: { id: string; name: string }[] } }>(query);
    const [gone] = world.podsOf('stranded').filter(({ spec }) => spec.nodeName === b1);
    const left = await world.read(b1);
    for (const { name } of left.drain?.pods.filter(({ state }) => state === 'LEAVING') ?? []) {
      const id = data?.pods.nodes.find((pod) => pod.name === name)?.id;
      if (id) await world.call('deletePod', { id, force: true, acknowledge: ['FORCED'] }, 'id');
    }
    expect(world.podsOf('stranded').some(({ metadata }) => metadata.uid === gone?.metadata.uid)).toBe(false);
  });
});
