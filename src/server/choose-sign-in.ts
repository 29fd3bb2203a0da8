import { isIP } from 'node:net';
import type { DevTokenSettings } from '../access/dev-tokens.ts';
import { loadTokenFile } from '../access/token-file.ts';
import type { Settings } from '../config/settings.ts';
import type { ClusterSettings } from '../kube/cluster-settings.ts';

export interface SignIn {
  /** Fixed development tokens, or undefined where they are off. */
  readonly dev: DevTokenSettings | undefined;
  /** The random token of the data folder, or undefined where nobody needs it. */
  readonly adminToken: string | undefined;
}

/**
 * The fixed tokens work only while every cluster is embedded and the listener is loopback: then there is nothing to
 * protect and nobody to protect it from, and no other cluster can be registered. Otherwise only a random token and the configured ones do.
 */
export async function chooseSignIn(settings: Settings, clusters: readonly ClusterSettings[]): Promise<SignIn> {
  const isPlayground =
    settings.mode === 'dev' &&
    settings.devTokens &&
    clusters.every((cluster) => cluster.isEmbedded) &&
    isLoopback(settings.host);
  if (isPlayground) return { dev: { shopNamespaces: [{ cluster: '*', namespace: 'shop' }] }, adminToken: undefined };
  const others = [settings.tokens, settings.oidc, settings.serviceAccounts];
  const needsToken = settings.mode === 'dev' || others.every((list) => list.length === 0);
  return { dev: undefined, adminToken: needsToken ? await loadTokenFile(settings.dataDir) : undefined };
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
