import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlaces, type Path } from './places.ts';

const step = fc.oneof(fc.constantFrom('env', 'name', '0'), fc.integer({ min: 0, max: 2 }));
const path = fc.array(step, { maxLength: 5 });

describe('createPlaces', () => {
  it('finds the input of the nearest place above, the later of two that say the same', () => {
    const places = createPlaces();
    places.add([], ['form']);
    places.add(['spec', 'containers'], ['containers']);
    places.add(['spec', 'containers', 1], ['containers', 0]);
    places.add(['spec', 'containers', 1], ['containers', 3]);
    expect(places.inputOf(['spec', 'containers', 1, 'image'])).toEqual(['containers', 3]);
    expect(places.inputOf(['spec', 'containers', 10])).toEqual(['containers']);
    expect(places.inputOf(['spec', 'containers', '1'])).toEqual(['containers']);
    expect(places.inputOf(['spec'])).toEqual(['form']);
  });

  it('finds what a walk over all places finds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, path), { maxLength: 20 }), path, (rows, asked) => {
        const places = createPlaces();
        for (const [manifest, input] of rows) places.add(manifest, input);
        const above = rows.filter(([manifest]) => manifest.every((one, index) => one === asked[index]));
        const nearest = above.reduce<readonly [Path, Path]>(
          (found, row) => (row[0].length >= found[0].length ? row : found),
          [[], []],
        );
        expect(places.inputOf(asked)).toEqual(nearest[1]);
      }),
    );
  });
});
