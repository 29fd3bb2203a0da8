import type { ConnectionOptions } from 'node:tls';
import { systemClock } from '../../../src/kernel/clock.ts';
import { createCredentials } from '../../../src/kube/transport/create-credentials.ts';

/** How to reach a cluster: its address, whom it is trusted by, and who asks. */
export interface Connection {
  /** Base URL without a slash at its end; may have a path. */
  readonly url: string;
  readonly tls: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'
  >;
  /** `Authorization`, where the caller is not known by a certificate, and impersonation. */
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** The current context of a kubeconfig: tokens, token files, client certificates and exec plugins alike. */
export async function readConnection(
  kubeconfig: { readonly kubeconfigPath: string } | { readonly kubeconfigText: string },
): Promise<Connection> {
  const { server, tls, headers } = await createCredentials({ source: kubeconfig, clock: systemClock }).current();
  return { url: server.href.replace(/\/$/, ''), tls, headers };
}
