import { createHash, timingSafeEqual } from 'node:crypto';
import type { UserInfo } from './authorizer.ts';

export interface TokenTable {
  /** Makes the token stand for the user from now on. */
  add(token: string, user: UserInfo): void;
  /** The user behind the token, found in a time that does not depend on how much of it is right. */
  find(token: string): UserInfo | undefined;
}

/** Tokens that were given out to users by name and hold as long as the cluster. */
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

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
