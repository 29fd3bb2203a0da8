import type { ManifestCheck, ManifestMisfit } from 'longshore/sdk';
import { labelledSubjects, releaseLabels } from './released-objects.ts';

/**
 * Services send requests to pods by these labels, and releases are kept apart from other changes by them: who could set one by hand would be
 * sent what is for others, and who could take one off would be past the exclusion (REL-17).
 */
export const releaseLabelCheck: ManifestCheck = {
  subjects: labelledSubjects,
  check: ({ object, existing, road }) =>
    labelMaps.flatMap((path) => {
      const [before, after] = [mapAt(existing, path), mapAt(object, path)];
      return releaseLabels.flatMap((key): readonly ManifestMisfit[] => {
        const isLeftOut = after[key] === undefined;
        if (before[key] === after[key] || (isLeftOut && road === 'APPLY')) return [];
        const message = isLeftOut
          ? `The label '${key}' is taken off by releases alone`
          : `The label '${key}' is set by releases alone`;
        // What is missing has no place: its map has.
        return [{ path: isLeftOut ? path : [...path, key], code: 'reserved', message }];
      });
    }),
};

/** Where an object and its pods have labels. */
const labelMaps: readonly (readonly string[])[] = [
  ['metadata', 'labels'],
  ['spec', 'template', 'metadata', 'labels'],
  ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels'],
];

function mapAt(object: unknown, path: readonly string[]): Readonly<Record<string, unknown>> {
  let value = object;
  for (const key of path) value = isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isPlain(value) ? value : {};
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
