import type { ByteReader } from './byte-pipe.ts';

/** More than this is never held of what a program reads: the rest is read and dropped. */
export const maxInputBytes = 8 * 1024 * 1024;

/** All that is left to read. */
export async function readAll(reader: ByteReader): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) {
    if (bytes + chunk.length > maxInputBytes) continue;
    bytes += chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Lines without their ends, as they come. What stands behind the last line end is a line too. */
export async function* readLines(reader: ByteReader): AsyncGenerator<string, void> {
  const source = createLineReader(reader);
  for (let line = await source.next(); line !== undefined; line = await source.next()) yield line;
}

/** The last lines, as many as were asked for and may be held. */
export async function holdLast(source: AsyncIterable<string>, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  let lines: string[] = [];
  let first = 0;
  let bytes = 0;
  for await (const line of source) {
    lines.push(line);
    bytes += line.length + 1;
    while (lines.length - first > most || bytes > maxInputBytes) {
      bytes -= (lines[first]?.length ?? 0) + 1;
      lines[first] = '';
      first += 1;
    }
    if (first > lines.length / 2) {
      lines = lines.slice(first);
      first = 0;
    }
  }
  return lines.slice(first);
}

/** Reads line by line and leaves what follows for the next reader of the same source. */
export interface LineReader extends ByteReader {
  next(): Promise<string | undefined>;
}

export function createLineReader(reader: ByteReader): LineReader {
  let rest = Buffer.alloc(0);
  // A terminal's end is read once; what is typed behind it is for the next one who reads.
  let isAtEnd = false;
  let pending: Promise<void> | undefined;
  const take = (length: number): Buffer => {
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  };
  const fill = (): Promise<void> => {
    pending ??= reader.read().then((chunk) => {
      pending = undefined;
      if (chunk === undefined) isAtEnd = true;
      else rest = Buffer.concat([rest, chunk]);
    });
    return pending;
  };
  const ready = async (): Promise<void> => {
    while (rest.length === 0 && !isAtEnd) await fill();
  };
  const takeRest = (): Buffer | undefined => {
    isAtEnd = rest.length > 0 && isAtEnd;
    return rest.length === 0 ? undefined : take(rest.length);
  };
  return {
    ready,
    async next() {
      for (;;) {
        const end = rest.indexOf(10);
        if (end >= 0)
          return take(end + 1)
            .subarray(0, end)
            .toString();
        if (isAtEnd || rest.length > maxInputBytes) return takeRest()?.toString();
        await fill();
      }
    },
    async read() {
      await ready();
      return takeRest();
    },
  };
}
