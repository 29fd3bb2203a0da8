import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';

/** Where a request came from, as the socket and its headers say. */
export interface ClientAddress {
  readonly address: string | undefined;
  /** The client's own words for itself: anybody may write anything there. */
  readonly userAgent: string | undefined;
}

/** What this replica has seen of one token. */
export interface SeenSession {
  readonly principal: Principal;
  /** Hexadecimal; undefined where somebody came without a token. */
  readonly digest: string | undefined;
  readonly client: ClientAddress;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly openStreams: number;
}

interface Entry extends SeenSession {
  client: ClientAddress;
  principal: Principal;
  lastSeenAt: number;
  openStreams: number;
  writtenAt: number;
  isChanged: boolean;
}

/** Tokens in use here, bounded; what was not used for longest is forgotten first, unless something is open with it. */
export interface SessionLog {
  note(principal: Principal, digest: string | undefined, client: ClientAddress): void;
  /** Something long-lived was opened; the returned function says that it was closed. */
  open(principal: Principal): () => void;
  /** What must be written now: what is new or has changed, and nothing twice within a minute unless `isAll`. */
  takeUnwritten(isAll: boolean): readonly SeenSession[];
  /** They could not be written: they come again. */
  giveBack(sessions: readonly SeenSession[]): void;
}

const maxSessions = 10_000;
/** How often a session that is in use is written, in ms; and how often one that is only open. */
const writeEveryMs = 60_000;
const maxTextLength = 256;

export function createSessionLog(clock: Clock): SessionLog {
  const entries = new Map<string, Entry>();

  function makeRoom(): void {
    if (entries.size < maxSessions) return;
    for (const [id, entry] of entries) {
      if (entry.openStreams > 0) continue;
      entries.delete(id);
      return;
    }
  }

  return {
    note(principal, digest, client) {
      const id = principal.session?.id;
      if (id === undefined) return;
      const now = clock.now();
      const known = entries.get(id);
      if (known) {
        // What was used last stands last.
        entries.delete(id);
        entries.set(id, known);
        known.principal = principal;
        known.lastSeenAt = now;
        if (known.client.address !== client.address || known.client.userAgent !== client.userAgent) {
          known.client = shortened(client);
        }
        known.isChanged = true;
        return;
      }
      makeRoom();
      entries.set(id, {
        principal,
        digest,
        client: shortened(client),
        firstSeenAt: now,
        lastSeenAt: now,
        openStreams: 0,
        writtenAt: Number.NEGATIVE_INFINITY,
        isChanged: true,
      });
    },
    open(principal) {
      const entry = entries.get(principal.session?.id ?? '');
      if (!entry) return () => {};
      entry.openStreams += 1;
      entry.isChanged = true;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        entry.openStreams -= 1;
        entry.lastSeenAt = clock.now();
        entry.isChanged = true;
      };
    },
    takeUnwritten(isAll) {
      const now = clock.now();
      return [...entries.values()].filter((entry) => {
        if (entry.openStreams > 0) entry.lastSeenAt = now;
        const isDue = isAll || now - entry.writtenAt >= writeEveryMs;
        if (!isDue || !(entry.isChanged || entry.openStreams > 0)) return false;
        entry.writtenAt = now;
        entry.isChanged = false;
        return true;
      });
    },
    giveBack(sessions) {
      for (const { principal } of sessions) {
        const entry = entries.get(principal.session?.id ?? '');
        if (entry) {
          entry.isChanged = true;
          entry.writtenAt = Number.NEGATIVE_INFINITY;
        }
      }
    },
  };
}

/** Text that may stand in a table and a console, whatever was sent. */
function shortened({ address, userAgent }: ClientAddress): ClientAddress {
  const clean = (text: string | undefined) =>
    text
      ?.slice(0, maxTextLength)
      .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
      .toWellFormed();
  return { address: clean(address), userAgent: clean(userAgent) };
}
