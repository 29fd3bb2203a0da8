import { isPlainObject } from './plain-value.ts';
import type { Path } from './to-plain-value.ts';

/**
 * A path in the words of structured merge, where entries of lists are named by their keys (`name="web"`, or `="a"` in a
 * set), as one with places in the list. A step that leads nowhere stays as it is.
 */
export function pathByKeys(object: unknown, path: Path): Path {
  let value: unknown = object;
  return path.map((segment) => {
    const step = typeof segment === 'string' && Array.isArray(value) ? (indexOf(value, segment) ?? segment) : segment;
    const holder = value as Readonly<Record<string | number, unknown>> | null | undefined;
    value = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, step) ? holder[step] : undefined;
    return step;
  });
}

function indexOf(list: readonly unknown[], words: string): number | undefined {
  const pairs = [...words.matchAll(/([\w.-]*)=("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)/g)];
  const keys = pairs.flatMap(([, key = '', text = '']) => {
    try {
      return [[key, JSON.parse(text) as unknown] as const];
    } catch {
      return [];
    }
  });
  if (keys.length === 0) return undefined;
  const find = (defaultOf: (value: unknown) => unknown): number =>
    list.findIndex((item) =>
      keys.every(([key, value]) =>
        key === '' ? item === value : isPlainObject(item) && (item[key] ?? defaultOf(value)) === value,
      ),
    );
  // A key that the text leaves out has the cluster's default, e.g. the protocol of a port.
  const exact = find(() => undefined);
  const found = exact < 0 ? find((value) => value) : exact;
  return found < 0 ? undefined : found;
}
