import { X509Certificate } from 'node:crypto';

/** What a certificate tells everybody it is shown to (X.509, RFC 5280). */
export interface CertificateFacts {
  /** DNS names and IP addresses it is good for (subjectAltName), the first 100. */
  readonly names: readonly string[];
  readonly commonName: string | undefined;
  /** Who signed it, in one line: `CN=R3, O=Let's Encrypt`. */
  readonly issuer: string;
  readonly serialNumber: string;
  /** UTC milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the certificate, as browsers show it: `AB:CD:…`. */
  readonly fingerprintSha256: string;
}

const maxNames = 100;
/** Longer certificates than this are not read; those in use have a few kilobytes. */
const maxBytes = 65_536;
const end = '-----END CERTIFICATE-----';

/** Reads the first certificate of a PEM file, the one that a server shows as its own; undefined where there is none. */
export function readCertificate(pem: Buffer): CertificateFacts | undefined {
  const found = parseFirst(pem);
  if (!found) return undefined;
  const notBefore = found.validFromDate.getTime();
  const notAfter = found.validToDate.getTime();
  if (Number.isNaN(notBefore) || Number.isNaN(notAfter)) return undefined;
  return {
    names: namesIn(found.subjectAltName ?? ''),
    commonName: partsOf(found.subject).find(([name]) => name === 'CN')?.[1],
    issuer: partsOf(found.issuer)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    serialNumber: found.serialNumber,
    notBefore,
    notAfter,
    fingerprintSha256: found.fingerprint256,
  };
}

function parseFirst(pem: Buffer): X509Certificate | undefined {
  const length = pem.subarray(0, maxBytes).indexOf(end);
  if (length === -1) return undefined;
  try {
    return new X509Certificate(pem.subarray(0, length + end.length));
  } catch {
    return undefined;
  }
}

/** `DNS:a.example, IP Address:10.0.0.1`; what has a comma or quote in it stands in quotes, and is no name of a host. */
function namesIn(subjectAltName: string): readonly string[] {
  return subjectAltName
    .split(', ')
    .flatMap((part) => {
      const [, name] = /^(?:DNS|IP Address):([^"]+)$/.exec(part) ?? [];
      return name === undefined ? [] : [name];
    })
    .slice(0, maxNames);
}

/** One attribute a line: `CN=example`. */
function partsOf(name: string | undefined): readonly (readonly [name: string, value: string])[] {
  return (name ?? '').split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
}
