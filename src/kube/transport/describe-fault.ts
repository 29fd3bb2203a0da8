import { AddressRefusedError } from '../../kernel/guarded-connector.ts';
import { ConnectionError } from './connection-error.ts';

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ENOTFOUND: 'its host name was not found',
  EAI_AGAIN: 'its host name could not be resolved',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CLOSED: 'the connection was closed',
  UND_ERR_DESTROYED: 'the connection was closed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by a known authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by a known authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by a known authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by a known authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

/** A failure of undici, of a socket or of TLS as one of ours. */
export function describeFault(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  if (isRefused(error))
    return new ConnectionError('network', 'its address is not allowed by the egress rules (egress.allow)');
  const code = codeOf(error);
  const reason = networkReasons[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
  return new ConnectionError('network', reason, { cause: error });
}

/** Whether the connection broke before an answer began, as it does when a server closes an idle connection in use. */
export function isStaleConnection(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return '';
}

function isRefused(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof AddressRefusedError) return true;
  return false;
}
