/** V8 keeps one copy of shorter strings by itself. */
const sharedLength = 10;

/** Strings that were seen last, each in the place that its characters give it: times and addresses come again soon. */
const recent: string[] = Array.from({ length: 1_024 }, () => '');
/** Longer ones do not come again, and are not held for it. */
const recentLength = 64;

/**
 * Gives a freshly parsed value the parts of a known one that are equal to its own: answers `known` where all is equal,
 * else `fresh`, in which every equal object, array and string is the known one. Only `fresh` is changed, so nobody may
 * hold it yet; what is shared must never be changed again. As JSON the answer equals `fresh`, but for the order of members.
 */
export function shareEqual(fresh: unknown, known: unknown): unknown {
  if (fresh === known) return known;
  if (typeof fresh !== 'object' || typeof known !== 'object' || fresh === null || known === null) return fresh;
  if (!Array.isArray(fresh)) return Array.isArray(known) ? fresh : shareMembers(fresh, known);
  return Array.isArray(known) ? shareItems(fresh, known) : fresh;
}

function shareItems(fresh: unknown[], known: readonly unknown[]): unknown {
  let isEqual = fresh.length === known.length;
  const length = Math.min(fresh.length, known.length);
  for (let at = 0; at < length; at += 1) {
    const own = fresh[at];
    const other = known[at];
    if (typeof own === 'object' && own !== null) {
      const shared = shareEqual(own, other);
      if (shared === other) fresh[at] = other;
      else isEqual = false;
    } else if (own !== other) {
      isEqual = false;
      if (typeof own === 'string' && own.length > sharedLength) fresh[at] = recentOf(own);
    } else if (typeof own === 'string' && own.length > sharedLength) fresh[at] = other;
  }
  return isEqual ? known : fresh;
}

function shareMembers(fresh: object, known: object): unknown {
  const mine = fresh as Record<string, unknown>;
  const theirs = known as Record<string, unknown>;
  let isEqual = true;
  let members = 0;
  for (const key in mine) {
    members += 1;
    const own = mine[key];
    const other = theirs[key];
    if (typeof own === 'object' && own !== null) {
      const shared = key === '__proto__' ? own : shareEqual(own, other);
      if (shared === other) mine[key] = other;
      else isEqual = false;
    } else if (own !== other) {
      isEqual = false;
      if (typeof own === 'string' && own.length > sharedLength && key !== '__proto__') mine[key] = recentOf(own);
    } else if (typeof own === 'string' && own.length > sharedLength) mine[key] = other;
  }
  if (!isEqual) return fresh;
  for (const _key in theirs) members -= 1;
  return members === 0 ? known : fresh;
}

/** The same string as it was seen before, if that was not long ago. */
function recentOf(text: string): string {
  const end = text.length;
  if (end > recentLength) return text;
  const hash = (end * 31 + text.charCodeAt(end - 1)) * 31 + text.charCodeAt(end - 2);
  const place = ((hash * 31 + text.charCodeAt(end - 3)) * 31 + text.charCodeAt(end - 5)) & 1_023;
  const seen = recent[place];
  if (seen === text) return seen;
  recent[place] = text;
  return text;
}
