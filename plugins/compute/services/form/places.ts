export type Path = readonly (string | number)[];

/** Which place of the input each place of the manifest came from. */
export interface Places {
  add(manifest: Path, input: Path): void;
  /** Where the input has what stands at a place of the manifest: the nearest place above it that came from the input. */
  inputOf(manifest: Path): Path;
}

export function createPlaces(): Places {
  const inputs = new Map<string, Path>();
  return {
    add(manifest, input) {
      inputs.set(JSON.stringify(manifest), input);
    },
    inputOf(manifest) {
      for (let length = manifest.length; length >= 0; length -= 1) {
        const input = inputs.get(JSON.stringify(manifest.slice(0, length)));
        if (input) return input;
      }
      return [];
    },
  };
}
