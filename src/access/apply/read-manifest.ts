/** Where something stands in a manifest: `['spec', 'containers', 0, 'securityContext']`. */
export type ManifestPath = readonly (string | number)[];

/** A manifest as its author wrote it: nothing about its types is certain. */
export type ManifestNode = Readonly<Record<string, unknown>>;

/** The object at a place; undefined where there is none. Own keys alone count. */
export function nodeAt(from: unknown, ...path: readonly string[]): ManifestNode | undefined {
  const value = valueAt(from, ...path);
  return isNode(value) ? value : undefined;
}

export function valueAt(from: unknown, ...path: readonly string[]): unknown {
  let value = from;
  for (const key of path) value = isNode(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** The items of a list; what should be a list and is none counts as its only item, so that it is looked at all the same. */
export function itemsAt(from: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = valueAt(from, ...path);
  if (isUnset(value)) return [];
  return Array.isArray(value) ? value : [value];
}

/** Not there, or null: the API server takes both for "not set". */
export function isUnset(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Not there, null or empty text. */
export function isBlank(value: unknown): boolean {
  return isUnset(value) || value === '';
}

export function isNode(value: unknown): value is ManifestNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `spec.containers[0].securityContext` */
export function printPath(path: ManifestPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}
