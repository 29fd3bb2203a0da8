import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** A key for secrets at rest, from configuration. */
export interface SealingKey {
  /** Names the key in what it sealed, so that keys can be changed: eight characters of its own digest. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** A sealed secret cannot be opened: wrong key, wrong place, or not what was sealed. Never says anything of the content. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Takes 32 bytes in base64 (`openssl rand -base64 32`). Throws without quoting what came. */
export function parseSealingKey(base64: string): SealingKey {
  const bytes = Buffer.from(base64.trim(), 'base64');
  if (bytes.length !== 32)
    throw new Error(`the key for secrets at rest must be 32 bytes in base64, got ${bytes.length} bytes`);
  return { id: createHash('sha256').update('longshore key id').update(bytes).digest('base64url').slice(0, 8), bytes };
}

/**
 * Seals a secret for storage with AES-256-GCM (NIST SP 800-38D) as `v1.<key id>.<nonce, text and tag in base64url>`. `context` says where it
 * belongs, e.g. `clusters/<id>/kubeconfig`: moved to another row it does not open. Nonces are random, which is safe for
 * 2^32 secrets under one key.
 */
export function seal(key: SealingKey, plaintext: string, context: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key.bytes, nonce);
  sealing.setAAD(Buffer.from(`v1.${key.id}.${context}`));
  const text = Buffer.concat([sealing.update(plaintext, 'utf8'), sealing.final()]);
  return `v1.${key.id}.${Buffer.concat([nonce, text, sealing.getAuthTag()]).toString('base64url')}`;
}

/** Opens what `seal` made for the same context with one of these keys, the newest first. Throws `UnsealError`. */
export function unseal(keys: readonly SealingKey[], sealed: string, context: string): string {
  const [version, keyId, body = '', ...rest] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  if (version !== 'v1' || rest.length > 0 || bytes.length < nonceBytes + tagBytes)
    throw new UnsealError('this is no sealed secret');
  const key = keys.find((candidate) => candidate.id === keyId);
  if (!key) throw new UnsealError(`sealed with key ${keyId?.slice(0, 8)}, which is not configured`);
  try {
    const opening = createDecipheriv(cipher, key.bytes, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
    opening.setAAD(Buffer.from(`v1.${key.id}.${context}`));
    opening.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]).toString('utf8');
  } catch (cause) {
    throw new UnsealError(`what was sealed for ${context} was changed, or was sealed for something else`, { cause });
  }
}
