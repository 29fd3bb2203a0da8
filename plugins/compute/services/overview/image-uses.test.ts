import { describe, expect, it } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { imagesOf } from './image-uses.ts';

const pod = (images: readonly string[], phase = 'Running', init: readonly string[] = []) =>
  makePod({
    spec: { containers: images.map((image) => ({ image })), initContainers: init.map((image) => ({ image })) },
    status: { phase },
  });

describe('popular images (CMP-112)', () => {
  it('are those of most pods, each pod once, without those that have ended', () => {
    const pods = [
      pod(['b', 'b', 'a']),
      pod(['a'], 'Pending', ['c']),
      pod(['b']),
      pod(['d'], 'Succeeded'),
      pod(['', 'c']),
    ];
    expect(imagesOf(pods).map(({ image, podCount }) => `${image} ${podCount}`)).toEqual(['a 2', 'b 2', 'c 2']);
  });

  it('are none where there are no pods', () => {
    expect(imagesOf([])).toEqual([]);
  });
});
