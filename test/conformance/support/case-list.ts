import type { ConformanceCase } from './conformance-area.ts';

export interface ListedCase extends ConformanceCase {
  readonly area: string;
}

let listing: ListedCase[] | undefined;

/** Tells whether cases are only being listed now, and keeps this one if so. Without a title it is an area's own question. */
export function noteCase(noted: { readonly area: string } & Partial<ConformanceCase>): 'listed' | 'to be run' {
  if (listing === undefined) return 'to be run';
  const { title, source } = noted;
  if (title !== undefined) listing.push({ ...noted, title, source: source ?? '' });
  return 'listed';
}

/** The cases of the files that `load` imports, none of which is run. */
export async function listCases(load: () => Promise<unknown>): Promise<readonly ListedCase[]> {
  const found: ListedCase[] = [];
  listing = found;
  try {
    await load();
  } finally {
    listing = undefined;
  }
  return found;
}
