import type { Settings } from '../../config/settings.ts';
import type { Finding } from '../../kernel/finding.ts';

/** What of settings that are right by themselves is missing or weak where people work with it. */
export function findingsOfSettings(settings: Settings): readonly Finding[] {
  const about = (subject: string) => ({ area: 'CONFIGURATION', subject }) as const;
  const found: Finding[] = [];
  if (!settings.secretKey) {
    found.push({
      ...about('secretKey'),
      state: 'WARNING',
      message: 'There is none: dev makes one in its data folder, serve does not start.',
      cure: 'Set LONGSHORE_SECRET_KEY to what `openssl rand -base64 32` prints, the same on every replica.',
    });
  }
  for (const name of ['allowedHosts', 'allowedOrigins'] as const) {
    if (settings[name].length > 0) continue;
    found.push({
      ...about(name),
      state: 'WARNING',
      message: 'There are none: dev takes its own loopback names, serve does not start.',
      cure: `Set ${name} to what the gateway is called by, and from where.`,
    });
  }
  if (settings.databaseUrl === undefined) {
    found.push({
      ...about('databaseUrl'),
      state: 'WARNING',
      message: `There is none: data lies in ${settings.dataDir}, for this one process.`,
      cure: 'Set DATABASE_URL to a PostgreSQL for more than one replica.',
    });
  }
  if ([settings.tokens, settings.oidc, settings.serviceAccounts].every((list) => list.length === 0)) {
    found.push({
      ...about('oidc'),
      state: 'WARNING',
      message: 'Nobody can sign in but by the token that the gateway makes for itself, or in dev by its fixed ones.',
      cure: 'Configure oidc, tokens or serviceAccounts.',
    });
  }
  if (settings.clusters.length === 0 && settings.kubeconfig === undefined && !settings.embedded.enabled) {
    found.push({
      ...about('clusters'),
      state: 'WARNING',
      message: 'No cluster is configured.',
      cure: 'Configure clusters or kubeconfig, or register one by the mutation registerCluster.',
    });
  }
  if (found.length > 0) return found;
  return [{ ...about('settings'), state: 'OK', message: 'They are complete.', cure: undefined }];
}
