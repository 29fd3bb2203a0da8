import type { AuthenticationProvider } from '../access/authentication-provider.ts';
import { createOidcTokens } from '../access/oidc/create-oidc-tokens.ts';
import type { RightsEvents } from '../access/rights-events.ts';
import { createServiceAccountTokens } from '../access/service-accounts/create-service-account-tokens.ts';
import { ConfigError } from '../config/config-error.ts';
import { createEgressClient } from '../kernel/egress-client.ts';
import type { KubeClusters } from '../kube/kube-cluster.ts';
import type { Closers } from './close-all.ts';
import type { Runtime } from './runtime.ts';

/** The ways of signing in where somebody else keeps the identities. Throws `ConfigError` for a cluster that is none. */
export function createProviders(
  runtime: Runtime,
  clusters: KubeClusters,
  rights: RightsEvents,
  closers: Closers,
): readonly AuthenticationProvider[] {
  return [...oidcTokens(runtime, rights, closers), ...serviceAccountTokens(runtime, clusters, rights)];
}

function oidcTokens({ settings, clock, logger }: Runtime, rights: RightsEvents, closers: Closers) {
  if (settings.oidc.length === 0) return [];
  // Where its keys are, the provider says: an address like any that a user can set.
  const egress = createEgressClient({ allow: settings.egress.allow, clock });
  const oidc = createOidcTokens({ issuers: settings.oidc, egress, clock, logger, rights });
  closers.add('identity providers', async () => {
    oidc.stop();
    await egress.close();
  });
  return [oidc];
}

function serviceAccountTokens({ settings, clock, logger }: Runtime, clusters: KubeClusters, rights: RightsEvents) {
  const { serviceAccounts } = settings;
  if (serviceAccounts.length === 0) return [];
  const unknown = serviceAccounts.flatMap(({ cluster }, index) =>
    clusters.get(cluster) ? [] : [`serviceAccounts[${index}].cluster: there is no cluster '${cluster}'`],
  );
  if (unknown.length > 0) throw new ConfigError(unknown);
  const review = async (name: string, token: string, audiences: readonly string[]) =>
    clusters.get(name)?.reviewToken(token, audiences);
  return [createServiceAccountTokens({ clusters: serviceAccounts, review, clock, logger, rights })];
}
