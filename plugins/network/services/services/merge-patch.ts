import { isDeepStrictEqual } from 'node:util';

type Json = Readonly<Record<string, unknown>>;

/** The JSON merge patch (RFC 7386) that makes `to` of `from`; empty where nothing differs. */
export function mergePatch(from: Json, to: Json): Json {
  const gone = Object.keys(from).filter((key) => to[key] === undefined);
  const parts = Object.entries(to).flatMap(([key, value]) => {
    const before = from[key];
    if (value === undefined || isDeepStrictEqual(before, value)) return [];
    return [[key, isJson(before) && isJson(value) ? mergePatch(before, value) : value] as const];
  });
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...Object.fromEntries(parts) };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
