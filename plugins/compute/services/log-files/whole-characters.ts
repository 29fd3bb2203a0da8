/**
 * The part of some bytes of a UTF-8 text that has whole characters alone: how many to leave out at the begin, where it may begin within
 * one, and at the end. What is no UTF-8 is left as it is.
 */
export function wholeCharacters(bytes: Uint8Array): { readonly begin: number; readonly end: number } {
  let begin = 0;
  while (begin < 3 && begin < bytes.length && isContinuation(bytes[begin])) begin += 1;
  for (let back = 1; back <= 3 && bytes.length - back >= begin; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return { begin, end: lengthOf(byte) > back ? bytes.length - back : bytes.length };
  }
  return { begin, end: bytes.length };
}

const isContinuation = (byte: number | undefined): boolean => ((byte ?? 0) & 0xc0) === 0x80;

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
