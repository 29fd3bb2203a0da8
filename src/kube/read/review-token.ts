import type { ClusterTransport } from '../transport/cluster-transport.ts';

/** Whom a cluster says that a bearer token stands for. */
export interface ReviewedToken {
  /** As the cluster calls it: `system:serviceaccount:<namespace>:<name>`. */
  readonly username: string;
  /** Those of the audiences asked for that the token was made for. */
  readonly audiences: readonly string[];
}

/** Shorter than anything else: somebody waits at the door. */
const timeoutMs = 3_000;

/**
 * TokenReview (authentication.k8s.io/v1), asked by the gateway itself. Undefined where the cluster does not know the token,
 * or does not say that it was made for any of these audiences. Rejects with answer errors where it cannot be asked.
 */
export async function reviewToken(
  transport: Pick<ClusterTransport, 'json'>,
  token: string,
  audiences: readonly string[],
): Promise<ReviewedToken | undefined> {
  const { body } = await transport.json({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    timeoutMs,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } },
  });
  const status = recordIn(body, 'status');
  const username = recordIn(status, 'user')?.username;
  const known = Array.isArray(status?.audiences) ? status.audiences : [];
  // A server that does not heed audiences answers none: its token may have been made for anybody.
  const shared = audiences.filter((audience) => known.includes(audience));
  if (status?.authenticated !== true || typeof username !== 'string' || shared.length === 0) return undefined;
  return { username, audiences: shared };
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : undefined;
}
