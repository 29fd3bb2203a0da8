import type { Settings } from '../config/settings.ts';
import type { PluginState } from '../kernel/run-plugins.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { SignIn } from './choose-sign-in.ts';

export interface StartupFacts {
  readonly settings: Settings;
  readonly url: string;
  readonly clusters: readonly Cluster[];
  readonly database: string;
  readonly plugins: readonly PluginState[];
  readonly signIn: SignIn;
  readonly hasEmbeddedCluster: boolean;
}

/** The short table before the one line that says that it is ready. The last line is a contract: scripts wait for it. */
export function startupReport(facts: StartupFacts): string {
  const { settings, signIn } = facts;
  const rows: [string, string][] = [
    ...facts.clusters.map((cluster): [string, string] => ['cluster', describeCluster(cluster)]),
    ...(facts.clusters.length === 0 ? [['cluster', 'none configured'] as [string, string]] : []),
    ['database', facts.database],
    [
      'plugins',
      facts.plugins
        .filter(({ state }) => state === 'ENABLED')
        .map(({ name, version }) => `${name} ${version}`)
        .join(', '),
    ],
    ...facts.plugins
      .filter(({ state }) => state !== 'ENABLED')
      .map(({ name, state, reason }): [string, string] => ['plugin', `${name} ${state}: ${reason ?? ''}`]),
    ['sign in', describeSignIn(signIn, settings)],
    ...(facts.hasEmbeddedCluster
      ? ([
          ['kubectl', `kubectl --kubeconfig ${settings.dataDir}/kubeconfig get pods -A`],
          ['note', 'the embedded cluster is for development and tests; it forgets everything when it stops'],
        ] as [string, string][])
      : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const table = rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join('\n');
  return `${table}\n\nLongshore is ready at ${facts.url}/graphql\n`;
}

function describeCluster(cluster: Cluster): string {
  const version = cluster.version ? ` ${cluster.version}` : '';
  return cluster.problem
    ? `${cluster.name}${version} ${cluster.state}: ${cluster.problem}`
    : `${cluster.name}${version} ${cluster.state}`;
}

function describeSignIn(signIn: SignIn, settings: Settings): string {
  if (signIn.dev) return 'no token needed (dev-admin); or Authorization: Bearer dev-admin | dev-developer';
  const ways = [
    ...(signIn.adminToken === undefined
      ? []
      : [`Authorization: Bearer ${signIn.adminToken} (also in ${settings.dataDir}/token)`]),
    ...(settings.tokens.length === 0
      ? []
      : [`${settings.tokens.length} configured token${settings.tokens.length === 1 ? '' : 's'}`]),
    ...settings.oidc.map(({ issuer }) => `tokens of ${issuer}`),
    ...settings.serviceAccounts.map(({ cluster }) => `service accounts of cluster ${cluster}`),
  ];
  return ways.join('; ');
}
