import { RequestError } from 'longshore/sdk';

export type SecretEncoding = 'BASE64' | 'UTF8';

/** Throws `BAD_USER_INPUT` where the bytes are no UTF-8 text: a value with replaced bytes would be a wrong one. */
export function decodeSecretValue(bytes: Uint8Array, encoding: SecretEncoding): string {
  if (encoding === 'BASE64') return Buffer.from(bytes).toString('base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new RequestError('BAD_USER_INPUT', 'This value is no UTF-8 text; ask for it as BASE64', { cause: error });
  }
}
