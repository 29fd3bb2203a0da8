import type { FileBrowserState } from '../services/files/browser-state.ts';

export interface SeenFileBrowser {
  readonly nowMs: number;
  readonly state: FileBrowserState;
  /** Whether its pod has ended: it holds nothing any more. */
  readonly hasEnded: boolean;
  readonly claim: 'there' | 'going' | 'gone';
  readonly createdAtMs: number;
  /** When it was last used, or else when it was made. */
  readonly usedAtMs: number;
  /** Undefined: it never closes by itself. */
  readonly idleMs: number | undefined;
}

export type FileBrowserStep =
  | { readonly do: 'close'; readonly why: string }
  | { readonly do: 'wait'; readonly afterMs: number };

/** How long one may take to open, and how long one that failed can be looked at, in ms. */
const givenUpMs = 600_000;
/** Limits change: even what is in use is looked at so often, in ms. */
const lookEveryMs = 300_000;
const soonestMs = 1_000;

/** What becomes of a file browser. Pure. */
export function decideFileBrowser(seen: SeenFileBrowser): FileBrowserStep {
  const { nowMs, state, claim, createdAtMs, usedAtMs, idleMs } = seen;
  const until = (dueMs: number): FileBrowserStep => ({
    do: 'wait',
    afterMs: Math.max(soonestMs, Math.min(lookEveryMs, dueMs - nowMs)),
  });
  if (state === 'CLOSING') return until(nowMs + lookEveryMs);
  if (claim !== 'there') return { do: 'close', why: 'its claim is deleted' };
  if (state === 'FAILED' || state === 'OPENING') {
    const from = seen.hasEnded ? Math.max(createdAtMs, usedAtMs) : createdAtMs;
    if (nowMs - from >= givenUpMs) return { do: 'close', why: 'it did not open, or has ended' };
    return until(from + givenUpMs);
  }
  if (idleMs === undefined) return until(nowMs + lookEveryMs);
  if (nowMs - usedAtMs >= idleMs) return { do: 'close', why: 'nothing was done in it for long' };
  return until(usedAtMs + idleMs);
}
