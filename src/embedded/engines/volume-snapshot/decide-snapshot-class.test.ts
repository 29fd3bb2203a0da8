import { describe, expect, it } from 'vitest';
import { decideSnapshotClass } from './decide-snapshot-class.ts';
import { defaultClassAnnotation, type VolumeSnapshotClass } from './kinds.ts';

function snapshotClass(name: string, driver: string, isDefault: boolean): VolumeSnapshotClass {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    metadata: { name, ...(isDefault ? { annotations: { [defaultClassAnnotation]: 'true' } } : {}) },
    driver,
    deletionPolicy: 'Delete',
  };
}

describe('decideSnapshotClass', () => {
  const classes = [snapshotClass('a', 'one', true), snapshotClass('b', 'two', true), snapshotClass('c', 'one', false)];

  it.each([
    ['c', 'one', 'c'],
    [undefined, 'one', 'a'],
    [undefined, 'two', 'b'],
  ])('takes for the name %s and the driver %s the class %s', (named, driver, expected) => {
    expect(decideSnapshotClass(named, driver, classes)).toMatchObject({
      snapshotClass: { metadata: { name: expected } },
    });
  });

  it.each([
    ['gone', 'one', classes, /snapshot class gone: .*not found/],
    [undefined, 'three', classes, /cannot find default/],
    [undefined, 'one', [...classes, snapshotClass('d', 'one', true)], /^2 default snapshot classes/],
  ])('refuses for the name %s and the driver %s', (named, driver, among, problem) => {
    expect(decideSnapshotClass(named, driver, among)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
