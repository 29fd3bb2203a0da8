import { createPublicKey, hash, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A public key that tokens may be signed with. */
export interface UsableKey {
  /** Digest of the key itself: a provider may give an old name to a new key. */
  readonly id: string;
  readonly kid: string | undefined;
  readonly algorithms: readonly string[];
  readonly key: KeyObject;
}

const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const curveAlgorithms: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
const edwardsAlgorithms = ['EdDSA', 'Ed25519'];

/** All that a token may be signed with: asymmetric ones alone, so that nobody can sign with what is public. */
export const usableAlgorithms: readonly string[] = [
  ...rsaAlgorithms,
  ...Object.values(curveAlgorithms),
  ...edwardsAlgorithms,
];

const minRsaBits = 2_048;
/** Larger ones cost more to check than they are worth. */
const maxRsaBits = 8_192;
const maxKeys = 100;

/**
 * The keys of a JWK Set (RFC 7517) that may verify signatures. Secret and private ones, those for something else and weak
 * ones are left out, as if they were not there. Throws where the document is no JWK Set, or too large.
 */
export function usableKeys(document: unknown): readonly UsableKey[] {
  const keys = isRecord(document) ? document.keys : undefined;
  if (!Array.isArray(keys)) throw new Error('the answer is no JWK Set');
  if (keys.length > maxKeys) throw new Error(`the JWK Set has more than ${maxKeys} keys`);
  return keys.flatMap((jwk) => usableKey(jwk) ?? []);
}

function usableKey(jwk: unknown): UsableKey | undefined {
  if (!isRecord(jwk) || 'd' in jwk || 'k' in jwk) return undefined;
  const { use, key_ops: operations, alg, kid } = jwk;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
  const algorithms = algorithmsOf(key).filter((name) => alg === undefined || name === alg);
  if (algorithms.length === 0) return undefined;
  const id = hash('sha256', key.export({ type: 'spki', format: 'der' }), 'base64url');
  return { id, kid: typeof kid === 'string' ? kid : undefined, algorithms, key };
}

function algorithmsOf(key: KeyObject): readonly string[] {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    return modulusLength >= minRsaBits && modulusLength <= maxRsaBits ? rsaAlgorithms : [];
  }
  if (key.asymmetricKeyType === 'ed25519') return edwardsAlgorithms;
  const algorithm = Object.hasOwn(curveAlgorithms, namedCurve) ? curveAlgorithms[namedCurve] : undefined;
  return algorithm === undefined ? [] : [algorithm];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
