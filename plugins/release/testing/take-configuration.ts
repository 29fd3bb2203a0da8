import type { TestGateway } from 'longshore/testing';
import { Agent, request } from 'undici';

/** Takes the copies of its configuration that an app service of `shop` runs with out of the cluster, past the gateway, which would not let them go. */
export async function takeConfiguration(
  { cluster }: Pick<TestGateway, 'cluster'>,
  service: string,
): Promise<{ readonly mend: () => Promise<void> }> {
  const dispatcher = new Agent({ connect: { ca: cluster.caCertificate } });
  const call = async (method: string, path: string, body?: object) => {
    const response = await request(`${cluster.url}/api/v1/namespaces/shop/configmaps${path}`, {
      method: method as 'GET',
      dispatcher,
      headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await response.body.json()) as { items: { metadata: { name: string } }[] };
  };
  const { items } = await call('GET', `?labelSelector=longshore.dev/app-service=${service}`);
  for (const { metadata } of items) await call('DELETE', `/${metadata.name}`);
  return {
    async mend() {
      for (const { metadata, ...object } of items) {
        const { resourceVersion: _version, uid: _uid, ...kept } = metadata as Record<string, unknown>;
        await call('POST', '', { ...object, apiVersion: 'v1', kind: 'ConfigMap', metadata: kept });
      }
    },
  };
}
