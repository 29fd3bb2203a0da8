/**
 * Order of two resourceVersions of one (cluster, kind): negative, zero or positive; undefined where they cannot be
 * ordered. All-digit versions are compared as numbers of any length (KEP-5504); anything else for equality only.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!isOrdered(a) || !isOrdered(b)) return undefined;
  if (a.length <= 15 && b.length <= 15) return Number(a) - Number(b);
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The later of two versions; `b` where they cannot be ordered, because it came later. */
export function laterVersion(a: string, b: string): string {
  const order = compareVersions(a, b);
  return order !== undefined && order > 0 ? a : b;
}

function isOrdered(version: string): boolean {
  return /^[0-9]+$/.test(version);
}
