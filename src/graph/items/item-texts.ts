import type { OperationDefinitionNode } from 'graphql';
import type { AnswerSource } from '../reuse/request-reads.ts';

/** The JSON of one row, as UTF-8: joining bytes costs an eighth of joining strings and encoding them. */
export interface ItemText {
  readonly bytes: Uint8Array;
  /** What it was made from besides the row itself; rows rendered together share it. */
  readonly sources: readonly AnswerSource[];
}

/** Rows of one list operation, under the same rights and variables. */
export interface TextSet {
  get(row: object): ItemText | undefined;
  keep(row: object, text: ItemText): void;
  /** Tells how long the whole list was, by which it is judged how much of what is kept can still be of use. */
  answered(bytes: number): void;
}

export interface ItemTexts {
  /** Makes it the one used last. */
  of(operation: OperationDefinitionNode, key: string): TextSet;
  /** Bytes held now; of rows that are gone it may count too many. */
  readonly bytes: number;
}

interface Held extends TextSet {
  bytes: number;
  forget(): void;
}

/** What a set costs without any text, in bytes: callers can think of keys without end. */
const setBytes = 256;

/** Texts go with their rows; where there are too many, the set that was not used for longest goes first. */
export function createItemTexts(maxBytes: number): ItemTexts {
  const byOperation = new WeakMap<OperationDefinitionNode, Map<string, Held>>();
  const byAge = new Set<Held>();
  let bytes = 0;

  function createSet(ownBytes: number, forget: () => void): Held {
    let texts = new WeakMap<object, ItemText>();
    const set: Held = {
      bytes: ownBytes,
      forget,
      get: (row) => texts.get(row),
      keep(row, text) {
        texts.set(row, text);
        if (!byAge.has(set)) return;
        set.bytes += text.bytes.length;
        bytes += text.bytes.length;
      },
      answered(length) {
        // Texts of rows that were replaced are gone, and nobody counts them down: from time to time all begins anew.
        if (set.bytes > 4 * length + 65_536) {
          texts = new WeakMap();
          bytes -= set.bytes - ownBytes;
          set.bytes = ownBytes;
        }
        makeRoom();
      },
    };
    return set;
  }

  function makeRoom(): void {
    for (const oldest of byAge) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  }

  function drop(set: Held): void {
    if (!byAge.delete(set)) return;
    bytes -= set.bytes;
    set.forget();
  }

  return {
    get bytes() {
      return bytes;
    },
    of(operation, key) {
      const sets = byOperation.get(operation) ?? new Map<string, Held>();
      byOperation.set(operation, sets);
      let set = sets.get(key);
      if (!set) {
        set = createSet(setBytes + key.length, () => sets.delete(key));
        sets.set(key, set);
        bytes += set.bytes;
      }
      byAge.delete(set);
      byAge.add(set);
      makeRoom();
      return set;
    },
  };
}
