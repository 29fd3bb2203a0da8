import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { UserInfo } from './authorize.ts';
import { badRequest, unauthorized } from './status-error.ts';

export interface TokenTable {
  /** Makes the token stand for the user from now on. */
  add(token: string, user: UserInfo): void;
  /** The user behind the token, found in a time that does not depend on how much of it is right. */
  find(token: string): UserInfo | undefined;
}

export function createTokenTable(): TokenTable {
  const entries: { digest: Buffer; user: UserInfo }[] = [];
  return {
    add(token, user) {
      entries.push({ digest: digestOf(token), user });
    },
    find(token) {
      const digest = digestOf(token);
      let found: UserInfo | undefined;
      // No early exit: every entry is compared, each in constant time.
      for (const entry of entries) if (timingSafeEqual(entry.digest, digest)) found = entry.user;
      return found;
    },
  };
}

/** Who sent the request and, after impersonation, who it acts as. */
export interface Authentication {
  readonly user: UserInfo;
  readonly impersonator: UserInfo | undefined;
}

/** Throws `StatusError` 401 without a known bearer token. */
export function authenticate(tokens: TokenTable, headers: IncomingHttpHeaders): Authentication {
  const match = /^bearer +([^ ]+)$/i.exec(headers.authorization ?? '');
  const user = match?.[1] === undefined ? undefined : tokens.find(match[1]);
  if (user === undefined) throw unauthorized();
  const effective = readImpersonation(headers);
  return effective === undefined ? { user, impersonator: undefined } : { user: effective, impersonator: user };
}

/** The user named by the `Impersonate-*` headers; undefined when there are none. */
function readImpersonation(headers: IncomingHttpHeaders): UserInfo | undefined {
  const username = one(headers['impersonate-user']);
  const uid = one(headers['impersonate-uid']) ?? '';
  const sentGroups = headers['impersonate-group'];
  const groups = sentGroups === undefined ? [] : Array.isArray(sentGroups) ? sentGroups : splitGroups(sentGroups);
  const extra: Record<string, readonly string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('impersonate-extra-') || value === undefined) continue;
    extra[decodeKey(header.slice('impersonate-extra-'.length))] = Array.isArray(value) ? value : [value];
  }
  if (username === undefined) {
    if (uid !== '' || groups.length > 0 || Object.keys(extra).length > 0) {
      throw badRequest('requested impersonation without a user; the header Impersonate-User is required');
    }
    return undefined;
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username);
  const implied =
    account !== null && groups.length === 0
      ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`, 'system:authenticated']
      : ['system:authenticated'];
  return { username, uid, groups: [...new Set([...groups, ...implied])], extra };
}

// Repeated headers arrive joined by a comma and a space; group names contain neither.
function splitGroups(header: string): string[] {
  return header
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
}

function one(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  return value === undefined || value === '' ? undefined : value;
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
