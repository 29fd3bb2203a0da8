import { isJson } from './draft.ts';
import type { Path } from './places.ts';

/** Where two objects differ, as deep as they are alike; a list of another length differs as a whole. Null says as little as nothing. */
export function differingPaths(before: unknown, after: unknown, at: Path = []): readonly Path[] {
  if (isJson(before) && isJson(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differingPaths(before[key], after[key], [...at, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((one, index) => differingPaths(one, after[index], [...at, index]));
  }
  return (before ?? undefined) === (after ?? undefined) ? [] : [at];
}
