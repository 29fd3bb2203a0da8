import { PreconditionError, ValidationError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { volumeSnapshotClassKind, volumeSnapshotKind } from '../../api.ts';
import { chooseSnapshotClass } from './choose-snapshot-class.ts';
import { snapshotProblemOf, snapshotStateOf } from './snapshot-facts.ts';
import { requireSnapshotHere } from './snapshot-source.ts';

const taken = (status: object | undefined, metadata: object = {}) =>
  makeObject(volumeSnapshotKind, { metadata: { name: 'moment', ...metadata }, status });
const failed = { message: 'quota exhausted' };

describe('a snapshot (STO-20)', () => {
  it.each([
    ['without a status', undefined, {}, 'CREATING', undefined],
    ['that is being taken', { readyToUse: false }, {}, 'CREATING', undefined],
    ['whose last attempt failed', { readyToUse: false, error: failed }, {}, 'FAILING', 'quota exhausted'],
    ['that failed without words', { error: {} }, {}, 'FAILING', 'Its driver does not say why.'],
    ['that came to be all the same', { readyToUse: true, error: failed }, {}, 'READY', undefined],
    ['on its way out', { readyToUse: true }, { deletionTimestamp: 'now' }, 'DELETING', undefined],
  ])('%s stands so', (_what, status, metadata, state, problem) => {
    const snapshot = taken(status, metadata);
    expect([snapshotStateOf(snapshot), snapshotProblemOf(snapshot)]).toEqual([state, problem]);
  });

  it('is restored where it is, once it is whole (STO-14, STO-20)', () => {
    expect(() => requireSnapshotHere(taken({ readyToUse: true }), 'c1', 'shop')).not.toThrow();
  });

  it.each([
    ['another cluster', taken({ readyToUse: true }), 'c2', 'shop', ValidationError, "is in 'shop' of 'c1'"],
    ['another namespace', taken({ readyToUse: true }), 'c1', 'bank', ValidationError, "in namespace 'bank'"],
    ['no state to be read', taken({ readyToUse: false }), 'c1', 'shop', PreconditionError, 'is not ready yet'],
    ['trouble', taken({ error: failed }), 'c1', 'shop', PreconditionError, 'not ready: quota exhausted'],
    [
      'an end',
      taken({ readyToUse: true }, { deletionTimestamp: 'now' }),
      'c1',
      'shop',
      PreconditionError,
      'is being deleted',
    ],
  ])('is not restored in %s (STO-14) (refused)', (_what, snapshot, cluster, namespace, kind, words) => {
    const restore = () => requireSnapshotHere(snapshot, cluster, namespace);
    expect(restore).toThrow(kind);
    expect(restore).toThrow(words);
  });
});

const marked = { 'snapshot.storage.kubernetes.io/is-default-class': 'true' };
const kept = (name: string, driver: string, annotations: object = {}) =>
  makeObject(volumeSnapshotClassKind, { metadata: { name, annotations }, driver, deletionPolicy: 'Delete' });
const other = kept('other', 'other.example', marked);

describe('chooseSnapshotClass (STO-20)', () => {
  it.each([
    ['the only one of the driver', [kept('one', 'd'), other], undefined, 'one'],
    ['its default', [kept('one', 'd'), kept('two', 'd', marked), other], undefined, 'two'],
    ['the one that is asked for', [kept('one', 'd'), kept('two', 'd', marked)], 'one', 'one'],
  ])('takes %s', (_what, classes, asked, name) => {
    expect(chooseSnapshotClass(classes, 'd', asked)).toBe(name);
  });

  it.each([
    ['none of the driver', [other], undefined, PreconditionError, "No VolumeSnapshotClass is of driver 'd'"],
    ['several of the driver', [kept('one', 'd'), kept('two', 'd')], undefined, PreconditionError, 'name one of them'],
    ['two defaults', [kept('one', 'd', marked), kept('two', 'd', marked)], undefined, PreconditionError, 'name one'],
    ['one that is not there', [kept('one', 'd')], 'nowhere', ValidationError, "no VolumeSnapshotClass 'nowhere'"],
    ['one of another driver', [kept('one', 'd'), other], 'other', ValidationError, "is of driver 'other.example'"],
  ])('does not guess among %s (STO-20) (refused)', (_what, classes, asked, kind, words) => {
    const choose = () => chooseSnapshotClass(classes, 'd', asked);
    expect(choose).toThrow(kind);
    expect(choose).toThrow(words);
  });
});
