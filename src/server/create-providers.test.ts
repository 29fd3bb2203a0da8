import { describe, expect, it } from 'vitest';
import { createRightsEvents } from '../access/rights-events.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { createClusters } from '../kube/create-clusters.ts';
import { createClosers } from './close-all.ts';
import { createProviders } from './create-providers.ts';

const groups = { rolesFromGroups: {}, namespacesFromGroups: {} };
const provider = {
  ...groups,
  issuer: 'https://id.example.com',
  audience: 'a',
  usernameClaim: 'sub',
  groupsClaim: 'groups',
  clockSkewSeconds: 0,
};

async function namesOf(change: Partial<Settings>): Promise<string[]> {
  const clock = createManualClock();
  const settings = { ...loadSettings({ mode: 'dev', argv: [], env: {} }), ...change };
  const runtime = {
    settings,
    clock,
    logger: silentLogger,
    failpoints: createFailpoints(),
    databaseUrl: undefined,
  };
  const clusters = createClusters({
    clusters: [{ name: 'far', source: { kubeconfigPath: '/nowhere' } }],
    kinds: [],
    clock,
    logger: silentLogger,
  });
  const closers = createClosers(silentLogger);
  try {
    return createProviders(runtime, clusters, createRightsEvents(silentLogger), closers).map(({ name }) => name);
  } finally {
    await closers.closeAll();
    await clusters.stop();
  }
}

describe('createProviders', () => {
  it('makes what the settings name, and nothing else', async () => {
    expect(await namesOf({})).toEqual([]);
    const serviceAccounts = [{ ...groups, cluster: 'far', audiences: ['a'] }];
    expect(await namesOf({ oidc: [provider], serviceAccounts })).toEqual(['OpenID Connect', 'service accounts']);
  });

  it('asks no cluster that is none (refused)', async () => {
    const serviceAccounts = [{ ...groups, cluster: 'nowhere', audiences: ['a'] }];
    const refusal = "serviceAccounts[0].cluster: there is no cluster 'nowhere'";
    await expect(namesOf({ serviceAccounts })).rejects.toThrow(new ConfigError([refusal]));
  });
});
