/** What kind of JSON the value is, as Go's decoder calls it: `array`, `bool`, `number`, `object` or `string`. */
export function jsonKindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
