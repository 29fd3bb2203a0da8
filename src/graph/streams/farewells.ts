/** Streams of one connection that can be told to say where their reader stands, and to end with that. */
export interface Farewells {
  /** Calls this when the time has come, at once where it has; the returned function takes it back. */
  add(farewell: () => void): () => void;
  /** Has all that are open say goodbye, and all that will be. */
  sayAll(): void;
  readonly areSaid: boolean;
}

export function createFarewells(): Farewells {
  const open = new Set<() => void>();
  let areSaid = false;
  return {
    add(farewell) {
      if (areSaid) {
        farewell();
        return () => {};
      }
      // The same function twice would be one entry.
      const own = () => farewell();
      open.add(own);
      return () => open.delete(own);
    },
    sayAll() {
      areSaid = true;
      for (const farewell of open) farewell();
      open.clear();
    },
    get areSaid() {
      return areSaid;
    },
  };
}
