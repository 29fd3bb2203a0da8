import { createPublicKey, verify } from 'node:crypto';

/** A PKCS#10 request that proved to own its key. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** The whole Name in DER. */
  readonly subject: Buffer;
  /** The whole SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
  /** The value of the SubjectAltName extension in DER. */
  readonly subjectAltName: Buffer | undefined;
  readonly hasNames: { readonly dns: boolean; readonly ip: boolean; readonly email: boolean; readonly uri: boolean };
}

type Parser = (pem: string) => CertificateRequest;

const ids = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  extensionRequest: '1.2.840.113549.1.9.14',
  subjectAltName: '2.5.29.17',
};

/** Hashes by signature algorithm (RFC 8017, RFC 5758); Ed25519 hashes by itself. */
const hashes: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

let parser: Parser | undefined;

/** Loads the ASN.1 libraries: 100 ms and 18 MB that only clusters with such requests pay for. */
export async function loadCertificateRequestParser(): Promise<void> {
  parser ??= await createParser();
}

/**
 * Reads `-----BEGIN CERTIFICATE REQUEST-----` and checks its signature. Throws an error that says what is wrong with it; the
 * libraries must have been loaded.
 */
export function parseCertificateRequest(pem: string): CertificateRequest {
  if (parser === undefined) throw new Error('the parser of certificate requests has not been loaded');
  return parser(pem);
}

async function createParser(): Promise<Parser> {
  const [{ CertificationRequest }, { AsnConvert }, { Extensions, SubjectAlternativeName }] = await Promise.all([
    import('@peculiar/asn1-csr'),
    import('@peculiar/asn1-schema'),
    import('@peculiar/asn1-x509'),
  ]);
  return (pem) => {
    const request = AsnConvert.parse(decodePem(pem), CertificationRequest);
    const { subject, subjectPKInfo, attributes } = request.certificationRequestInfo;
    const publicKey = Buffer.from(AsnConvert.serialize(subjectPKInfo));
    const signed = Buffer.from(
      request.certificationRequestInfoRaw ?? AsnConvert.serialize(request.certificationRequestInfo),
    );
    checkSignature(signed, Buffer.from(request.signature), request.signatureAlgorithm.algorithm, publicKey);

    const namesOf = (id: string): string[] =>
      [...subject].flatMap((part) => [...part].filter(({ type }) => type === id).map(({ value }) => value.toString()));
    const requested = [...(attributes ?? [])].find(({ type }) => type === ids.extensionRequest)?.values[0];
    const extensions = requested === undefined ? [] : [...AsnConvert.parse(requested, Extensions)];
    const found = extensions.find(({ extnID }) => extnID === ids.subjectAltName)?.extnValue.buffer;
    const names = found === undefined ? [] : [...AsnConvert.parse(found, SubjectAlternativeName)];
    return {
      commonName: namesOf(ids.commonName).at(-1) ?? '',
      organizations: namesOf(ids.organization),
      subject: Buffer.from(AsnConvert.serialize(subject)),
      publicKey,
      subjectAltName: found === undefined ? undefined : Buffer.from(found),
      hasNames: {
        dns: names.some(({ dNSName }) => dNSName !== undefined),
        ip: names.some(({ iPAddress }) => iPAddress !== undefined),
        email: names.some(({ rfc822Name }) => rfc822Name !== undefined),
        uri: names.some(({ uniformResourceIdentifier }) => uniformResourceIdentifier !== undefined),
      },
    };
  };
}

function decodePem(pem: string): Buffer {
  const match = /-----BEGIN CERTIFICATE REQUEST-----\r?\n([\sA-Za-z0-9+/=]+)-----END CERTIFICATE REQUEST-----/.exec(
    pem,
  );
  if (match === null) throw new Error('PEM block type must be CERTIFICATE REQUEST');
  return Buffer.from(match[1] ?? '', 'base64');
}

function checkSignature(signed: Buffer, signature: Buffer, algorithm: string, publicKey: Buffer): void {
  const hash = hashes[algorithm];
  if (hash === undefined) throw new Error('x509: cannot verify signature: algorithm unimplemented');
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  if (!verify(hash, signed, key, signature)) throw new Error(`${nameOf(key.asymmetricKeyType)} verification failure`);
}

function nameOf(keyType: string | undefined): string {
  if (keyType === 'rsa') return 'crypto/rsa:';
  return keyType === 'ec' ? 'x509: ECDSA' : 'x509: Ed25519';
}
