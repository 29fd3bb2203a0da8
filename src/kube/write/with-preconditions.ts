import type { Preconditions } from '../cluster-writer.ts';

/** The API server refuses a patch whose uid or resourceVersion is not the object's. */
export function withPreconditions(patch: object, { uid, resourceVersion }: Preconditions): object {
  if (uid === undefined && resourceVersion === undefined) return patch;
  const metadata = 'metadata' in patch && typeof patch.metadata === 'object' ? patch.metadata : {};
  return {
    ...patch,
    metadata: {
      ...metadata,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}
