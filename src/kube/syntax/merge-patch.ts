import { isDeepStrictEqual } from 'node:util';

/**
 * The JSON merge patch (RFC 7386) that makes `to` of `from`. Such a patch cannot set null, which Kubernetes reads as absent:
 * nulls of `to` are taken for absent. Undefined where nothing differs.
 */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (!isPlainObject(from) || !isPlainObject(to)) return isDeepStrictEqual(from, to) ? undefined : withoutNulls(to);
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (to[key] === undefined || to[key] === null) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined || value === null) continue;
    const part = mergePatch(from[key], value);
    if (part !== undefined) patch[key] = part;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutNulls(part)]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
