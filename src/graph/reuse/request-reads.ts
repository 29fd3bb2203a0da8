import type { Principal } from '../../kernel/principal.ts';

/** One source that an answer was made from, and what it said. */
export interface AnswerSource {
  /** Names the source. */
  readonly key: string;
  /** Of the source when it was first read. */
  readonly revision: number;
  /** Of the source now, for this principal; undefined while it cannot be told. */
  readonly now: (principal: Principal) => number | undefined;
}

/**
 * What one request reads while it is executed. An answer may be given again as long as all its sources stand at the same
 * revision; one that came from anything else (the principal, the clock, the database, an upstream) never is.
 */
export interface RequestReads {
  readonly principal: Principal;
  /** Reads of objects and lists since the execution began that were answered from memory. */
  readonly cacheReads: number;
  /** One more of them. */
  readFromCache(): void;
  /** Execution begins: what was read until now does not count. */
  begin(): void;
  /** Something without a revision was read. */
  touch(): void;
  /** A source was read; `key` names it, and its first revision counts. */
  read(key: string, now: AnswerSource['now']): void;
  /** What something used here was made from earlier. */
  include(sources: readonly AnswerSource[]): void;
  /** Undefined where the answer must not be given again. */
  sources(): readonly AnswerSource[] | undefined;
}

export function createRequestReads(principal: Principal): RequestReads {
  const sources = new Map<string, AnswerSource>();
  // Until somebody executes with the context that records, nothing is known of what is read.
  let isPure = false;
  let cacheReads = 0;
  return {
    principal,
    get cacheReads() {
      return cacheReads;
    },
    readFromCache() {
      cacheReads += 1;
    },
    begin() {
      cacheReads = 0;
      sources.clear();
      isPure = true;
    },
    touch() {
      isPure = false;
    },
    read(key, now) {
      if (!isPure || sources.has(key)) return;
      const revision = now(principal);
      if (revision === undefined) isPure = false;
      else sources.set(key, { key, revision, now });
    },
    include(included) {
      for (const source of included) if (!sources.has(source.key)) sources.set(source.key, source);
    },
    sources: () => (isPure && isCurrent([...sources.values()], principal) ? [...sources.values()] : undefined),
  };
}

/** Whether two answers were made from the same state of the same sources, as far as the first one had any. */
export function isCoveredBy(one: readonly AnswerSource[], other: readonly AnswerSource[]): boolean {
  return one.every(({ key, revision }) => other.some((source) => source.key === key && source.revision === revision));
}

/** Whether everything the answer was made from is as it was; also false where a source changed while it was read. */
export function isCurrent(sources: readonly AnswerSource[], principal: Principal): boolean {
  return sources.every(({ revision, now }) => now(principal) === revision);
}
