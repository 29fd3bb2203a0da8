import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a token of ours begins with, so that scanners of secrets know it where it was left lying about. */
export type TokenPrefix = 'ls_' | 'lsi_' | 'lst_';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 43;
const checksumLength = 6;

/** A new token: 256 random bits and a checksum, in letters and digits: `ls_` and 49 characters. */
export function createTokenValue(prefix: TokenPrefix): string {
  const random = toBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), randomLength);
  return `${prefix}${random}${checksumOf(prefix + random)}`;
}

/** Whether a text could be such a token: tells slips and other people's tokens apart without looking anywhere. */
export function isTokenValue(prefix: TokenPrefix, text: string): boolean {
  if (text.length !== prefix.length + randomLength + checksumLength || !text.startsWith(prefix)) return false;
  const body = text.slice(0, -checksumLength);
  return text.endsWith(checksumOf(body)) && /^[0-9A-Za-z_]+$/.test(body);
}

function checksumOf(text: string): string {
  return toBase62(BigInt(crc32(text)), checksumLength);
}

function toBase62(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  while (text.length < length) {
    text = `${alphabet[Number(rest % 62n)]}${text}`;
    rest /= 62n;
  }
  return text;
}
