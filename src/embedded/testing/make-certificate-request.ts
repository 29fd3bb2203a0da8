import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { der } from '../certificates/der.ts';

const ids = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  extensionRequest: '1.2.840.113549.1.9.14',
  subjectAltName: '2.5.29.17',
  ec: '1.2.840.10045.4.3.2',
  rsa: '1.2.840.113549.1.1.11',
};

export interface MadeRequest {
  /** PEM of the request. */
  readonly request: string;
  /** PEM of the private key, PKCS#8. */
  readonly key: string;
}

export interface RequestWishes {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly keyType?: 'ec' | 'rsa';
  readonly dnsName?: string;
  /** Signs with another key than the one in the request. */
  readonly isForged?: boolean;
}

/** A PKCS#10 request as openssl would make it, and its key. */
export function makeCertificateRequest(wishes: RequestWishes): MadeRequest {
  const { publicKey, privateKey } = makeKeys(wishes.keyType);
  const names = [
    [ids.commonName, wishes.commonName] as const,
    ...(wishes.organizations ?? []).map((group) => [ids.organization, group] as const),
  ];
  const extensions =
    wishes.dnsName === undefined
      ? []
      : [
          der.sequence(
            der.objectId(ids.extensionRequest),
            der.set(
              der.sequence(
                der.sequence(
                  der.objectId(ids.subjectAltName),
                  der.octets(der.sequence(der.implicit(2, Buffer.from(wishes.dnsName)))),
                ),
              ),
            ),
          ),
        ];
  const content = der.sequence(
    der.integer(Buffer.from([0])),
    der.sequence(...names.map(([id, text]) => der.set(der.sequence(der.objectId(id), der.utf8(text))))),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.tagged(0, ...extensions),
  );
  const signer = wishes.isForged === true ? makeKeys(wishes.keyType).privateKey : privateKey;
  const algorithm = der.sequence(der.objectId(wishes.keyType === 'rsa' ? ids.rsa : ids.ec));
  const request = der.sequence(content, algorithm, der.bits(sign('sha256', content, signer)));
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    request: `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function makeKeys(type: 'ec' | 'rsa' = 'ec'): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
