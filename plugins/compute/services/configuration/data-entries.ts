import { checkText, type Profile, type ValidationIssue } from 'longshore/sdk';
import { secretValues } from '../../profile-keys/configuration.ts';
import { configKeyName } from '../../profile-keys/names.ts';

/** A key with its value as a caller gives it. */
export interface DataEntryInput {
  readonly key: string;
  readonly text?: string | null | undefined;
  readonly base64?: string | null | undefined;
}

/** A key with the bytes that a container sees. */
export interface DataEntry {
  readonly key: string;
  readonly bytes: Buffer;
}

type Path = readonly (string | number)[];

/** Everything that is wrong with entries by themselves. Says nothing of a value but its place: it may be a secret. */
export function checkEntries(entries: readonly DataEntryInput[], path: Path): readonly ValidationIssue[] {
  const given = new Set<string>();
  return entries.flatMap(({ key, text, base64 }, index) => {
    const issue = (code: string, message: string, field: string[] = []): ValidationIssue[] => [
      { path: [...path, index, ...field], code, message },
    ];
    const name = JSON.stringify(key.slice(0, 253));
    if (given.has(key)) return issue('duplicate_key', `The key ${name} is given twice`, ['key']);
    given.add(key);
    if (isGiven(text) === isGiven(base64))
      return issue('one_value', `The key ${name} needs a value: either text or base64`);
    if (isGiven(text) && !text.isWellFormed())
      return issue('invalid_text', `The text of ${name} has half a character in it: send it as base64`, ['text']);
    if (isGiven(base64) && !isBase64(base64))
      return issue('invalid_base64', `The value of ${name} is no base64 (RFC 4648)`, ['base64']);
    return [];
  });
}

/** What the profile and the cluster have against the names of keys (CMP-89). */
export function checkKeys(
  entries: readonly DataEntryInput[],
  path: Path,
  profile: Profile,
): readonly ValidationIssue[] {
  const rule = profile.get(configKeyName);
  return entries.flatMap(({ key }, index) => checkText(rule, [...path, index, 'key'], key));
}

/** Values of a Secret that the profile wants as base64 (CMP-97). */
export function checkEncoding(
  entries: readonly DataEntryInput[],
  path: Path,
  profile: Profile,
): readonly ValidationIssue[] {
  if (profile.get(secretValues) === 'ANY') return [];
  const message = `By the profile '${profile.name}' values of Secrets are given as base64`;
  return entries.flatMap(({ text }, index) =>
    isGiven(text) ? [{ path: [...path, index, 'text'], code: 'base64_required', message }] : [],
  );
}

/** Entries that `checkEntries` has nothing against. */
export function readEntries(entries: readonly DataEntryInput[]): readonly DataEntry[] {
  return entries.map(({ key, text, base64 }) => ({
    key,
    bytes: isGiven(text) ? Buffer.from(text, 'utf8') : Buffer.from(base64 ?? '', 'base64'),
  }));
}

const isGiven = (value: string | null | undefined): value is string => value !== null && value !== undefined;

/** As `base64` and browsers write it: padded, maybe in lines. */
function isBase64(text: string): boolean {
  const plain = text.replaceAll(/\s+/g, '');
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}
