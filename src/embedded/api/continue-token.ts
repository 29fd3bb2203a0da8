import { isJsonObject } from '../machinery/json.ts';
import { badRequest } from './status-error.ts';

/** Where the next page of a list starts. */
export interface ContinueToken {
  /** The revision all pages are read at; -1 continues from the newest state, which is not consistent. */
  readonly revision: number;
  readonly afterKey: string;
}

export function printContinueToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.revision, start: token.afterKey })).toString(
    'base64url',
  );
}

/** Throws `StatusError` 400 for a token this server has not made. */
export function parseContinueToken(text: string): ContinueToken {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isJsonObject(token) && token.v === 'meta.k8s.io/v1') {
      const { rv, start } = token;
      if (typeof rv === 'number' && Number.isSafeInteger(rv) && typeof start === 'string') {
        return { revision: rv, afterKey: start };
      }
    }
  } catch {
    // Refused below, like every other text that is no token.
  }
  throw badRequest('continue key is not valid: incorrect encoded start resourceVersion');
}
