/** How a topic's payload is kept in the journal: as a JSON value, without secrets. */
export interface TopicCodec<T> {
  encode(payload: T): unknown;
  decode(json: unknown): T;
}

/** For plain data: objects, arrays, strings, finite numbers, booleans, null and Dates. What is undefined is left out. */
export const plainCodec: TopicCodec<unknown> = { encode: tag, decode: untag };

/** A Date becomes `{ $date }`; names that begin with `$` get one more, so that nothing else can look like one. */
function tag(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(tag);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.startsWith('$') ? `$${name}` : name, tag(each)]),
  );
}

function untag(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untag);
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value && typeof value.$date === 'string') return new Date(value.$date);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.startsWith('$') ? name.slice(1) : name, untag(each)]),
  );
}
