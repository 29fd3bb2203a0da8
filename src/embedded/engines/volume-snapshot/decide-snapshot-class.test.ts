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
    ['one', 'a'],
    ['two', 'b'],
  ])('takes for the driver %s the class %s', (driver, expected) => {
    expect(decideSnapshotClass(driver, classes)).toMatchObject({
      snapshotClass: { metadata: { name: expected } },
    });
  });

  it.each([
    ['three', classes, /cannot find default/],
    ['one', [...classes, snapshotClass('d', 'one', true)], /^2 default snapshot classes/],
  ])('has none for the driver %s (refused)', (driver, among, problem) => {
    expect(decideSnapshotClass(driver, among)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
