import { describe, expect, it } from 'vitest';
import type { ObjectIdentity } from './object-history.ts';
import { createRandomWriter, type WritableObjects } from './random-writer.ts';
import { createSeededRandom } from './seeded-random.ts';

/** What is written to it, in memory. */
function memory(): WritableObjects & { readonly there: Map<string, ObjectIdentity> } {
  const there = new Map<string, ObjectIdentity>();
  let version = 0;
  const put = (name: string, uid: string): ObjectIdentity => {
    const object = { name, uid, resourceVersion: String(++version) };
    there.set(name, object);
    return object;
  };
  const known = (name: string): ObjectIdentity => {
    const object = there.get(name);
    if (!object) throw new Error(`${name} is not there`);
    return object;
  };
  return {
    there,
    create(name) {
      if (there.has(name)) throw new Error(`${name} is there already`);
      return put(name, `uid-${version}`);
    },
    update: (name) => put(name, known(name).uid),
    remove(name) {
      const { uid } = known(name);
      there.delete(name);
      return { name, uid, resourceVersion: String(++version) };
    },
  };
}

async function run(seed: number, steps: number) {
  const objects = memory();
  const writer = createRandomWriter({ random: createSeededRandom(seed), objects, names: 10 });
  for (let step = 0; step < steps; step += 1) await writer.write();
  return { objects, writer };
}

describe('createRandomWriter', () => {
  it('creates, changes, deletes and recreates, and knows what is there', async () => {
    const { objects, writer } = await run(1, 500);
    const counts = Object.groupBy(writer.written, ({ what }) => what);
    for (const what of ['create', 'update', 'remove'] as const) expect(counts[what]?.length).toBeGreaterThan(50);
    const isRecreated = writer.written.some(
      ({ what, object }, index) =>
        what === 'remove' &&
        writer.written[index + 1]?.what === 'create' &&
        writer.written[index + 1]?.object.name === object.name,
    );
    expect(isRecreated).toBe(true);
    if (writer.newest) expect(objects.there.get(writer.newest.name)).toEqual(writer.newest);
  });

  it('does the same again with the same seed, and something else with another', async () => {
    const written = async (seed: number) => (await run(seed, 100)).writer.written;
    expect(await written(7)).toEqual(await written(7));
    expect(await written(7)).not.toEqual(await written(8));
  });

  it('says how to repeat what it did', async () => {
    const { writer } = await run(99, 50);
    const [first] = writer.written;
    expect(writer.explain(first?.object.uid ?? '', first?.object.name ?? '')).toContain('LONGSHORE_TEST_SEED=99');
  });
});
