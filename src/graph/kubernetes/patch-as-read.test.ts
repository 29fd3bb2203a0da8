import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../kernel/answer-error.ts';
import { patchAsRead } from './patch-as-read.ts';

type Thing = Parameters<typeof patchAsRead>[0]['object'] & { readonly value: number };

/** A thing that changes each time it is looked at, as often as said. */
function createThing(changes: number) {
  let version = 1;
  const written: object[] = [];
  const at = (): Thing => ({ value: version, metadata: { resourceVersion: String(version) } }) as unknown as Thing;
  return {
    written,
    options: {
      object: at(),
      patchOf: (thing: Thing) => ({ from: thing.value }),
      async write(patch: object, resourceVersion: string) {
        if (version <= changes) version += 1;
        if (resourceVersion !== String(version)) throw new ConflictError('changed');
        written.push(patch);
        return { object: {} as never, warnings: [] };
      },
      readLive: async () => at(),
    },
  };
}

describe('patchAsRead', () => {
  it.each([0, 1, 4])('writes the patch of the version that is there, after %i changes', async (changes) => {
    const thing = createThing(changes);
    await patchAsRead(thing.options);
    expect(thing.written).toEqual([{ from: changes + 1 }]);
  });

  it('decides anew on what has changed, and writes nothing where that is refused (refused)', async () => {
    const thing = createThing(1);
    const patchOf = async ({ value }: Thing) => {
      if (value > 1) throw new Error('It is paused by now');
      return { from: value };
    };
    await expect(patchAsRead({ ...thing.options, patchOf })).rejects.toThrow('It is paused by now');
    expect(thing.written).toEqual([]);
  });

  it('gives up on what never stands still (refused)', async () => {
    const thing = createThing(Number.POSITIVE_INFINITY);
    await expect(patchAsRead(thing.options)).rejects.toThrow(ConflictError);
    expect(thing.written).toEqual([]);
  });
});
