import { decodeJwt } from 'jose';
import type { ServiceAccountCluster } from './service-account-cluster.ts';

/** What a token says of itself, before anybody has checked it: enough to know whom to ask, and nothing else. */
export interface UnverifiedToken {
  readonly cluster: ServiceAccountCluster;
  /** UTC milliseconds; true once the cluster has accepted the token as a whole. */
  readonly expiresAt: number | undefined;
}

/**
 * The one cluster that a token may be shown to. Undefined where it is no service account's, is for somebody else, or two
 * clusters would fit: whoever is shown a token can use it.
 */
export function readUnverified(token: string, clusters: readonly ServiceAccountCluster[]): UnverifiedToken | undefined {
  let claims: ReturnType<typeof decodeJwt>;
  try {
    claims = decodeJwt(token);
  } catch {
    return undefined;
  }
  const { sub, iss, aud, exp } = claims;
  if (typeof sub !== 'string' || !sub.startsWith('system:serviceaccount:')) return undefined;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const [cluster, ...others] = clusters.filter(
    (each) =>
      (each.issuer === undefined || each.issuer === iss) && each.audiences.some((name) => audiences.includes(name)),
  );
  if (cluster === undefined || others.length > 0) return undefined;
  return { cluster, expiresAt: typeof exp === 'number' && Number.isSafeInteger(exp) ? exp * 1_000 : undefined };
}
