/**
 * Versions and ranges as npm writes them: exact, `^`, `~`, `>=` and its kin, x-ranges, hyphen ranges, spaces for "and",
 * `||` for "or". A pre-release satisfies a range only where the range names a pre-release of the same version.
 */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: readonly (string | number)[];
}

/** Undefined for what is no full version. Build metadata (`+…`) is allowed and has no meaning. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease: identifiers(prerelease) };
}

/** Whether a version lies in a range; undefined where either cannot be read. */
export function satisfiesRange(version: string, range: string): boolean | undefined {
  const parsedVersion = parseVersion(version);
  const alternatives = parseRange(range);
  if (!parsedVersion || !alternatives) return undefined;
  return alternatives.some((comparators) => satisfiesAll(parsedVersion, comparators));
}

export function isRange(range: string): boolean {
  return parseRange(range) !== undefined;
}

interface Comparator {
  readonly operator: '<' | '<=' | '>' | '>=' | '=';
  readonly version: Version;
}

/** Parts of `1.2.x`: undefined from the first wildcard on. */
interface Partial {
  readonly major: number | undefined;
  readonly minor: number | undefined;
  readonly patch: number | undefined;
  readonly prerelease: readonly (string | number)[];
}

function satisfiesAll(version: Version, comparators: readonly Comparator[]): boolean {
  if (!comparators.every((comparator) => satisfies(version, comparator))) return false;
  if (version.prerelease.length === 0) return true;
  return comparators.some(({ version: bound }) => bound.prerelease.length > 0 && compareNumbers(bound, version) === 0);
}

function satisfies(version: Version, { operator, version: bound }: Comparator): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '=':
      return order === 0;
  }
}

function compareVersions(a: Version, b: Version): number {
  return compareNumbers(a, b) || comparePrereleases(a.prerelease, b.prerelease);
}

function compareNumbers(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** A version without pre-release stands above all its pre-releases; numbers stand below words. */
function comparePrereleases(a: Version['prerelease'], b: Version['prerelease']): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left === right) continue;
    if (typeof left === typeof right) return left < right ? -1 : 1;
    return typeof left === 'number' ? -1 : 1;
  }
  return 0;
}

function parseRange(range: string): Comparator[][] | undefined {
  if (range.length > 256) return undefined;
  const alternatives = range.split('||').map((part) => parseAlternative(part.trim()));
  return alternatives.every((comparators) => comparators !== undefined) ? alternatives : undefined;
}

function parseAlternative(text: string): Comparator[] | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  if (hyphen) {
    const [from, to] = [parsePartial(hyphen[1]), parsePartial(hyphen[2])];
    return from && to && [atLeast(from), ...atMost(to)];
  }
  const words = text.replaceAll(/([<>=~^]+)\s+/g, '$1').split(/\s+/);
  const comparators = words.map(parseWord);
  return comparators.every((found) => found !== undefined) ? comparators.flat() : undefined;
}

function parseWord(word: string): Comparator[] | undefined {
  const [, operator = '', rest] = /^(\^|~|>=|<=|>|<|=)?(.*)$/.exec(word) ?? [];
  const partial = parsePartial(rest);
  if (!partial) return undefined;
  switch (operator) {
    case '^':
      return [atLeast(partial), ...belowNext(partial, caretPart(partial))];
    case '~':
      return [atLeast(partial), ...belowNext(partial, partial.minor === undefined ? 'major' : 'minor')];
    case '>=':
      return [atLeast(partial)];
    case '>':
      return isFull(partial) ? [{ operator: '>', version: lowest(partial) }] : above(partial);
    case '<':
      return [{ operator: '<', version: isFull(partial) ? lowest(partial) : firstPrerelease(lowest(partial)) }];
    case '<=':
      return atMost(partial);
    default:
      return isFull(partial)
        ? [{ operator: '=', version: lowest(partial) }]
        : [atLeast(partial), ...belowNext(partial, lastPart(partial))];
  }
}

function parsePartial(text: string | undefined): Partial | undefined {
  const number = String.raw`(\d{1,9}|[xX*])`;
  const pattern = new RegExp(
    `^v?${number}(?:\\.${number}(?:\\.${number}(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?)?)?$`,
  );
  const match = pattern.exec(text || '*');
  if (!match) return undefined;
  const [major, minor, patch] = match
    .slice(1, 4)
    .map((part) => (part === undefined || /[xX*]/.test(part) ? undefined : Number(part)));
  const isWildAt = [major, minor, patch].indexOf(undefined);
  return {
    major,
    minor: isWildAt === 0 ? undefined : minor,
    patch: isWildAt >= 0 && isWildAt < 2 ? undefined : patch,
    prerelease: isWildAt === -1 ? identifiers(match[4]) : [],
  };
}

function identifiers(text: string | undefined): (string | number)[] {
  return text === undefined ? [] : text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function isFull(partial: Partial): boolean {
  return partial.patch !== undefined;
}

function lowest({ major = 0, minor = 0, patch = 0, prerelease }: Partial): Version {
  return { major, minor, patch, prerelease };
}

function firstPrerelease(version: Version): Version {
  return { ...version, prerelease: [0] };
}

function atLeast(partial: Partial): Comparator {
  return { operator: '>=', version: lowest(partial) };
}

function atMost(partial: Partial): Comparator[] {
  return isFull(partial) ? [{ operator: '<=', version: lowest(partial) }] : belowNext(partial, lastPart(partial));
}

function above(partial: Partial): Comparator[] {
  // Nothing is above `*`.
  if (partial.major === undefined) return [{ operator: '<', version: firstPrerelease(lowest(partial)) }];
  return [{ operator: '>=', version: next(partial, lastPart(partial)) }];
}

type Part = 'major' | 'minor' | 'patch';

function belowNext(partial: Partial, part: Part): Comparator[] {
  return partial.major === undefined ? [] : [{ operator: '<', version: firstPrerelease(next(partial, part)) }];
}

function next({ major = 0, minor = 0, patch = 0 }: Partial, part: Part): Version {
  if (part === 'major') return { major: major + 1, minor: 0, patch: 0, prerelease: [] };
  if (part === 'minor') return { major, minor: minor + 1, patch: 0, prerelease: [] };
  return { major, minor, patch: patch + 1, prerelease: [] };
}

/** The smallest part that a partial version names. */
function lastPart(partial: Partial): Part {
  if (partial.minor === undefined) return 'major';
  return partial.patch === undefined ? 'minor' : 'patch';
}

/** A caret keeps the first part that is not zero. */
function caretPart(partial: Partial): Part {
  if (partial.major !== 0 || partial.minor === undefined) return 'major';
  return partial.minor !== 0 || partial.patch === undefined ? 'minor' : 'patch';
}
