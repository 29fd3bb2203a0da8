/** Negative, zero or positive. What has no order counts as equal. */
export function compareValues(left: unknown, right: unknown): number {
  const [a, b] = [comparable(left), comparable(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two values of expressions are the same, lists and maps in depth. */
export function isSameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => isSameValue(item, right[at]));
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && isSameValue(value, right.get(key)))
    );
  }
  const isNumeric = (value: unknown): boolean => typeof value === 'bigint' || typeof value === 'number';
  return isNumeric(left) && isNumeric(right) && compareValues(left, right) === 0;
}

function comparable(value: unknown): bigint | number | string {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return Number(value);
  // Times and durations say their number themselves.
  return typeof value === 'object' && value !== null ? Number(value.valueOf()) : 0;
}
