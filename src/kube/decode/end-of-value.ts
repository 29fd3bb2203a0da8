const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Where the JSON value that begins at `from` ends, exclusive, counted in brackets and quotes alone; -1 where it does not
 * end in these bytes. White space behind a number or a word counts as part of it.
 */
export function endOfValue(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case quote:
        at = closingQuote(bytes, at + 1);
        if (at < 0) return -1;
        if (depth === 0) return at + 1;
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        break;
      case closeBrace:
      case closeBracket:
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
        break;
      case comma:
        if (depth === 0) return at;
        break;
    }
  }
  return -1;
}

function closingQuote(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === backslash) at += 1;
    else if (byte === quote) return at;
  }
  return -1;
}
