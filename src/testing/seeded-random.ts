/** Chances that can be repeated: the same seed gives the same numbers. */
export interface SeededRandom {
  readonly seed: number;
  /** 0 to below 1. */
  next(): number;
  /** 0 to below `limit`, whole. */
  below(limit: number): number;
  /** Throws where there is nothing to choose from. */
  pick<T>(from: readonly T[]): T;
}

/**
 * Without a seed the one in `LONGSHORE_TEST_SEED`, else a fresh one. Say the seed in what a test reports, so that a
 * failure can be repeated.
 */
export function createSeededRandom(seed: number = seedOfEnvironment()): SeededRandom {
  let state = seed >>> 0;
  // mulberry32: small, and good enough to choose what happens next.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    seed,
    next,
    below,
    pick(from) {
      const [picked] = from.slice(below(from.length));
      if (picked === undefined) throw new Error('There is nothing to choose from.');
      return picked;
    },
  };
}

function seedOfEnvironment(): number {
  const given = Number(process.env.LONGSHORE_TEST_SEED);
  return Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 2 ** 31);
}
