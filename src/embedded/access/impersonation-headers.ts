import type { IncomingMessage } from 'node:http';
import { badRequest } from '../api/status-error.ts';
import { goQuote } from './go-quote.ts';

/** Whom the `Impersonate-*` headers name, exactly as they say it: nothing is added yet, nothing allowed. */
export interface WantedUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const extraPrefix = 'impersonate-extra-';

/** Reads the headers; undefined when there are none. Throws `StatusError` 400 for groups and the like without a user. */
export function readImpersonation({
  headersDistinct,
}: Pick<IncomingMessage, 'headersDistinct'>): WantedUser | undefined {
  const all = (header: string): string[] => (headersDistinct[header] ?? []).map(decodeBytes);
  const username = all('impersonate-user')[0] ?? '';
  const uid = all('impersonate-uid')[0] ?? '';
  const groups = all('impersonate-group');
  const extra: Record<string, readonly string[]> = {};
  for (const header of Object.keys(headersDistinct)) {
    if (header.startsWith(extraPrefix)) extra[decodeKey(header.slice(extraPrefix.length))] = all(header);
  }
  if (username !== '') return { username, uid, groups, extra };
  if (uid === '' && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw badRequest(`requested ${printWanted({ username, uid, groups, extra })} without impersonating a user name`);
}

/** HTTP header values travel as bytes; names are UTF-8. */
function decodeBytes(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

/** Keys are percent-encoded; one that is not properly encoded is taken as it is. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The refusal prints the server's own structure, and clients have learnt to expect it. */
function printWanted({ username, uid, groups, extra }: WantedUser): string {
  const list = (values: readonly string[]): string => `[]string{${values.map(goQuote).join(', ')}}`;
  const keys = Object.keys(extra).sort();
  const printedExtra =
    keys.length === 0
      ? 'map[string][]string(nil)'
      : `map[string][]string{${keys.map((key) => `${goQuote(key)}:${list(extra[key] ?? [])}`).join(', ')}}`;
  const printedGroups = groups.length === 0 ? '[]string(nil)' : list(groups);
  return `&user.DefaultInfo{Name:${goQuote(username)}, UID:${goQuote(uid)}, Groups:${printedGroups}, Extra:${printedExtra}}`;
}
