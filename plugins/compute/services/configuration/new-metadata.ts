import { descriptionAnnotation, type Label } from 'longshore/plugins/core';

/** Metadata of an object that a form makes; its description stands in an annotation, where the cluster keeps it. */
export function metadataOf(
  namespace: string,
  name: string,
  description: string | null | undefined,
  labels: readonly Label[] | null | undefined,
): object {
  return {
    namespace,
    name,
    ...(labels && labels.length > 0
      ? { labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) }
      : {}),
    ...(description ? { annotations: { [descriptionAnnotation]: description } } : {}),
  };
}
