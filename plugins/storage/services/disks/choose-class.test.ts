import { describe, expect, it } from 'vitest';
import { makeClass } from '../../testing/make-storage.ts';
import { chooseClass, type WantedClass } from './choose-class.ts';

const made = (name: string, fstype?: string, more: object = {}, annotations: object = {}) =>
  makeClass({
    metadata: { name, annotations },
    parameters: fstype ? { 'csi.storage.k8s.io/fstype': fstype } : {},
    ...more,
  });
const marked = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const plain = made('plain', undefined, {}, marked);
const xfs = made('b-xfs', 'xfs');
const otherXfs = made('a-xfs', 'XFS');
const byHand = made('0-by-hand', 'xfs', { provisioner: 'kubernetes.io/no-provisioner' });
const odd = made('odd', 'btrfs');
const all = [plain, xfs, otherXfs, byHand, odd];

const wanted = (more: Partial<WantedClass>): WantedClass => ({
  kind: 'EXCLUSIVE',
  fileSystem: undefined,
  asked: undefined,
  preferred: undefined,
  profile: 'default',
  ...more,
});

describe('chooseClass (STO-14, STO-15)', () => {
  it.each([
    ["the cluster's default for ext4, which a class makes that says nothing", { fileSystem: 'EXT4' }, 'plain', 'EXT4'],
    ['the first by name that makes xfs, and no class by hand', { fileSystem: 'XFS' }, 'a-xfs', 'XFS'],
    ['the one that is asked for', { fileSystem: 'XFS', asked: 'b-xfs', preferred: 'plain' }, 'b-xfs', 'XFS'],
    ["the profile's", { preferred: 'b-xfs' }, 'b-xfs', 'XFS'],
    ['the default where nothing is said', {}, 'plain', undefined],
    ['one with a file system that has no name here', { asked: 'odd' }, 'odd', undefined],
  ] as const)('takes %s', (_what, more, storageClass, fileSystem) => {
    expect(chooseClass(all, wanted(more))).toEqual({ storageClass, fileSystem });
  });

  it.each([
    ['is not there', { asked: 'nowhere' }, 'storageClass', 'not_found'],
    ["is the profile's, and not there", { preferred: 'nowhere' }, 'storageClass', 'not_found'],
    ['formats otherwise', { asked: 'plain', fileSystem: 'XFS' }, 'fileSystem', 'other_file_system'],
    ['formats in a way of its own', { asked: 'odd', fileSystem: 'EXT4' }, 'fileSystem', 'other_file_system'],
  ] as const)('takes none that %s (STO-14) (refused)', (_what, more, field, code) => {
    expect(chooseClass(all, wanted(more))).toMatchObject({ issue: { path: [field], code } });
  });

  it('says what is missing where no class fits (STO-14) (refused)', () => {
    expect(chooseClass([byHand], wanted({}))).toMatchObject({ issue: { path: ['storageClass'], code: 'no_class' } });
    expect(chooseClass([plain], wanted({ fileSystem: 'XFS' }))).toMatchObject({
      issue: { path: ['fileSystem'], code: 'no_class' },
    });
  });
});
