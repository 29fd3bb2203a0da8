import { stringify } from 'yaml';

/** A kubeconfig whose only context is named after the cluster. It carries the token: write it with mode 0600. */
export function printKubeconfig(cluster: {
  readonly name: string;
  readonly url: string;
  readonly caCertificate: string;
  readonly token: string;
}): string {
  const { name } = cluster;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: cluster.url,
          'certificate-authority-data': Buffer.from(cluster.caCertificate).toString('base64'),
        },
      },
    ],
    users: [{ name: `${name}-admin`, user: { token: cluster.token } }],
    contexts: [{ name, context: { cluster: name, user: `${name}-admin`, namespace: 'default' } }],
    'current-context': name,
  });
}
