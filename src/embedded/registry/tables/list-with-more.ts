const shown = 3;

/** The first three, and how many more there are. */
export function listWithMore(items: readonly string[]): string {
  if (items.length === 0) return '';
  const list = items.slice(0, shown).join(',');
  return items.length > shown ? `${list} + ${items.length - shown} more...` : list;
}
