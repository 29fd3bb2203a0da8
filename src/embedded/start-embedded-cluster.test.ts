import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startEmbeddedCluster } from './start-embedded-cluster.ts';
import { type Json, startTestApi } from './testing/start-test-api.ts';

describe('startEmbeddedCluster', () => {
  it('describes itself in a kubeconfig', async () => {
    await using cluster = await startEmbeddedCluster({ name: 'harbour', controllers: false });
    const kubeconfig = parse(cluster.kubeconfig);
    expect(kubeconfig).toMatchObject({
      kind: 'Config',
      'current-context': 'harbour',
      contexts: [{ name: 'harbour', context: { cluster: 'harbour' } }],
      clusters: [{ name: 'harbour', cluster: { server: cluster.url } }],
      users: [{ user: { token: cluster.token } }],
    });
    expect(Buffer.from(kubeconfig.clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toBe(
      cluster.caCertificate,
    );
    expect(cluster.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(Buffer.from(cluster.token, 'base64url')).toHaveLength(32);
  });

  it('has the system namespaces and the API service from the start', async () => {
    await using api = await startTestApi();
    const { body } = await api.call('GET', '/api/v1/namespaces');
    expect(body.items.map(({ metadata }: Json) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect((await api.call('GET', '/api/v1/namespaces/default/services/kubernetes')).body.spec.clusterIP).toBe(
      '10.96.0.1',
    );
  });

  it('brings nodes, and the sample where it is wanted', async () => {
    await using api = await startTestApi({ controllers: true, nodes: 2, sample: 'shop' });
    expect((await api.call('GET', '/api/v1/nodes')).body.items).toHaveLength(2);
    expect((await api.call('GET', '/apis/apps/v1/namespaces/shop/deployments')).body.items.length).toBeGreaterThan(0);
  });

  it('knows no token of another cluster (refused)', async () => {
    await using one = await startTestApi();
    await using other = await startTestApi();
    expect((await one.call('GET', '/version', { token: other.cluster.token })).code).toBe(401);
  });

  it('stops at once, with watches open, and only once', async () => {
    const api = await startTestApi();
    await using watch = await api.watch('/api/v1/pods?watch=true');
    const { cluster } = api;
    await Promise.all([cluster.stop(), cluster.stop()]);
    expect(cluster.openWatches).toBe(0);
    await watch.close();
    await expect(api.call('GET', '/version')).rejects.toThrow();
  });

  it('stops at once, with a connection that has not begun its handshake', async () => {
    const cluster = await startEmbeddedCluster({ controllers: false });
    const silent = connect(Number(new URL(cluster.url).port), '127.0.0.1');
    // A reset is an end like any other.
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    await Promise.all([cluster.stop(), once(silent, 'close')]);
    expect(silent.destroyed).toBe(true);
  });

  it('says that its port is taken (refused)', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as AddressInfo;
    await expect(startEmbeddedCluster({ port, controllers: false })).rejects.toThrow(/EADDRINUSE/);
    squatter.close();
  });
});
