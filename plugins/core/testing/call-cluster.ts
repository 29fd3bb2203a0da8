import { request as send } from 'node:https';
import type { EmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';

/** A write by somebody else, past the gateway, with field manager `kubectl`. Rejects unless it succeeds. */
export function callCluster(
  cluster: EmbeddedCluster,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<void> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return new Promise((resolve, reject) => {
    const request = send(
      `${cluster.url}${path}?fieldManager=kubectl`,
      {
        method,
        ca: cluster.caCertificate,
        headers: { authorization: `Bearer ${cluster.token}`, 'content-type': type },
      },
      (response) => {
        const chunks: string[] = [];
        response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve();
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${chunks.join('').slice(0, 500)}`));
        });
      },
    );
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}
