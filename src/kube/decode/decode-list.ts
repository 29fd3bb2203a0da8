import type { LoopSlices } from '../../kernel/loop-slices.ts';
import { ConnectionError } from '../transport/connection-error.ts';
import { type ByteWindow, createByteWindow } from './byte-window.ts';
import { endOfValue } from './end-of-value.ts';
import { findItems, skipSpace } from './find-items.ts';

const comma = 0x2c;
const closeBracket = 0x5d;
/** So far into an item its metadata begins, in lists where items begin with it. */
const prefixBytes = 512;
const metadataKey = Buffer.from('"metadata":{');
const betweenItems = Buffer.from('},');

interface DecodeOptions {
  readonly maxBytes: number;
  readonly parse: (bytes: Buffer) => unknown;
  readonly take: (item: unknown) => void;
  readonly slices: LoopSlices;
}

/**
 * Reads a list while it arrives, item by item and in slices of the event loop: no more than one item is parsed at once.
 * Answers the list without its items; what has no array of items is answered whole. Rejects with a `ConnectionError`
 * where the body is larger than its bound or no JSON, and as `take` throws.
 */
export async function decodeList(body: AsyncIterable<Buffer>, options: DecodeOptions): Promise<unknown> {
  const window = createByteWindow(body, options.maxBytes);
  try {
    return await decode(window, options);
  } finally {
    await window.close();
  }
}

async function decode(window: ByteWindow, { parse, take, slices }: DecodeOptions): Promise<unknown> {
  // 1. What stands before the items.
  let begin = findItems(window.bytes);
  while (begin === 'more' && (await window.more())) begin = findItems(window.bytes);
  if (typeof begin !== 'number') {
    while (await window.more());
    return parseText(window.bytes.toString());
  }
  const head = window.bytes.toString('utf8', 0, begin);
  window.drop(begin);
  // 2. The items: each up to where another begins as the first did, else counted out by its brackets.
  let boundary = await learnBoundary(window);
  for (let isFirst = true; await hasItem(window, isFirst); isFirst = false) {
    const byBoundary = boundary && (await nextByBoundary(window, boundary, parse));
    if (!byBoundary) boundary = undefined;
    const { item } = byBoundary ?? (await nextByBrackets(window, parse));
    take(item);
    if (slices.isSpent()) await slices.next();
  }
  // 3. What stands behind them.
  while (await window.more());
  return parseText(`${head}${window.bytes.toString()}`);
}

interface Parsed {
  readonly item: unknown;
}

/** Moves to the next item; false at the bracket that ends the array, which then is the first byte. */
async function hasItem(window: ByteWindow, isFirst: boolean): Promise<boolean> {
  const token = await nextToken(window);
  if (token === closeBracket) return false;
  if (isFirst) return true;
  if (token !== comma) throw notJson();
  window.drop(1);
  if ((await nextToken(window)) === closeBracket) throw notJson();
  return true;
}

/** Drops white space; answers the byte behind it. */
async function nextToken(window: ByteWindow): Promise<number> {
  do window.drop(skipSpace(window.bytes, 0));
  while (window.bytes.length === 0 && (await window.more()));
  const [token] = window.bytes;
  if (token === undefined) throw notJson();
  return token;
}

/** What lies between two items, if the first one tells. */
async function learnBoundary(window: ByteWindow): Promise<Buffer | undefined> {
  while (window.bytes.length < prefixBytes && (await window.more()));
  const first = window.bytes.subarray(skipSpace(window.bytes, 0), prefixBytes);
  const at = first.indexOf(metadataKey);
  return at < 0 ? undefined : Buffer.concat([betweenItems, first.subarray(0, at + metadataKey.length)]);
}

/**
 * Quotes inside of strings are escaped, so the bytes of a boundary never stand in one. Should they stand deeper inside
 * the item, what lies before them has open brackets and does not parse: then this answers undefined.
 */
async function nextByBoundary(
  window: ByteWindow,
  boundary: Buffer,
  parse: (bytes: Buffer) => unknown,
): Promise<Parsed | undefined> {
  let searched = 0;
  let found = window.bytes.indexOf(boundary);
  while (found < 0) {
    searched = Math.max(0, window.bytes.length - boundary.length);
    if (!(await window.more())) return undefined;
    found = window.bytes.indexOf(boundary, searched);
  }
  try {
    const item = parse(window.bytes.subarray(0, found + 1));
    window.drop(found + 1);
    return { item };
  } catch {
    return undefined;
  }
}

async function nextByBrackets(window: ByteWindow, parse: (bytes: Buffer) => unknown): Promise<Parsed> {
  let to = endOfValue(window.bytes, 0);
  while (to < 0 && (await window.more())) to = endOfValue(window.bytes, 0);
  if (to < 0) throw notJson();
  try {
    const item = parse(window.bytes.subarray(0, to));
    window.drop(to);
    return { item };
  } catch {
    throw notJson();
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson();
  }
}

/** The parser's own message quotes the text. */
function notJson(): ConnectionError {
  return new ConnectionError('garbage', 'its answer is not JSON');
}
