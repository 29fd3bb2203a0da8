import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode, makePod } from '../../testing/make-objects.ts';
import { allocationOf, percentOf } from './node-allocation.ts';

const node = makeNode({ status: { allocatable: { cpu: '2', memory: '10Gi', pods: '2' } } });
const pod = (requests: object, more: object = {}) =>
  makePod({ spec: { containers: [{ name: 'web', resources: { requests } }] }, status: { phase: 'Running' }, ...more });

describe('allocationOf', () => {
  it('is what pods ask for of what they may have: 1 of 2 cores, 5 of 10 GiB, 1 of 2 pods (CMP-22)', () => {
    const allocation = allocationOf(node, [pod({ cpu: '1', memory: '5Gi' })]);
    expect(allocation).toEqual({
      cpuRequestedMillicores: 1_000,
      cpuAllocatableMillicores: 2_000,
      memoryRequestedBytes: 5 * 1_024 ** 3,
      memoryAllocatableBytes: 10 * 1_024 ** 3,
      podCount: 1,
      podsAllocatable: 2,
    });
    expect(percentOf(allocation.cpuRequestedMillicores, allocation.cpuAllocatableMillicores)).toBe(50);
    expect(percentOf(allocation.memoryRequestedBytes, allocation.memoryAllocatableBytes)).toBe(50);
    expect(percentOf(allocation.podCount, allocation.podsAllocatable)).toBe(50);
  });

  it('counts pods that are being deleted, and none that have ended (CMP-22)', () => {
    const going = pod({ cpu: '100m' }, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    const ended = ['Succeeded', 'Failed'].map((phase) => pod({ cpu: '1' }, { status: { phase } }));
    expect(allocationOf(node, [going, ...ended])).toMatchObject({ cpuRequestedMillicores: 100, podCount: 1 });
  });

  it('knows no total of a node that has not told one (CMP-22) (refused)', () => {
    const allocation = allocationOf(makeNode({}), []);
    expect(allocation).toMatchObject({ cpuAllocatableMillicores: undefined, podsAllocatable: undefined });
    expect([percentOf(1, undefined), percentOf(1, 0)]).toEqual([undefined, undefined]);
  });

  it('counts what is no quantity, or less than nothing, as nothing (CMP-22, bad input)', () => {
    const pods = [pod({ cpu: 'much', memory: '-1Gi' }), pod({ cpu: '500m', memory: '1Gi' }), pod({})];
    expect(allocationOf(node, pods)).toMatchObject({
      cpuRequestedMillicores: 500,
      memoryRequestedBytes: 1_024 ** 3,
      podCount: 3,
    });
    const odd = makeNode({ status: { allocatable: { cpu: 'many', memory: '', pods: 'x' } } });
    const unknown = {
      cpuAllocatableMillicores: undefined,
      memoryAllocatableBytes: undefined,
      podsAllocatable: undefined,
    };
    expect(allocationOf(odd, [])).toMatchObject(unknown);
  });

  it('is the sum of its pods, however they are split (CMP-22)', () => {
    const amounts = fc.array(fc.record({ cpu: fc.nat(64_000), memory: fc.nat(1e12) }), { maxLength: 20 });
    fc.assert(
      fc.property(amounts, amounts, (some, others) => {
        const pods = (list: readonly { cpu: number; memory: number }[]) =>
          list.map(({ cpu, memory }) => pod({ cpu: `${cpu}m`, memory: String(memory) }));
        const whole = allocationOf(node, [...pods(some), ...pods(others)]);
        const [one, two] = [allocationOf(node, pods(some)), allocationOf(node, pods(others))];
        expect(whole.cpuRequestedMillicores).toBe(one.cpuRequestedMillicores + two.cpuRequestedMillicores);
        expect(whole.memoryRequestedBytes).toBe(one.memoryRequestedBytes + two.memoryRequestedBytes);
        expect(whole.podCount).toBe(one.podCount + two.podCount);
      }),
    );
  });
});
