import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { asObject, asString, type JsonObject } from '../machinery/json.ts';
import type { ClusterObject } from '../store/types.ts';
import type { UserInfo } from './authorizer.ts';
import { serviceAccountName } from './create-binding-index.ts';
import { serviceAccountGroups } from './create-impersonator.ts';
import { clusterIssuer } from './create-token-issuer.ts';

/** What a token may be bound to: it dies with each of these. */
export interface BoundObjects {
  readonly pod?: ClusterObject;
  readonly secret?: ClusterObject;
  readonly node?: ClusterObject | { readonly metadata: { readonly name: string; readonly uid?: string } };
}

/** Reads an object of the core group; undefined when it is gone. */
export type FindObject = (plural: string, namespace: string | undefined, name: string) => ClusterObject | undefined;

/** Clocks of clients and servers may differ by so much. */
const leewayMs = 60_000;
const legacyIssuer = 'kubernetes/serviceaccount';

/** Claims of a token of TokenRequest, as KEP-1205 and KEP-4193 have them. `expirationSeconds` counts from now. */
export function buildClaims(
  account: ClusterObject,
  bound: BoundObjects,
  options: { readonly nowMs: number; readonly expirationSeconds: number; readonly audiences: readonly string[] },
): JWTPayload {
  const now = Math.floor(options.nowMs / 1000);
  const { name, namespace = '', uid } = account.metadata;
  return {
    aud: [...options.audiences],
    exp: now + options.expirationSeconds,
    iat: now,
    iss: clusterIssuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...(bound.node === undefined ? {} : { node: refOf(bound.node) }),
      ...(bound.pod === undefined ? {} : { pod: refOf(bound.pod) }),
      ...(bound.secret === undefined ? {} : { secret: refOf(bound.secret) }),
      serviceaccount: { name, uid },
    },
    nbf: now,
    sub: serviceAccountName(namespace, name),
  };
}

/** Claims of a token that lies in a Secret: without an end, for as long as the Secret is there. */
export function buildSecretClaims(account: ClusterObject, secret: ClusterObject): JWTPayload {
  const { name, namespace = '', uid } = account.metadata;
  return {
    iss: legacyIssuer,
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.metadata.name,
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: serviceAccountName(namespace, name),
  };
}

export type ClaimsOutcome =
  | { readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly error: string };

/** The user behind verified claims, or why they no longer stand for one. */
export function readClaims(
  claims: JWTPayload,
  token: string,
  world: { readonly nowMs: number; readonly find: FindObject; readonly audiences: readonly string[] },
): ClaimsOutcome {
  return claims.iss === legacyIssuer ? readSecretClaims(claims, token, world) : readRequestedClaims(claims, world);
}

function readRequestedClaims(
  claims: JWTPayload,
  {
    nowMs,
    find,
    audiences,
  }: { readonly nowMs: number; readonly find: FindObject; readonly audiences: readonly string[] },
): ClaimsOutcome {
  const own = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? []);
  const shared = own.filter((audience) => audiences.includes(audience));
  if (shared.length === 0) {
    const print = (list: readonly string[]): string => `[${list.map((each) => JSON.stringify(each)).join(' ')}]`;
    return { error: `token audiences ${print(own)} is invalid for the target audiences ${print(audiences)}` };
  }
  if (nowMs > (claims.exp ?? 0) * 1000 + leewayMs) return { error: 'service account token has expired' };
  if (nowMs < (claims.nbf ?? 0) * 1000 - leewayMs) return { error: 'service account token is not valid yet' };
  const kubernetes = asObject(claims['kubernetes.io']) ?? {};
  const namespace = asString(kubernetes.namespace) ?? '';
  const account = readRef(kubernetes.serviceaccount);
  const found = account === undefined ? undefined : find('serviceaccounts', namespace, account.name);
  if (account === undefined || found === undefined) {
    return { error: `serviceaccounts "${account?.name ?? ''}" not found` };
  }
  if (found.metadata.uid !== account.uid) {
    return { error: `service account UID (${found.metadata.uid}) does not match claim (${account.uid})` };
  }
  const [pod, secret, node] = [readRef(kubernetes.pod), readRef(kubernetes.secret), readRef(kubernetes.node)];
  for (const [plural, ref, home] of [
    ['secrets', secret, namespace],
    ['pods', pod, namespace],
    // The node of a pod's token is only told, not checked.
    ['nodes', pod === undefined ? node : undefined, undefined],
  ] as const) {
    const error = ref === undefined ? undefined : problemOfBound(plural, ref, find(plural, home, ref.name), nowMs);
    if (error !== undefined) return { error };
  }
  const extra: Record<string, readonly string[]> = {
    'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti ?? ''}`],
    ...tell('authentication.kubernetes.io/pod', pod),
    ...tell('authentication.kubernetes.io/node', node),
  };
  return { user: accountUser(namespace, account.name, account.uid, extra), audiences: shared };
}

