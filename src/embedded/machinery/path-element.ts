import { isEqualJson, isJsonObject, type JsonObject } from './json.ts';
import type { Shape } from './shape.ts';

/** How fieldsV1 names one step of a path: `f:replicas`, `k:{"name":"app"}`, `v:"finalizer"`. */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The element's name inside its list: by its keys, or by its value in a set. */
export function itemElement(item: unknown, shape: Shape): PathElement {
  if (shape.list === 'set') return `v:${JSON.stringify(item)}`;
  return `k:${JSON.stringify(keysOf(item, shape))}`;
}

/** Whether two elements of a list are the same by the shape's keys. */
export function isSameItem(left: unknown, right: unknown, shape: Shape): boolean {
  return shape.list === 'set' ? isEqualJson(left, right) : itemElement(left, shape) === itemElement(right, shape);
}

/** A path as conflicts print it: `.spec.template.spec.containers[name="app"].image`. */
export function formatPath(path: readonly PathElement[]): string {
  return path.map(formatElement).join('');
}

function formatElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys = JSON.parse(rest) as JsonObject;
  const pairs = Object.entries(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${pairs.join(',')}]`;
}

function keysOf(item: unknown, shape: Shape): JsonObject {
  const keys: JsonObject = {};
  for (const key of [...shape.keys].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = isJsonObject(item) ? (item[key.name] ?? key.default) : undefined;
    if (value !== undefined) keys[key.name] = value;
  }
  return keys;
}
