import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeClaim } from '../../testing/make-storage.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { checkExtension } from './extend-disk.ts';

const disk = (requested: string, capacity: string, storage?: string) =>
  makeClaim({
    metadata: { name: 'data' },
    spec: { resources: { requests: { storage: requested } } },
    status: {
      phase: 'Bound',
      capacity: { storage: capacity },
      allocatedResourceStatuses: storage ? { storage } : undefined,
    },
  });
const plain = profileNamed('default');
const small = profileNamed('default', { 'disk.sizeMaxGib': 10 });

describe('checkExtension (STO-17, API-21)', () => {
  it.each([
    ['one more than there is', disk('2Gi', '2Gi'), 3, plain],
    ['more than an amount that is no whole number of GiB', disk('1500Mi', '1500Mi'), 2, plain],
    ['less than what cannot be had', disk('9Gi', '2Gi', 'ControllerResizeInfeasible'), 5, plain],
    ['as much as the profile gives', disk('2Gi', '2Gi'), 10, small],
  ])('lets a disk have %s', (_what, claim, sizeGib, profile) => {
    expect(checkExtension(claim, sizeGib, profile)).toEqual([]);
  });

  it.each([
    ['as much as it has', disk('2Gi', '2Gi'), 2, plain, 'too_small'],
    ['less', disk('2Gi', '2Gi'), 1, plain, 'too_small'],
    ['less than nothing', disk('2Gi', '2Gi'), -5, plain, 'too_small'],
    ['less than it grows to', disk('9Gi', '2Gi'), 5, plain, 'too_small'],
    ['less than it has where more cannot be had', disk('9Gi', '2Gi', 'NodeResizeInfeasible'), 2, plain, 'too_small'],
    ['more than the profile gives', disk('2Gi', '2Gi'), 11, small, 'out_of_range'],
  ])('lets no disk have %s (STO-17) (refused)', (_what, claim, sizeGib, profile, code) => {
    expect(checkExtension(claim, sizeGib, profile)).toMatchObject([{ path: ['sizeGib'], code }]);
  });

  it('never makes a disk smaller (STO-17)', () => {
    const gib = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(gib, gib, (has, wanted) => {
        const issues = checkExtension(disk(`${has}Gi`, `${has}Gi`), wanted, plain);
        expect(issues.length === 0).toBe(wanted > has);
      }),
    );
  });
});
