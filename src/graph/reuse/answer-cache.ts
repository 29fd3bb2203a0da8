import type { OperationDefinitionNode } from 'graphql';
import type { Principal } from '../../kernel/principal.ts';
import { type AnswerSource, isCurrent } from './request-reads.ts';

/** An answer as it went out: the bytes of its JSON. */
export interface CachedAnswer {
  readonly bytes: Uint8Array;
  readonly sources: readonly AnswerSource[];
}

/** What an answer depends on besides its sources. */
export interface AnswerKey {
  readonly operation: OperationDefinitionNode;
  /** `Access.canonical`. */
  readonly rights: string;
  readonly variables: string;
}

export interface AnswerCache {
  /** The answer, where everything it was made from is as it was. */
  find(key: AnswerKey, principal: Principal): CachedAnswer | undefined;
  keep(key: AnswerKey, answer: CachedAnswer): void;
  /** Bytes held now, keys included: their variables are as long as callers like. */
  readonly bytes: number;
}

interface Entry {
  readonly answer: CachedAnswer;
  readonly size: number;
  readonly forget: () => void;
}

/** What an entry costs besides its key and its answer, in bytes. */
const entryBytes = 256;

/** Keeps answers up to so many bytes; what was not asked for longest goes first. */
export function createAnswerCache(maxBytes: number): AnswerCache {
  /**
   * Documents are objects of the parser's cache: of one that it forgets nothing is found any more, and its answers go when
   * they are the oldest.
   */
  const byOperation = new WeakMap<OperationDefinitionNode, Map<string, Entry>>();
  const byAge = new Set<Entry>();
  let bytes = 0;

  const textOf = ({ rights, variables }: AnswerKey): string => `${rights} ${variables}`;

  function drop(entry: Entry): void {
    if (!byAge.delete(entry)) return;
    bytes -= entry.size;
    entry.forget();
  }

  return {
    get bytes() {
      return bytes;
    },
    find(key, principal) {
      const entry = byOperation.get(key.operation)?.get(textOf(key));
      if (entry === undefined) return undefined;
      if (!isCurrent(entry.answer.sources, principal)) return undefined;
      byAge.delete(entry);
      byAge.add(entry);
      return entry.answer;
    },
    keep(key, answer) {
      const text = textOf(key);
      const size = answer.bytes.byteLength + text.length + entryBytes;
      // One answer must not push out all others.
      if (size > maxBytes / 4) return;
      const answers = byOperation.get(key.operation) ?? new Map<string, Entry>();
      byOperation.set(key.operation, answers);
      const previous = answers.get(text);
      if (previous !== undefined) drop(previous);
      const entry: Entry = { answer, size, forget: () => answers.delete(text) };
      answers.set(text, entry);
      byAge.add(entry);
      bytes += size;
      for (const oldest of byAge) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}
