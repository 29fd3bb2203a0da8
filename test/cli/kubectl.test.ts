import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const run = promisify(execFile);

const kubectlPath = findCli('kubectl');
const skip = mustSkip('kubectl', kubectlPath !== undefined);

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "registry.local/web:1"}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
`;

describe.skipIf(skip)('kubectl', () => {
  let cluster: EmbeddedCluster;
  let folder = '';

  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(
      kubectlPath ?? '',
      ['--kubeconfig', join(folder, 'kubeconfig'), '--cache-dir', join(folder, 'cache'), ...args],
      { timeout: 20_000 },
    );
    return stdout;
  };

  beforeAll(async () => {
    if (skip) return;
    folder = await mkdtemp(join(tmpdir(), 'embedded-kubectl-'));
    cluster = await startEmbeddedCluster({ speed: 50, nodes: 2 });
    await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig, { mode: 0o600 });
    await writeFile(join(folder, 'web.yaml'), manifest);
  });
  afterAll(async () => {
    if (skip) return;
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  it('applies, waits, scales, reads logs and deletes', async () => {
    const file = join(folder, 'web.yaml');
    expect(await kubectl('apply', '--server-side', '-f', file)).toContain('deployment.apps/web serverside-applied');
    expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=15s')).toContain('successfully rolled out');
    expect(await kubectl('scale', 'deployment/web', '--replicas=3')).toContain('scaled');
    await kubectl('wait', '--for=jsonpath={.status.readyReplicas}=3', 'deployment/web', '--timeout=15s');
    const pods = await kubectl('get', 'pods', '-A', '-l', 'app=web');
    expect(pods.split('\n')[0]).toMatch(/^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE$/);
    expect(pods.match(/1\/1 +Running/g)).toHaveLength(3);
    expect(await kubectl('get', 'deploy,svc,nodes', '-o', 'wide')).toMatch(/deployment.apps\/web +3\/3/);
    expect(await kubectl('logs', 'deployment/web', '--tail=1')).not.toBe('');
    expect(
      await kubectl(
        'patch',
        'deployment',
        'web',
        '-p',
        '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"registry.local/web:2"}]}}}}',
      ),
    ).toContain('patched');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=15s');
    expect(await kubectl('rollout', 'undo', 'deployment/web')).toContain('rolled back');
    expect(await kubectl('delete', '-f', file, '--timeout=15s')).toContain('deployment.apps "web" deleted');
    expect(await kubectl('get', 'deployments', '-o', 'name')).toBe('');
  });

  it('creates what its typed clients send as protobuf', async () => {
    await kubectl('create', 'namespace', 'typed');
    await kubectl('create', 'secret', 'generic', 'credentials', '-n', 'typed', '--from-literal=password=x');
    await kubectl('create', 'deployment', 'app', '-n', 'typed', '--image=registry.local/app:1', '--port=80');
    expect(await kubectl('get', 'secret', 'credentials', '-n', 'typed', '-o', 'jsonpath={.data.password}')).toBe(
      'eA==',
    );
    const image = 'jsonpath={.spec.template.spec.containers[0].image}';
    expect(await kubectl('get', 'deployment', 'app', '-n', 'typed', '-o', image)).toBe('registry.local/app:1');
    expect(await kubectl('auth', 'can-i', 'delete', 'nodes')).toBe('yes\n');
    expect(await kubectl('delete', 'namespace', 'typed', '--timeout=15s')).toContain('deleted');
  });

  it('reports a conflict of field managers in its own words (refused)', async () => {
    const file = join(folder, 'conflict.yaml');
    await writeFile(file, manifest.replaceAll('name: web', 'name: contested'));
    await kubectl('apply', '--server-side', '-f', file);
    await kubectl('scale', 'deployment/contested', '--replicas=1');
    await expect(kubectl('apply', '--server-side', '-f', file)).rejects.toThrow(
      /Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale".*\.spec\.replicas/,
    );
  });
});
