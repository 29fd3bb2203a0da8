import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readCertificate, type ValidationIssue } from 'longshore/sdk';
import type { DataEntry } from './data-entries.ts';

/** A certificate with its private key, both PEM (RFC 7468). */
export interface TlsPairInput {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What is wrong with a pair (CMP-97): unreadable, or a key that is not the certificate's. Says nothing of the key. */
export function checkTlsPair(
  { certificate, privateKey }: TlsPairInput,
  path: readonly string[],
): readonly ValidationIssue[] {
  const issue = (field: string, code: string, message: string) => [{ path: [...path, field], code, message }];
  const x509 = parseCertificate(certificate);
  const key = parseKey(privateKey);
  if (!x509)
    return issue('certificate', 'invalid_certificate', 'certificate must be PEM, the server’s own certificate first');
  if (!key)
    return issue('privateKey', 'invalid_key', 'privateKey must be the private key as PEM, without a passphrase');
  if (!x509.checkPrivateKey(key)) {
    return issue(
      'privateKey',
      'key_mismatch',
      'privateKey is not the key of this certificate, or of another one in its file: the server’s own stands first',
    );
  }
  return [];
}

export function entriesOfTlsPair({ certificate, privateKey }: TlsPairInput): readonly DataEntry[] {
  return [
    { key: 'tls.crt', bytes: Buffer.from(certificate, 'utf8') },
    { key: 'tls.key', bytes: Buffer.from(privateKey, 'utf8') },
  ];
}

/** What its user should know of a certificate at this moment. */
export function tellValidity({ certificate }: TlsPairInput, now: number): readonly string[] {
  const facts = readCertificate(Buffer.from(certificate, 'utf8'));
  if (!facts) return [];
  if (facts.notAfter <= now) return [`The certificate expired on ${new Date(facts.notAfter).toISOString()}`];
  return facts.notBefore > now ? [`The certificate is good only from ${new Date(facts.notBefore).toISOString()}`] : [];
}

function parseCertificate(pem: string): X509Certificate | undefined {
  if (!readCertificate(Buffer.from(pem, 'utf8'))) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The library's words may tell what stands in the text. */
function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
