import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../data/database.ts';
import { serviceTokens, sessions, users } from '../../data/tables.ts';
import type { Principal, SignInMethod } from '../../kernel/principal.ts';
import type { SeenSession } from './create-session-log.ts';
import { raiseSignInRevision } from './read-sign-in-state.ts';
import { hasOwnToken } from './sign-in-desk.ts';

/** Rows in one statement. */
const batchSize = 500;

/** Writes what this replica has seen of tokens: sessions, and when service tokens were last used. */
export async function writeSessions(database: Database, replica: string, seen: readonly SeenSession[]): Promise<void> {
  for (let from = 0; from < seen.length; from += batchSize) {
    const batch = seen.slice(from, from + batchSize);
    await database.transaction(async (tx) => {
      await tx
        .insert(sessions)
        .values(batch.map((session) => toRow(session, replica)))
        .onConflictDoUpdate({
          target: [sessions.id, sessions.replica],
          set: {
            principalName: sql`excluded.principal_name`,
            address: sql`excluded.address`,
            userAgent: sql`excluded.user_agent`,
            openStreams: sql`excluded.open_streams`,
            lastSeenAt: sql`greatest(core_sessions.last_seen_at, excluded.last_seen_at)`,
            expiresAt: sql`excluded.expires_at`,
          },
        });
      for (const { principal, lastSeenAt, client } of batch) {
        if (principal.session?.method !== 'SERVICE_TOKEN') continue;
        await tx
          .update(serviceTokens)
          .set({ lastUsedAt: new Date(lastSeenAt), lastUsedFrom: client.address ?? null })
          .where(eq(serviceTokens.id, principal.id.slice('service-token:'.length)));
      }
    });
  }
}

/** Writes who has signed in, with what the way of signing in said; `haveChanged` are those whose rights depend on the row. */
export async function writeUsers(
  database: Database,
  seen: readonly { readonly principal: Principal; readonly method: SignInMethod; readonly lastSeenAt: number }[],
  haveChanged: boolean,
  now: Date,
): Promise<void> {
  for (let from = 0; from < seen.length; from += batchSize) {
    const batch = seen.slice(from, from + batchSize);
    await database.transaction(async (tx) => {
      await tx
        .insert(users)
        .values(
          batch.map(({ principal, method, lastSeenAt }) => ({
            id: principal.id,
            name: principal.name,
            kind: principal.kind,
            method,
            groups: principal.groups,
            roles: principal.roles,
            namespaces: principal.namespaces,
            lastSeenAt: new Date(lastSeenAt),
            createdAt: now,
          })),
        )
        .onConflictDoUpdate({
          target: users.id,
          set: {
            name: sql`excluded.name`,
            kind: sql`excluded.kind`,
            method: sql`excluded.method`,
            groups: sql`excluded.groups`,
            roles: sql`excluded.roles`,
            namespaces: sql`excluded.namespaces`,
            lastSeenAt: sql`excluded.last_seen_at`,
          },
        });
      if (haveChanged) await raiseSignInRevision(database, tx, now);
    });
  }
}

function toRow({ principal, digest, client, firstSeenAt, lastSeenAt, openStreams }: SeenSession, replica: string) {
  const { session, impersonatedBy } = principal;
  return {
    id: session?.id ?? '',
    replica,
    digest: keptDigest(principal, digest),
    principalId: principal.id,
    principalName: principal.name,
    method: session?.method ?? '',
    impersonatorId: impersonatedBy?.id ?? null,
    impersonatorName: impersonatedBy?.name ?? null,
    address: client.address ?? null,
    userAgent: client.userAgent ?? null,
    openStreams,
    lastSeenAt: new Date(lastSeenAt),
    expiresAt: principal.expiresAt === undefined ? null : new Date(principal.expiresAt),
    createdAt: new Date(firstSeenAt),
  };
}

/** Digests of the gateway's own tokens stand in their tables anyway; of others nothing is kept but that there was a token. */
function keptDigest(principal: Principal, digest: string | undefined): string | null {
  if (digest === undefined) return null;
  if (principal.session?.spansTokens) return signInDigest;
  return hasOwnToken(principal) ? digest : 'not kept';
}

/** Stands where a session is a sign-in, of which the next token is not known yet. */
export const signInDigest = 'sign-in';
