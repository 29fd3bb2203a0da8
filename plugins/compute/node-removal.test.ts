import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a1, a2, a3, acknowledge, type NodeWorld, patient, startNodeWorld } from './testing/node-world.ts';

let world: NodeWorld;
beforeAll(async () => {
  world = await startNodeWorld();
});
afterAll(() => world?.gateway.stop());

describe('a node that is removed', () => {
  it('is drained and gone in the end, though its process dies at every turn, and its drain cannot be cancelled then (CMP-26)', async () => {
    await world.deploy('leaving', a3, 1);
    const { id } = await world.read(a3);
    expect(await world.call('deleteNode', { id, acknowledge })).toMatchObject({ issues: [{ path: ['confirm'] }] });
    expect(await world.call('deleteNode', { id, acknowledge, confirm: a1 })).toMatchObject({
      issues: [{ path: ['confirm'] }],
    });
    const reached = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    const hold = world.gateway.gateway.failpoints.arm('compute.nodeDrains.before-remove', () => {
      hold();
      reached.resolve();
      return free.promise;
    });
    const died = world.killAt(['after-remove']);
    const begun = await world.call('deleteNode', { id, acknowledge, confirm: a3 });
    await reached.promise;
    expect(await world.call('cancelNodeDrain', { id }, 'clusterNodeId')).toMatchObject({ reason: 'NODE_NOT_DRAINING' });
    free.resolve();
    const operation = (begun.operation as { id: string }).id;
    await expect.poll(() => world.statusOf(operation), patient).toBe('SUCCEEDED');
    expect(died).toEqual(['after-remove']);
    expect(world.nodeOf(a3)).toBeUndefined();
    expect(world.podsOf('leaving').every(({ spec }) => spec.nodeName !== a3)).toBe(true);
    world.remove('apps', 'deployments', 'leaving');
  });

  it('keeps its machine where nothing here can treat it as asked (CMP-26) (refused)', async () => {
    const { id } = await world.read(a2);
    for (const mode of ['CLEAR_MACHINE', 'DELETE_MACHINE']) {
      expect(await world.call('deleteNode', { id, mode, confirm: a2, acknowledge })).toMatchObject({
        code: 'CAPABILITY_MISSING',
      });
    }
    world.annotate(a2, 'longshore.dev/machine-billing', 'subscription');
    await expect
      .poll(
        async () => (await world.call('deleteNode', { id, mode: 'DELETE_MACHINE', confirm: a2, acknowledge })).reason,
        patient,
      )
      .toBe('SUBSCRIPTION_BILLED');
    expect(await world.read(a2)).toMatchObject({ schedulingState: 'SCHEDULABLE', drain: null });
  });
});
