import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { der } from './der.ts';

/** PEM texts of one run of the cluster. They live in memory only. */
export interface ClusterCertificates {
  readonly caCertificate: string;
  readonly authority: CertificateAuthority;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

/** Signs certificates of others; the key never leaves it. */
export interface CertificateAuthority {
  readonly publicKey: KeyObject;
  /** When the authority itself ends, in milliseconds of real time. */
  readonly expiresMs: number;
  /** PEM. */
  issue(order: CertificateOrder): string;
}

/** What a certificate for somebody else should say. Everything in it is DER. */
export interface CertificateOrder {
  /** A whole Name. */
  readonly subject: Buffer;
  /** A whole SubjectPublicKeyInfo; any kind of key. */
  readonly publicKey: Buffer;
  readonly validity: readonly [Date, Date];
  /** Bits of KeyUsage by their numbers in RFC 5280. */
  readonly keyUsage: readonly number[];
  /** Dotted object identifiers of ExtendedKeyUsage. */
  readonly extendedKeyUsage: readonly string[];
  /** The value of a SubjectAltName extension. */
  readonly subjectAltName: Buffer | undefined;
}

const dayMs = 86_400_000;
const authorityName = 'embedded-cluster-ca';

/** Object identifiers of RFC 5280 and RFC 5758. */
const ids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};

/**
 * Makes a certificate authority and a certificate of it for the loopback names (EC P-256). The dates come from the
 * machine and not from the cluster's clock: the TLS libraries of clients check them against real time.
 */
export function createCertificates(realNowMs: number): ClusterCertificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = createHash('sha1').update(publicBytes(authority.publicKey)).digest();
  const validity = [new Date(realNowMs - dayMs), new Date(realNowMs + 365 * dayMs)] as const;
  const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
  const issue = (subject: string, key: KeyObject, extensions: readonly Buffer[]): string =>
    printPem(signed(authority.privateKey, toBeSigned(distinguishedName(subject), spki(key), validity, extensions)));
  return {
    authority: {
      publicKey: createPublicKey(authority.privateKey),
      expiresMs: validity[1].getTime(),
      issue(order) {
        const extensions = orderedExtensions(order, keyId);
        return printPem(
          signed(authority.privateKey, toBeSigned(order.subject, order.publicKey, order.validity, extensions)),
        );
      },
    },
    caCertificate: issue(authorityName, authority.publicKey, [
      extension(ids.basicConstraints, true, der.sequence(der.boolean(true), der.integer(Buffer.from([0])))),
      // keyCertSign and cRLSign
      extension(ids.keyUsage, true, der.bits(Buffer.from([0b0000_0110]), 1)),
      extension(ids.subjectKeyId, false, der.octets(keyId)),
    ]),
    serverCertificate: issue('kube-apiserver', server.publicKey, [
      extension(ids.basicConstraints, true, der.sequence()),
      // digitalSignature
      extension(ids.keyUsage, true, der.bits(Buffer.from([0b1000_0000]), 7)),
      extension(ids.extendedKeyUsage, false, der.sequence(der.objectId(ids.serverAuth))),
      extension(ids.authorityKeyId, false, der.sequence(der.implicit(0, keyId))),
      extension(
        ids.subjectAltName,
        false,
        der.sequence(
          der.implicit(7, Buffer.from([127, 0, 0, 1])),
          der.implicit(2, Buffer.from('localhost')),
          der.implicit(2, Buffer.from('kubernetes.default.svc')),
        ),
      ),
    ]),
    serverKey: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function orderedExtensions(order: CertificateOrder, authorityKeyId: Buffer): Buffer[] {
  const { keyUsage, extendedKeyUsage, subjectAltName } = order;
  const extensions = [
    extension(ids.basicConstraints, true, der.sequence()),
    extension(ids.authorityKeyId, false, der.sequence(der.implicit(0, authorityKeyId))),
  ];
  if (keyUsage.length > 0) extensions.push(extension(ids.keyUsage, true, bitString(keyUsage)));
  if (extendedKeyUsage.length > 0) {
    extensions.push(extension(ids.extendedKeyUsage, false, der.sequence(...extendedKeyUsage.map(der.objectId))));
  }
  if (subjectAltName !== undefined) extensions.push(extension(ids.subjectAltName, false, subjectAltName));
  return extensions;
}

/** Named bits, the first of which is the highest of the first byte; DER leaves out zeros behind the last one. */
function bitString(bits: readonly number[]): Buffer {
  const last = Math.max(...bits);
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return der.bits(bytes, 7 - (last & 7));
}

function toBeSigned(
  subject: Buffer,
  publicKey: Buffer,
  validity: readonly [Date, Date],
  extensions: readonly Buffer[],
): Buffer {
  return der.sequence(
    // Version 3.
    der.tagged(0, der.integer(Buffer.from([2]))),
    der.integer(serialNumber()),
    der.sequence(der.objectId(ids.ecdsaWithSha256)),
    distinguishedName(authorityName),
    der.sequence(...validity.map(der.time)),
    subject,
    publicKey,
    der.tagged(3, der.sequence(...extensions)),
  );
}

function signed(key: KeyObject, content: Buffer): Buffer {
  return der.sequence(content, der.sequence(der.objectId(ids.ecdsaWithSha256)), der.bits(sign('sha256', content, key)));
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId(ids.commonName), der.utf8(commonName))));
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return der.sequence(der.objectId(id), ...(isCritical ? [der.boolean(true)] : []), der.octets(value));
}

/** The bare point of an EC public key: the last 65 bytes of its SubjectPublicKeyInfo. */
function publicBytes(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-65);
}

// Positive and 16 bytes long, as RFC 5280 wants it.
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function printPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
