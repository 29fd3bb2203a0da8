/** The name that somebody may have meant: at most two letters away, and none is nearer. */
export function nearestName(written: string, names: Iterable<string>): string | undefined {
  if (written.length > 60) return undefined;
  const lower = written.toLowerCase();
  let nearest: string | undefined;
  let least = Math.min(2, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    const far = name.toLowerCase() === lower ? 0 : distance(written, name, least);
    if (far < least) {
      nearest = name;
      least = far;
    }
  }
  return nearest;
}

/** Letters to insert, leave out or replace; `limit` or more where it is not less. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? limit;
}
