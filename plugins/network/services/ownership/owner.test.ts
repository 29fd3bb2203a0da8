import { NotFoundError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { findOwner, labelsOfOwner, ownerOf, placeOfOwner, profilePlaceOf } from './owner.ts';

const owner = ownerOf({ labels: { 'longshore.dev/workspace': 'w-1' } });

describe('the owner of what lies in no namespace', () => {
  it('is the workspace of its label, in rights, profiles and labels alike (CORE-17)', () => {
    expect([labelsOfOwner(owner), placeOfOwner(owner), profilePlaceOf('one', owner)]).toEqual([
      { 'longshore.dev/workspace': 'w-1' },
      { tenants: ['workspace/w-1'], workspace: 'w-1' },
      { cluster: 'one', workspace: 'w-1' },
    ]);
  });

  it.each([
    ['no labels', {}],
    ['an empty label', { labels: { 'longshore.dev/workspace': '' } }],
  ])('is nobody but the platform for one with %s (CORE-17)', (_what, metadata) => {
    expect(ownerOf(metadata)).toBeUndefined();
    expect([labelsOfOwner(undefined), placeOfOwner(undefined)]).toEqual([{}, {}]);
  });

  it('is none that is named by what is no workspace of the caller (refused, CORE-17)', async () => {
    await expect(findOwner('nothing', { resolve: null } as never)).rejects.toThrow(NotFoundError);
    expect(await findOwner(null, {} as never)).toBeUndefined();
  });
});
