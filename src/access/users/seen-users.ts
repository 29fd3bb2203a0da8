import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal, SignInMethod } from '../../kernel/principal.ts';
import type { SignInDirectory } from './create-sign-in-directory.ts';
import { writeUsers } from './write-seen.ts';

/** Who has signed in here since the last writing, bounded. */
export interface SeenUsers {
  /**
   * `base` is what the way of signing in says of them, without memberships. Answers whether somebody is here with other
   * rights than before whose rights others depend on.
   */
  note(base: Principal, method: SignInMethod): boolean;
  /** Writes those whose rights are others than before, and every user once in ten minutes. */
  flush(): Promise<void>;
}

interface Entry {
  principal: Principal;
  readonly method: SignInMethod;
  /** What was written last; undefined where nothing was. */
  written: string | undefined;
  writtenAt: number;
  lastSeenAt: number;
}

const maxUsers = 10_000;
const writeEveryMs = 600_000;

export function createSeenUsers(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: SignInDirectory;
}): SeenUsers {
  const { database, clock, directory } = options;
  const entries = new Map<string, Entry>();

  return {
    note(base, method) {
      const now = clock.now();
      const known = entries.get(base.id);
      if (known) {
        const isOther = known.principal !== base && textOf(known.principal) !== textOf(base);
        entries.delete(base.id);
        entries.set(base.id, known);
        known.principal = base;
        known.lastSeenAt = now;
        return isOther && directory.state.known.has(base.id);
      }
      const [oldest] = entries.keys();
      if (entries.size >= maxUsers && oldest !== undefined) entries.delete(oldest);
      entries.set(base.id, {
        principal: base,
        method,
        written: undefined,
        writtenAt: Number.NEGATIVE_INFINITY,
        lastSeenAt: now,
      });
      const stored = directory.state.known.get(base.id);
      return stored !== undefined && textOf(stored) !== textOf(base);
    },
    async flush() {
      const now = clock.now();
      const due = [...entries.values()].flatMap((entry) => {
        const text = textOf(entry.principal);
        const isDue =
          text !== entry.written || (entry.lastSeenAt > entry.writtenAt && now - entry.writtenAt >= writeEveryMs);
        return isDue
          ? [{ entry, text, principal: entry.principal, method: entry.method, lastSeenAt: entry.lastSeenAt }]
          : [];
      });
      if (due.length === 0) return;
      const haveChanged = due.some(({ principal, text }) => {
        const known = directory.state.known.get(principal.id);
        return known !== undefined && textOf(known) !== text;
      });
      await writeUsers(database, due, haveChanged, new Date(now));
      for (const { entry, text } of due) {
        entry.written = text;
        entry.writtenAt = now;
      }
    },
  };
}

function textOf({
  name,
  kind,
  groups,
  roles,
  namespaces,
}: Pick<Principal, 'name' | 'kind' | 'groups' | 'roles' | 'namespaces'>): string {
  return JSON.stringify([name, kind, groups, roles, namespaces]);
}
