import fc from 'fast-check';
import type { Sort } from './model.ts';
import { type Step, sorts } from './steps.ts';

const picks = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99));
/** More of what needs others: those are made with it. */
const deep: readonly Sort[] = ['snatRule', 'portRule', 'instanceRule', 'listener', 'snapshot', 'pod', 'deployment'];
const sort = fc.constantFrom(...sorts, ...deep, ...deep);
const changes = ['bind', 'unbind', 'changeMember', 'cloneDisk', 'deleteVolume'] as const;

const only = (number: number) => [number, 1, 1, 1] as const;

/** A disk is copied that nothing mounts any more, of a class that waits for a pod, and deleted before one wants the copy. */
export const copyThatWaits: Step[] = [
  { does: 'make', sort: 'class', picks: only(1) },
  { does: 'make', sort: 'disk', picks: only(0) },
  { does: 'make', sort: 'pod', picks: [0, 0, 3, 1] },
  { does: 'delete', picks: only(2) },
  { does: 'cloneDisk', picks: only(0) },
  { does: 'delete', picks: only(1) },
];

/** Any step; half of them make something, so that there is something to delete. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('make' as const), sort, picks }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('delete' as const, 'deleteObject' as const), picks }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom(...changes), picks }) },
);