function readSecretClaims(
  claims: JWTPayload,
  token: string,
  { find, audiences }: { readonly find: FindObject; readonly audiences: readonly string[] },
): ClaimsOutcome {
  if (!audiences.includes(clusterIssuer)) return { error: 'invalid bearer token' };
  const read = (key: string): string => asString(claims[`kubernetes.io/serviceaccount/${key}`]) ?? '';
  const namespace = read('namespace');
  const name = read('service-account.name');
  const secret = find('secrets', namespace, read('secret.name'));
  const stored = Buffer.from(asString(asObject(secret?.data)?.token) ?? '', 'base64').toString();
  if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) {
    return { error: 'service account token has been invalidated' };
  }
  if (stored !== token) return { error: 'service account token does not match server copy' };
  const account = find('serviceaccounts', namespace, name);
  if (account === undefined) return { error: `serviceaccounts "${name}" not found` };
  const uid = read('service-account.uid');
  if (account.metadata.uid !== uid) {
    return { error: `service account UID (${account.metadata.uid}) does not match claim (${uid})` };
  }
  return { user: accountUser(namespace, name, uid, {}), audiences: [clusterIssuer] };
}

interface Ref {
  readonly name: string;
  readonly uid: string;
}

const kinds: Readonly<Record<string, string>> = { secrets: 'secret', pods: 'pod', nodes: 'node' };

function problemOfBound(plural: string, ref: Ref, found: ClusterObject | undefined, nowMs: number): string | undefined {
  if (found === undefined) return 'service account token has been invalidated';
  const kind = kinds[plural] ?? plural;
  if (found.metadata.uid !== ref.uid) {
    const [first = '', ...rest] = kind;
    const label = plural === 'secrets' ? 'secret' : first.toUpperCase() + rest.join('');
    return `${label} UID (${found.metadata.uid}) does not match service account ${kind} ref claim (${ref.uid})`;
  }
  const { deletionTimestamp } = found.metadata;
  const isOver = deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < nowMs - leewayMs;
  return isOver ? 'service account token has been invalidated' : undefined;
}

function accountUser(
  namespace: string,
  name: string,
  uid: string,
  extra: Readonly<Record<string, readonly string[]>>,
): UserInfo {
  const groups = [...serviceAccountGroups(namespace), 'system:authenticated'];
  return { username: serviceAccountName(namespace, name), uid, groups, extra };
}

function tell(prefix: string, ref: Ref | undefined): Record<string, readonly string[]> {
  if (ref === undefined) return {};
  return { [`${prefix}-name`]: [ref.name], ...(ref.uid === '' ? {} : { [`${prefix}-uid`]: [ref.uid] }) };
}

function refOf({ metadata }: { readonly metadata: { readonly name: string; readonly uid?: string } }): JsonObject {
  return { name: metadata.name, ...(metadata.uid === undefined ? {} : { uid: metadata.uid }) };
}

function readRef(value: unknown): Ref | undefined {
  const ref = asObject(value);
  return ref === undefined ? undefined : { name: asString(ref.name) ?? '', uid: asString(ref.uid) ?? '' };
}
