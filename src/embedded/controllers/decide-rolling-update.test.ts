import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRollingUpdate, type RollingSet, type RollingUpdateInput } from './decide-rolling-update.ts';

const set = (name: string, replicas: number, available: number, existing = replicas): RollingSet => ({
  name,
  replicas,
  existing,
  available,
});

/** Any state a rollout can be in, statuses that lag behind included. */
const anyInput: fc.Arbitrary<RollingUpdateInput> = fc
  .record({
    desired: fc.nat(12),
    maxSurge: fc.nat(5),
    maxUnavailable: fc.nat(5),
    sizes: fc.array(fc.tuple(fc.nat(10), fc.nat(12), fc.nat(12)), { minLength: 1, maxLength: 5 }),
  })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0)
  .map(({ sizes, desired, maxUnavailable, ...rest }) => {
    const [newSet, ...oldSets] = sizes.map(([replicas, available, existing], index) =>
      set(`set-${index}`, replicas, available, existing),
    );
    return {
      ...rest,
      desired,
      maxUnavailable: Math.min(maxUnavailable, desired),
      newSet: newSet ?? set('new', 0, 0),
      oldSets,
    };
  });

function apply(input: RollingUpdateInput): RollingSet[] {
  const resizes = decideRollingUpdate(input);
  return [input.newSet, ...input.oldSets].map((each) => {
    const to = resizes.find(({ name }) => name === each.name)?.to ?? each.replicas;
    // The ReplicaSet ends unavailable pods first.
    return { ...each, replicas: to, available: Math.min(each.available, each.replicas, to) };
  });
}

const total = (sets: readonly RollingSet[]): number =>
  sets.reduce((sum, { replicas, existing }) => sum + Math.max(replicas, existing), 0);
const available = (sets: readonly RollingSet[]): number =>
  sets.reduce((sum, each) => sum + Math.min(each.available, each.replicas), 0);

describe('decideRollingUpdate', () => {
  it('never grows above desired + maxSurge', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = total([input.newSet, ...input.oldSets]);
        expect(total(apply(input))).toBeLessThanOrEqual(Math.max(before, input.desired + input.maxSurge));
      }),
    );
  });

  it('never takes availability below desired − maxUnavailable by shrinking what is old', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        fc.pre(input.newSet.replicas <= input.desired);
        const before = available([input.newSet, ...input.oldSets]);
        const floor = Math.min(before, input.desired - input.maxUnavailable);
        expect(available(apply(input))).toBeGreaterThanOrEqual(floor);
      }),
    );
  });

  it('comes to its end, whatever order pods become available in', () => {
    fc.assert(
      fc.property(anyInput, fc.infiniteStream(fc.boolean()), (input, chance) => {
        let sets = [input.newSet, ...input.oldSets];
        const bounds = { top: Math.max(total(sets), input.desired + input.maxSurge) };
        for (let pass = 0; pass < 500; pass += 1) {
          const [newSet = input.newSet, ...oldSets] = sets;
          sets = apply({ ...input, newSet, oldSets });
          expect(total(sets)).toBeLessThanOrEqual(bounds.top);
          // New pods become available and old ones go now and then; in the end all of them do.
          sets = sets.map((each, index) => {
            if (pass <= 250 && chance.next().value !== true) return each;
            const available = index === 0 ? Math.min(each.replicas, each.available + 1) : each.available;
            return { ...each, available, existing: each.replicas };
          });
        }
        expect(sets.map(({ replicas }) => replicas)).toEqual([input.desired, ...input.oldSets.map(() => 0)]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    {
      name: 'grows the new set into the surge before anything shrinks',
      input: { desired: 3, maxSurge: 1, maxUnavailable: 0, newSet: set('new', 0, 0), oldSets: [set('old', 3, 3)] },
      resizes: [{ name: 'new', from: 0, to: 1 }],
    },
    {
      name: 'shrinks the old set by one that the new pod has replaced',
      input: { desired: 3, maxSurge: 1, maxUnavailable: 0, newSet: set('new', 1, 1), oldSets: [set('old', 3, 3)] },
      resizes: [{ name: 'old', from: 3, to: 2 }],
    },
    {
      name: 'waits with the next pod until the old one has gone (refused)',
      input: { desired: 3, maxSurge: 1, maxUnavailable: 0, newSet: set('new', 1, 1), oldSets: [set('old', 2, 2, 3)] },
      resizes: [],
    },
    {
      name: 'waits while the new pod is not available (refused)',
      input: { desired: 3, maxSurge: 1, maxUnavailable: 0, newSet: set('new', 1, 0), oldSets: [set('old', 3, 3)] },
      resizes: [],
    },
    {
      name: 'clears away broken old pods although the new ones are not available yet',
      input: {
        desired: 3,
        maxSurge: 1,
        maxUnavailable: 1,
        newSet: set('new', 1, 0),
        oldSets: [set('bad', 1, 0), set('old', 2, 2)],
      },
      resizes: [{ name: 'bad', from: 1, to: 0 }],
    },
  ])('$name', ({ input, resizes }) => {
    expect(decideRollingUpdate(input)).toEqual(resizes);
  });
});
