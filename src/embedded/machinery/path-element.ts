import { isJsonObject, type JsonObject } from './json.ts';
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

const ranks = 'fkvi';

/** The order of elements in fieldsV1: names, then elements by their keys, by value, by index. */
export function compareElements(left: PathElement, right: PathElement): number {
  const rank = ranks.indexOf(left.charAt(0)) - ranks.indexOf(right.charAt(0));
  if (rank !== 0) return rank;
  if (!left.startsWith('k:')) return compareScalars(left, right);
  const [a, b] = [Object.entries(parseKeys(left)), Object.entries(parseKeys(right))];
  for (const [at, [name, value]] of a.entries()) {
    const [otherName = '', otherValue] = b[at] ?? [];
    const order = compareScalars(name, otherName) || compareScalars(value, otherValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
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
  const pairs = Object.entries(parseKeys(element)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${pairs.join(',')}]`;
}

function parseKeys(element: PathElement): JsonObject {
  return JSON.parse(element.slice(2)) as JsonObject;
}

/** Numbers before texts, each in their own order. */
function compareScalars(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  const [a, b] = [String(left), String(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function keysOf(item: unknown, shape: Shape): JsonObject {
  const keys: JsonObject = {};
  for (const key of [...shape.keys].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = isJsonObject(item) ? (item[key.name] ?? key.default) : undefined;
    if (value !== undefined) keys[key.name] = value;
  }
  return keys;
}
