import { isDeepStrictEqual } from 'node:util';

type Json = Readonly<Record<string, unknown>>;

/** The JSON merge patch (RFC 7386) that makes `to` of `from`; empty where nothing differs. What is undefined is absent. */
export function mergePatch(from: Json, to: Json): Json {
  const gone = Object.keys(from).filter((key) => from[key] !== undefined && to[key] === undefined);
  const parts = Object.entries(to).flatMap(([key, value]) => {
    const before = from[key];
    if (value === undefined || isDeepStrictEqual(before, value)) return [];
    if (!isJson(before) || !isJson(value)) return [[key, value] as const];
    const part = mergePatch(before, value);
    return Object.keys(part).length > 0 ? [[key, part] as const] : [];
  });
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...Object.fromEntries(parts) };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
