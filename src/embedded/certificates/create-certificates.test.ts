import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createCertificates } from './create-certificates.ts';

const now = Date.UTC(2026, 4, 5, 6, 7, 8);

describe('createCertificates', () => {
  const { caCertificate, serverCertificate, serverKey } = createCertificates(now);
  const authority = new X509Certificate(caCertificate);
  const server = new X509Certificate(serverCertificate);

  it('makes an authority that signs itself and the server', () => {
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkIssued(authority)).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
  });

  it('names only loopback addresses and the in-cluster service', () => {
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkHost('example.com')).toBeUndefined();
    expect(server.subject).toBe('CN=kube-apiserver');
  });

  it('is valid from a day before to a year after', () => {
    expect(Date.parse(server.validFrom)).toBe(now - 86_400_000);
    expect(Date.parse(server.validTo)).toBe(now + 365 * 86_400_000);
  });

  it('never gives the same number or key twice', () => {
    const other = new X509Certificate(createCertificates(now).caCertificate);
    expect(other.serialNumber).not.toBe(authority.serialNumber);
    expect(other.fingerprint256).not.toBe(authority.fingerprint256);
    expect(server.verify(other.publicKey)).toBe(false);
  });

  it('satisfies a TLS client that trusts the authority, and no other (refused)', async () => {
    const fresh = createCertificates(Date.now());
    const listener = createServer({ cert: fresh.serverCertificate, key: fresh.serverKey }, (socket) =>
      socket.end('hello'),
    );
    listener.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const greet = (ca: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, ca });
        socket.on('data', (data) => resolve(data.toString()));
        socket.on('error', reject);
      });
    expect(await greet(fresh.caCertificate)).toBe('hello');
    await expect(greet(caCertificate)).rejects.toThrow();
    listener.close();
    expect(serverKey).not.toBe(fresh.serverKey);
  });
});
