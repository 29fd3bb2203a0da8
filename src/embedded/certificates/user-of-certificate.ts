import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '../access/authorizer.ts';

const clientAuth = '1.3.6.1.5.5.7.3.2';

interface Verified {
  readonly user: UserInfo;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Users by client certificate: the common name is the user, each organization a group. The certificate is checked once per
 * connection, its dates on every request and by the cluster's clock: a test that moves it outlives its certificates.
 */
export function createCertificateUsers(
  authorityKey: KeyObject,
  now: () => number,
): (socket: TLSSocket) => UserInfo | undefined {
  const bySocket = new WeakMap<TLSSocket, Verified | 'none'>();
  return (socket) => {
    let known = bySocket.get(socket);
    if (known === undefined) {
      known = verify(socket.getPeerX509Certificate(), socket, authorityKey) ?? 'none';
      bySocket.set(socket, known);
    }
    if (known === 'none') return undefined;
    const time = now();
    return time >= known.fromMs && time <= known.toMs ? known.user : undefined;
  };
}

function verify(
  certificate: X509Certificate | undefined,
  socket: TLSSocket,
  authorityKey: KeyObject,
): Verified | undefined {
  if (certificate === undefined || !certificate.verify(authorityKey)) return undefined;
  if (!(certificate.keyUsage ?? []).includes(clientAuth)) return undefined;
  const subject: Readonly<Record<string, unknown>> = { ...socket.getPeerCertificate().subject };
  const username = [subject.CN].flat().at(-1);
  if (typeof username !== 'string' || username === '') return undefined;
  const organizations = [subject.O].flat().filter((group) => typeof group === 'string');
  const digest = createHash('sha256').update(certificate.raw).digest('hex');
  return {
    fromMs: Date.parse(certificate.validFrom),
    toMs: Date.parse(certificate.validTo),
    user: {
      username,
      uid: '',
      groups: [...new Set([...organizations, 'system:authenticated'])],
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${digest}`] },
    },
  };
}
