import type { AuthenticationProvider } from '../access/authentication-provider.ts';
import { createOidcTokens } from '../access/oidc/create-oidc-tokens.ts';
import type { RightsEvents } from '../access/rights-events.ts';
import { createEgressClient } from '../kernel/egress-client.ts';
import type { Closers } from './close-all.ts';
import type { Runtime } from './runtime.ts';

/** The ways of signing in where somebody else keeps the identities. */
export function createProviders(
  { settings, clock, logger }: Runtime,
  rights: RightsEvents,
  closers: Closers,
): readonly AuthenticationProvider[] {
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
