import type { V1Secret } from '@kubernetes/client-node';
import { type CertificateFacts, readCertificate } from './certificate-facts.ts';
import type { Raw } from './kube-object.ts';

/** What is left of Secret values: the keys and how many bytes each value has. */
export type SealedSecretData = Readonly<Record<string, { readonly bytes: number }>>;

/** What is kept of the certificate in a TLS Secret: what it tells everybody anyway. No field of the object, and not in its JSON. */
export const certificateOfSecret: unique symbol = Symbol('certificate');

/** A Secret as it enters the cache and leaves every read; values come only from `Cluster.secretValue`. */
export type SealedSecret = Omit<Raw<V1Secret>, 'data' | 'stringData'> & {
  readonly data?: SealedSecretData;
  /** Of type `kubernetes.io/tls`, where `tls.crt` is one. */
  readonly [certificateOfSecret]?: CertificateFacts | undefined;
};

/** What a Secret has besides its values. */
const openFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable']);

/**
 * Replaces the values of a Secret by their lengths, in place. Fields that no Secret has go with them: what stands there
 * was meant as a value (`stringDatta`) by somebody whose cluster kept it.
 */
export function sealSecret(secret: Record<string, unknown>): void {
  keepCertificate(secret);
  const sealed: Record<string, { bytes: number }> = {};
  for (const [key, value] of entriesOf(secret.data)) sealed[key] = { bytes: Buffer.byteLength(value, 'base64') };
  for (const [key, value] of entriesOf(secret.stringData)) sealed[key] = { bytes: Buffer.byteLength(value, 'utf8') };
  const hasData = secret.data !== undefined || secret.stringData !== undefined;
  for (const field of Object.keys(secret)) if (!openFields.has(field)) secret[field] = undefined;
  if (hasData) secret.data = sealed;
}

function entriesOf(data: unknown): [string, string][] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).map(([key, value]) => [key, typeof value === 'string' ? value : '']);
}

function keepCertificate(secret: Record<string, unknown>): void {
  if (secret.type !== 'kubernetes.io/tls') return;
  const pem = entriesOf(secret.data).find(([key]) => key === 'tls.crt')?.[1];
  const value = pem === undefined ? undefined : readCertificate(Buffer.from(pem, 'base64'));
  if (value) Object.defineProperty(secret, certificateOfSecret, { value, enumerable: false });
}
