import { describe, expect, it } from 'vitest';
import { createCertificates } from '../embedded/certificates/create-certificates.ts';
import { readCertificate } from './certificate-facts.ts';
import { takeIn } from './intake.ts';
import { certificateOfSecret, type SealedSecret } from './sealed-secret.ts';

const now = Date.UTC(2026, 0, 1);
const { serverCertificate, serverKey, caCertificate } = createCertificates(now);

describe('readCertificate', () => {
  it('tells the first certificate of a chain (CMP-97)', () => {
    expect(readCertificate(Buffer.from(`${serverCertificate}\n${caCertificate}`))).toEqual({
      names: expect.arrayContaining(['localhost', '127.0.0.1']),
      commonName: expect.any(String),
      issuer: expect.stringMatching(/^CN=embedded-cluster-ca/),
      serialNumber: expect.stringMatching(/^[0-9A-F]+$/),
      notBefore: now - 86_400_000,
      notAfter: now + 365 * 86_400_000,
      fingerprintSha256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    });
  });

  it.each([
    ['nothing', ''],
    ['no PEM', 'hello'],
    ['a private key', serverKey],
    ['a broken certificate', `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`],
    ['one that never ends', `-----BEGIN CERTIFICATE-----\n${'A'.repeat(200_000)}`],
  ])('reads nothing from %s', (_name, text) => {
    expect(readCertificate(Buffer.from(text))).toBeUndefined();
  });
});

describe('a TLS Secret that is taken in', () => {
  const from = { cluster: 'c1', group: '', version: 'v1', kind: 'Secret', plural: 'secrets', isNamespaced: true };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const secret = (type: string) =>
    takeIn<SealedSecret>(
      {
        metadata: { name: 'tls' },
        type,
        data: { 'tls.crt': base64(serverCertificate), 'tls.key': base64(serverKey) },
      },
      from,
    );

  it('keeps what its certificate tells, and neither value, nor shows it in its JSON (CMP-97, P23)', () => {
    const object = secret('kubernetes.io/tls');
    expect(object[certificateOfSecret]?.names).toContain('localhost');
    expect(JSON.stringify(object)).toBe(
      JSON.stringify({
        metadata: { name: 'tls' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': { bytes: serverCertificate.length }, 'tls.key': { bytes: serverKey.length } },
        apiVersion: 'v1',
        kind: 'Secret',
      }),
    );
  });

  it('is the only type whose values are looked at', () => {
    expect(secret('Opaque')[certificateOfSecret]).toBeUndefined();
  });
});
