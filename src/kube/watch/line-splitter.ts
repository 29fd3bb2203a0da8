export interface Line {
  readonly bytes: Buffer;
  /** It was longer than the limit: this is its beginning. */
  readonly isCut: boolean;
}

/** The text of a line; a cut may have fallen inside a character, which then is left out. */
export function textOf({ bytes, isCut }: Line): string {
  const text = bytes.toString('utf8');
  return isCut ? text.replace(/\uFFFD+$/, '') : text;
}

/** Splits a stream of bytes at line feeds. Holds at most one unfinished line, and of that at most the limit. */
export interface LineSplitter {
  push(chunk: Uint8Array): Line[];
  /** The unfinished line at the end of the stream, if there is one. */
  end(): Line | undefined;
}

export function createLineSplitter(maxLineBytes: number): LineSplitter {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let isCut = false;

  function keep(part: Uint8Array): void {
    const room = maxLineBytes - bytes;
    if (part.length > room) isCut = true;
    const kept = part.length > room ? part.subarray(0, room) : part;
    if (kept.length === 0) return;
    parts.push(kept);
    bytes += kept.length;
  }

  function finish(): Line {
    const line = { bytes: Buffer.concat(parts, bytes), isCut };
    parts = [];
    bytes = 0;
    isCut = false;
    return line;
  }

  return {
    push(chunk) {
      const lines: Line[] = [];
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, at));
        lines.push(finish());
        from = at + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
      return lines;
    },
    end: () => (bytes === 0 && !isCut ? undefined : finish()),
  };
}
