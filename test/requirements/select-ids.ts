/**
 * The ids that a selection names, in the order of the rules: `CORE-*`, `CMP-37..CMP-109`, single ids, separated by commas.
 * Throws where a part of it names none.
 */
export function selectIds(selection: string, ids: readonly string[]): readonly string[] {
  const selected = new Set<string>();
  for (const part of selection.split(',').map((each) => each.trim())) {
    const named = ids.filter(matcherOf(part, ids));
    if (named.length === 0) throw new Error(`'${part}' names no requirement`);
    for (const id of named) selected.add(id);
  }
  return ids.filter((id) => selected.has(id));
}

function matcherOf(part: string, ids: readonly string[]): (id: string, index: number) => boolean {
  const [from, to, ...rest] = part.split('..');
  if (from === undefined || rest.length > 0) return () => false;
  if (to !== undefined) {
    const [first, last] = [ids.indexOf(from), ids.indexOf(to)];
    return (_id, index) => first >= 0 && index >= first && index <= last;
  }
  if (from.endsWith('*')) return (id) => id.startsWith(from.slice(0, -1));
  return (id) => id === from;
}
