/** Whether a department would be above itself if this were its parent; `parents` is the tree without circles. */
export function isInCircle(
  parents: ReadonlyMap<string, string | null>,
  department: string,
  newParent: string,
): boolean {
  const seen = new Set<string>();
  for (let next: string | null = newParent; next !== null && !seen.has(next); next = parents.get(next) ?? null) {
    if (next === department) return true;
    seen.add(next);
  }
  return false;
}
