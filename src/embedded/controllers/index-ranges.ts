/** Completion indexes as a Job's status writes them: `0-2,5,6`; two neighbours are no range. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const ranges: { first: number; last: number }[] = [];
  for (const index of [...indexes].sort((left, right) => left - right)) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === index - 1) range.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges.map(printRange).join(',');
}

function printRange({ first, last }: { readonly first: number; readonly last: number }): string {
  if (first === last) return String(first);
  return `${first}${last === first + 1 ? ',' : '-'}${last}`;
}

/** The inverse of `formatIndexes`; parts that are not ranges are skipped. */
export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) continue;
    const first = Number(match[1]);
    for (let index = first; index <= Number(match[2] ?? first); index += 1) indexes.add(index);
  }
  return indexes;
}
