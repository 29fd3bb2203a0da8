import type { ClusterEndpoint } from 'longshore/sdk';
import { stringify } from 'yaml';

/** A kubeconfig for one account of one cluster, as kubectl reads it. Pure. */
export function kubeconfigText(options: {
  readonly cluster: string;
  readonly endpoint: ClusterEndpoint;
  readonly user: string;
  readonly token: string;
  readonly namespace: string | undefined;
}): string {
  const { cluster, endpoint, user, token, namespace } = options;
  const { server, certificateAuthority } = endpoint;
  const authority = certificateAuthority && {
    'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, ...authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user, ...(namespace === undefined ? {} : { namespace }) } }],
    'current-context': cluster,
  });
}
