import { isJsonObject } from '../machinery/json.ts';
import { badRequest } from './status-error.ts';

const version = 'meta.k8s.io/v1';

/** Where the next page of a list starts. */
export interface ContinueToken {
  /** The revision all pages are read at; -1 continues from the newest state, which is not consistent. */
  readonly revision: number;
  readonly afterKey: string;
}

export function printContinueToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: version, rv: token.revision, start: token.afterKey })).toString('base64url');
}

/** Throws `StatusError` 400 for a token this server has not made. */
export function parseContinueToken(text: string): ContinueToken {
  const decoded = Buffer.from(text, 'base64url').toString();
  const token = parseJson(decoded);
  if (!isJsonObject(token))
    throw refusal(`invalid character '${[...decoded][0] ?? ''}' looking for beginning of value`);
  const { v, rv, start } = token;
  if (v !== version) throw refusal(`server does not recognize this encoded version ${String(v ?? '')}`);
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0) {
    throw refusal(`incorrect encoded start resourceVersion (version ${version})`);
  }
  if (typeof start !== 'string' || start === '') throw refusal(`encoded start key empty (version ${version})`);
  return { revision: rv, afterKey: start };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}
