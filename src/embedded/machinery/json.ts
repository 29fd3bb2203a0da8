/** JSON as it comes from the wire: nothing is known of its fields until somebody has looked. */
export type JsonObject = { [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or undefined when it is anything else. */
export function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** The value as a list, empty when it is anything else. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects among the value's elements; everything else is skipped. */
export function asObjectList(value: unknown): JsonObject[] {
  return asList(value).filter(isJsonObject);
}

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The object below `key`, made there when it is missing or no object. */
export function ensureObject(parent: JsonObject, key: string): JsonObject {
  const present = parent[key];
  if (isJsonObject(present)) return present;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}

/** Sets a default: a field that is absent or null takes the value. */
export function setDefault(target: JsonObject, key: string, value: unknown): void {
  if (target[key] === undefined || target[key] === null) target[key] = value;
}

/** Reads along a path of field names; undefined as soon as one is missing. */
export function readPath(root: unknown, ...path: readonly string[]): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (!isJsonObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** The members in the order of their names. */
export function sortedEntries<T>(object: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(object ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Sets a member whatever its name: `__proto__` is data like any other. */
export function setMember(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

/** A deep copy of JSON; members that are undefined are left out, as they would be on the wire. */
export function cloneJson<T>(value: T): T {
  return copy(value) as T;
}

/** Deep equality of JSON. A member that is undefined equals an absent one. */
export function isEqualJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) && left.length === right.length && left.every((item, at) => isEqualJson(item, right[at]))
    );
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  for (const key of Object.keys(left)) if (!isEqualJson(left[key], right[key])) return false;
  for (const key of Object.keys(right)) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isJsonObject(value)) return value;
  const made: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    setMember(made, key, copy(member));
  }
  return made;
}
