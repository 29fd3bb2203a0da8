import { createHash } from 'node:crypto';

const keyBytes = 32;

export type SecretKeyReading = { readonly key: Uint8Array } | { readonly refused: 'form' | 'weak' };

/**
 * Reads a key of 32 bytes written as hex or base64 (also URL-safe). Refuses what no random generator would give: repeated
 * or counting bytes, readable text, and the hash of a word from the table below.
 */
export function readSecretKey(text: string): SecretKeyReading {
  const key = decode(text.trim());
  if (!key) return { refused: 'form' };
  return isWeak(key) ? { refused: 'weak' } : { key };
}

function decode(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === keyBytes ? bytes : undefined;
}

function isWeak(key: Uint8Array): boolean {
  // Of 32 random bytes about 30 differ; fewer than 16 do not happen by chance (chance below 1e-17).
  if (new Set(key).size < 16) return true;
  if (isPeriodic(key) || isCounting(key)) return true;
  if (key.every((byte) => byte >= 0x20 && byte < 0x7f)) return true;
  return wellKnownKeys().has(Buffer.from(key).toString('hex'));
}

function isPeriodic(key: Uint8Array): boolean {
  return [1, 2, 4, 8, 16].some((period) => key.every((byte, index) => byte === key[index % period]));
}

function isCounting(key: Uint8Array): boolean {
  const step = ((key[1] ?? 0) - (key[0] ?? 0)) & 0xff;
  return key.every((byte, index) => index === 0 || ((byte - (key[index - 1] ?? 0)) & 0xff) === step);
}

/** People who have no key at hand hash a word. */
export const guessableWords = [
  '',
  'admin',
  'changeme',
  'default',
  'dev',
  'dev-admin',
  'dev-developer',
  'example',
  'key',
  'longshore',
  'password',
  'secret',
  'test',
  'token',
] as const;

let hashes: ReadonlySet<string> | undefined;

/** SHA-256 of the guessable words, in hex. */
export function wellKnownKeys(): ReadonlySet<string> {
  hashes ??= new Set(
    guessableWords
      .flatMap((word) => [word, `${word}\n`])
      .map((word) => createHash('sha256').update(word).digest('hex')),
  );
  return hashes;
}
