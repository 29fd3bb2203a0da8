import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';

export interface KubeconfigFile extends AsyncDisposable {
  readonly path: string;
}

/** A kubeconfig on disk for an embedded cluster, with the administrator's token or another one. */
export async function kubeconfigFile(
  cluster: Pick<EmbeddedCluster, 'kubeconfig' | 'token'>,
  token = cluster.token,
): Promise<KubeconfigFile> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-kubeconfig-'));
  const path = join(folder, 'config');
  await writeFile(path, cluster.kubeconfig.replaceAll(cluster.token, token), { mode: 0o600 });
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
