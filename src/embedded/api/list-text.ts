/** A list in pieces, so that a large one never has to be text as a whole, nor be made in one go. */
export interface ListText {
  /** JSON up to and with the bracket that opens the items. */
  readonly open: string;
  /** Each item as JSON text, made when it is asked for. */
  readonly items: Iterable<string>;
}

/** What closes every list: its items, then itself. */
const close = ']}';

/** A slice ends with the item that fills it; so many objects take a few milliseconds. */
export const itemsPerSlice = 64;
export const slicedFromCharacters = 256 * 1024;

/** The list as JSON in slices of a bounded number of items and characters; joined they are the whole text. */
export function* slicesOfList({ open, items }: ListText): Generator<string> {
  let slice = open;
  let count = 0;
  let isFirst = true;
  for (const item of items) {
    if (count === itemsPerSlice || slice.length >= slicedFromCharacters) {
      yield slice;
      slice = '';
      count = 0;
    }
    slice += isFirst ? item : `,${item}`;
    isFirst = false;
    count += 1;
  }
  yield `${slice}${close}\n`;
}

/** The list in slices of another format, of which an empty list and one item can be printed. */
export function* translateList(
  { open, items }: ListText,
  print: { readonly frame: (list: string) => string; readonly item: (item: string) => string; readonly empty: string },
): Generator<string> {
  yield print.frame(`${open}${close}`);
  let isEmpty = true;
  for (const item of items) {
    yield print.item(item);
    isEmpty = false;
  }
  yield isEmpty ? `${print.empty}\n` : '\n';
}
