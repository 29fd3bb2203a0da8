import type { CertificateAuthority } from './create-certificates.ts';
import type { CertificateRequest } from './parse-certificate-request.ts';

export interface SigningOrder {
  readonly usages: readonly string[];
  readonly nowMs: number;
  /** Unset means as long as the signer allows: a year. */
  readonly expirationSeconds: number | undefined;
}

const minuteMs = 60_000;
const backdateMs = 5 * minuteMs;
const shortMs = 8 * 60 * minuteMs;
const longestMs = 365 * 24 * 60 * minuteMs;

/** Bits of KeyUsage, RFC 5280 4.2.1.3, by their names in certificates.k8s.io/v1. */
const usageBits: Readonly<Record<string, number>> = {
  signing: 0,
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
};

const extendedUsages: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

/** All usages that certificates.k8s.io/v1 knows, in the order its refusals list them. */
export const knownUsages: readonly string[] = [...Object.keys(usageBits), ...Object.keys(extendedUsages)].sort();

/**
 * The certificate for an approved request: its subject, key and alternative names, the usages asked for, from five minutes ago
 * for as long as was asked, at least ten minutes and at most a year.
 */
export function signCertificateRequest(
  authority: CertificateAuthority,
  request: CertificateRequest,
  { usages, nowMs, expirationSeconds }: SigningOrder,
): string {
  const askedMs = expirationSeconds === undefined ? longestMs : expirationSeconds * 1000;
  const lifeMs = Math.min(longestMs, Math.max(10 * minuteMs, askedMs));
  const endMs = nowMs + lifeMs - (lifeMs < shortMs ? 0 : backdateMs);
  // The authority's own end counts in real time; a cluster whose clock has passed it goes on signing.
  const isBeyond = authority.expiresMs > nowMs && endMs > authority.expiresMs;
  return authority.issue({
    subject: request.subject,
    publicKey: request.publicKey,
    validity: [new Date(nowMs - backdateMs), new Date(isBeyond ? authority.expiresMs : endMs)],
    keyUsage: [...new Set(usages.flatMap((usage) => usageBits[usage] ?? []))],
    extendedKeyUsage: [...new Set(usages.flatMap((usage) => extendedUsages[usage] ?? []))],
    subjectAltName: request.subjectAltName,
  });
}
