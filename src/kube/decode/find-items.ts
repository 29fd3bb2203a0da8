import { endOfValue } from './end-of-value.ts';

const itemsKey = Buffer.from('"items"');

/**
 * Where the first item of a list begins: behind the bracket of its own member `items`, not of one below it. `'more'`
 * where that is not to be seen yet, `'none'` where these bytes are no object with such an array.
 */
export function findItems(bytes: Buffer): number | 'more' | 'none' {
  let at = skipSpace(bytes, 0);
  if (at >= bytes.length) return 'more';
  if (bytes[at] !== 0x7b) return 'none';
  for (;;) {
    at = skipSpace(bytes, at + 1);
    if (at >= bytes.length) return 'more';
    if (bytes[at] !== 0x22) return 'none';
    const keyEnd = endOfValue(bytes, at);
    if (keyEnd < 0) return 'more';
    const isItems = bytes.subarray(at, keyEnd).equals(itemsKey);
    at = skipSpace(bytes, keyEnd);
    if (at >= bytes.length) return 'more';
    if (bytes[at] !== 0x3a) return 'none';
    at = skipSpace(bytes, at + 1);
    if (at >= bytes.length) return 'more';
    if (isItems) return bytes[at] === 0x5b ? at + 1 : 'none';
    const end = endOfValue(bytes, at);
    if (end < 0) return 'more';
    at = skipSpace(bytes, end);
    if (at >= bytes.length) return 'more';
    if (bytes[at] !== 0x2c) return 'none';
  }
}

/** The first byte from here that is no white space of JSON. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
