const sizes = new WeakMap<object, number>();

/** What something counts that is no object or has no JSON. */
const assumedSize = 1_024;

/** Size of an object as JSON, in UTF-16 units; counted once per object, however many subscribers queue it. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return assumedSize;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = countJson(value);
  sizes.set(value, size);
  return size;
}

function countJson(value: object): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return assumedSize;
  }
}
