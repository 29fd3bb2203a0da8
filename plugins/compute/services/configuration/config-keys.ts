/** The keys of a ConfigMap or Secret, texts and binary ones alike; of what was never told none. */
export function configKeysOf(object: object): readonly string[] {
  const { data, binaryData, stringData } = object as Readonly<Record<string, unknown>>;
  return [...new Set([data, binaryData, stringData].flatMap((part) => (isMap(part) ? Object.keys(part) : [])))];
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
