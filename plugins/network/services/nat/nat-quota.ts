import { QuotaExceededError, type RequestContext, systemPrincipal } from 'longshore/sdk';
import { natQuotaPerCluster } from '../../profile-keys/nat.ts';
import { type Owner, ownerOf, profilePlaceOf } from '../ownership/owner.ts';
import { natGatewayKind } from './nat-kinds.ts';

/** How many NAT gateways a workspace has in a cluster, and how many it may have there (NET-39). */
export interface NatQuota {
  readonly cluster: string;
  readonly used: number;
  readonly limit: number | null;
}

export async function natQuotaOf(
  cluster: string,
  owner: Owner | undefined,
  context: RequestContext,
): Promise<NatQuota> {
  const limit = context.services.profiles.at(profilePlaceOf(cluster, owner)).get(natQuotaPerCluster);
  const { items } = await context.cluster(cluster).reader(systemPrincipal, context.signal).list(natGatewayKind);
  const used = items.filter(({ metadata }) => ownerOf(metadata)?.uuid === owner?.uuid).length;
  return { cluster, used, limit };
}

/** Throws `QuotaExceededError` where there may be none more. */
export async function requireNatQuota(
  cluster: string,
  owner: Owner | undefined,
  context: RequestContext,
): Promise<void> {
  const { used, limit } = await natQuotaOf(cluster, owner, context);
  if (limit === null || used < limit) return;
  throw new QuotaExceededError(
    `There are ${used} NAT gateways in cluster '${cluster}' already, of ${limit} that the workspace may have.`,
  );
}
