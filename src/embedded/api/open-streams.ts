/** Responses that stay open, so that a stop or a test can cut them all. */
export interface OpenStreams {
  readonly count: number;
  /** Returns how to take the stream off the list again. */
  add(cut: () => void): () => void;
  cutAll(): void;
}

export function createOpenStreams(): OpenStreams {
  const cuts = new Set<() => void>();
  return {
    get count() {
      return cuts.size;
    },
    add(cut) {
      cuts.add(cut);
      return () => cuts.delete(cut);
    },
    cutAll() {
      for (const cut of [...cuts]) cut();
    },
  };
}
