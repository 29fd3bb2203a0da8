/** What stands in a directory of a container. */
export interface ListedFile {
  readonly name: string;
  readonly kind: 'FILE' | 'DIRECTORY' | 'LINK' | 'OTHER';
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

const typeMask = 0o170_000;
const kinds: ReadonlyMap<number, ListedFile['kind']> = new Map([
  [0o100_000, 'FILE'],
  [0o040_000, 'DIRECTORY'],
  [0o120_000, 'LINK'],
]);
const numbers = /^(\d{1,16}) (-?\d{1,12}) ([0-9a-f]{1,8}) /;

/**
 * Reads what `listFilesScript` writes, as far as it goes: a name may hold anything but a slash and NUL, also a line that looks like another
 * file's. What went while it was listed has no line, and is left out; so is what was cut off at the end.
 */
export function readFileListing(output: string): ListedFile[] {
  const files: ListedFile[] = [];
  let at = 0;
  while (at < output.length) {
    const names: string[] = [];
    for (let end = output.indexOf('\0', at); end > at; end = output.indexOf('\0', at)) {
      names.push(output.slice(at, end));
      at = end + 1;
    }
    // Behind the names stands an empty one; where it does not, the rest is cut off.
    if (output[at] !== '\0') return files;
    at += 1;
    const lines = output.indexOf('\0', at);
    const until = lines < 0 ? output.length : lines;
    for (const path of names) {
      // A number has a few digits, and a name is told by itself.
      const match = numbers.exec(output.slice(at, Math.min(until, at + 64)));
      if (!match) break;
      const [head, size, seconds, mode = ''] = match;
      const line = `${path}\n`;
      const from = at + head.length;
      if (from + line.length > until || !output.startsWith(line, from)) continue;
      files.push({
        name: path.slice(path.startsWith('./') ? 2 : 0),
        kind: kinds.get(Number.parseInt(mode, 16) & typeMask) ?? 'OTHER',
        sizeBytes: Number(size),
        modifiedAt: new Date(Number(seconds) * 1_000),
      });
      at = from + line.length;
    }
    at = until + 1;
  }
  return files;
}
