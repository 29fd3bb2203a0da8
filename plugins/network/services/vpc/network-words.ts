import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';

/** What people may say of a thing of the network at any time. */
export interface NetworkWords {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
}

/** The annotations that say so: what is not given stays, an empty description and null go away. */
export function wordsOf({ name, description }: NetworkWords): Readonly<Record<string, string | null>> {
  return {
    ...(name === undefined || name === null ? {} : { [displayNameAnnotation]: name }),
    ...(description === undefined ? {} : { [descriptionAnnotation]: description || null }),
  };
}
