import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maxTokenLength, parseBearerToken } from './bearer-token.ts';

/**
 * The random administrator token of a data directory, `<dataDir>/token`: read where it is, made (256 bits, file mode
 * 0600) where it is not; `secret-key` likewise. Two processes that start at once agree on one token. Throws where the file holds no token.
 */
export async function loadTokenFile(dataDir: string, name: 'token' | 'secret-key' = 'token'): Promise<string> {
  const path = join(dataDir, name);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const existing = await readTokenFile(path);
  if (existing !== undefined) return existing;

  // Written beside its place and then linked into it: nobody ever reads half a token, and the first one wins.
  const draft = join(dataDir, `.${name}-${randomBytes(8).toString('hex')}`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const token = await readTokenFile(path);
  if (token === undefined) throw new Error(`The token file ${path} vanished while it was being made.`);
  return token;
}

async function readTokenFile(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  // A copy or an unpacked backup may have loosened it.
  await chmod(path, 0o600);
  const token = text.trim();
  if (token.length < 32 || token.length > maxTokenLength || parseBearerToken(`Bearer ${token}`) === undefined) {
    throw new Error(`The token file ${path} holds no usable token. Delete it and a new one is made.`);
  }
  return token;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
