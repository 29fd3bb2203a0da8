import { descriptionAnnotation, type Label } from 'longshore/plugins/core';

/** Metadata of an object that a form makes; its description stands in an annotation, where the cluster keeps it. */
export function metadataOf(
  namespace: string,
  name: string,
  description: string | null | undefined,
  labels: readonly Label[] | null | undefined,
  more: Readonly<Record<string, string>> = {},
): object {
  const annotations = { ...(description ? { [descriptionAnnotation]: description } : {}), ...more };
  return {
    namespace,
    name,
    ...(labels && labels.length > 0
      ? { labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) }
      : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}
