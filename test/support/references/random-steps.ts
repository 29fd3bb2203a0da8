import fc from 'fast-check';
import type { Sort } from './model.ts';
import { type Step, sorts } from './steps.ts';

const picks = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99));
/** More of what needs others: those are made with it. */
const deep: readonly Sort[] = ['snatRule', 'portRule', 'instanceRule', 'listener', 'snapshot', 'pod', 'deployment'];
const sort = fc.constantFrom(...sorts, ...deep, ...deep);
const changes = ['bind', 'unbind', 'changeMember', 'cloneDisk', 'deleteVolume'] as const;

/** Any step; half of them make something, so that there is something to delete. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('make' as const), sort, picks }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('delete' as const, 'deleteObject' as const), picks }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom(...changes), picks }) },
);
