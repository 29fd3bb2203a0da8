import { ConflictError, type KubeObject } from 'longshore/sdk';
import { describe, expect, it, vi } from 'vitest';
import { writeEdit } from './write-edit.ts';

const version = (resourceVersion: string, uid = 'u') => ({ metadata: { resourceVersion, uid } }) as KubeObject;
const versionOf = ({ metadata }: KubeObject) => metadata.resourceVersion;
const stale = new ConflictError('the object has been modified');

/** A cluster that has gone on to `actual` while the cache goes through `seen`. */
function writing(
  actual: string,
  seen: readonly (KubeObject | undefined)[],
  decide = versionOf as (o: KubeObject) => unknown,
) {
  const left = [...seen];
  const write = vi.fn(async (current: KubeObject) => {
    if (versionOf(current) !== actual) throw stale;
    return 'written';
  });
  const written = writeEdit({
    object: version('1'),
    decide: (current) => ({ patch: decide(current) }),
    write,
    readAgain: () => left.shift(),
  });
  return { written, write };
}

describe('writeEdit (CORE-29)', () => {
  it.each([
    ['1', []],
    ['2', [version('2')]],
    ['3', [version('2'), version('3')]],
  ])('writes on version %s, whatever the cluster itself did before', async (actual, seen) => {
    const { written, write } = writing(actual, seen);
    expect(await written).toEqual({ before: version(actual), result: 'written' });
    expect(write).toHaveBeenLastCalledWith(version(actual), { patch: actual });
  });

  it.each([
    ['that never stands still', [version('2'), version('3'), version('4'), version('5')], 3],
    ['that is gone', [undefined], 1],
    ['that is another by the same name', [version('2', 'other')], 1],
    ['that is not seen to have changed', [version('1')], 1],
  ])('gives up an object %s (refused)', async (_what, seen, attempts) => {
    const { written, write } = writing('9', seen);
    await expect(written).rejects.toBe(stale);
    expect(write).toHaveBeenCalledTimes(attempts);
  });

  it('tells of both versions where somebody else was faster (refused)', async () => {
    const diverged = new ConflictError('changed in one field');
    const { written, write } = writing('2', [version('2')], (current) => {
      if (versionOf(current) === '2') throw diverged;
    });
    await expect(written).rejects.toBe(diverged);
    expect(write).toHaveBeenCalledTimes(1);
  });
});
