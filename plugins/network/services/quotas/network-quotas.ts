import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  type Cluster,
  type KindRef,
  type ProfileKey,
  QuotaExceededError,
  type RequestContext,
  systemPrincipal,
} from 'longshore/sdk';
import { lbPublicAddressQuota, lbQuota } from '../../profile-keys/balancers.ts';
import { natQuotaPerCluster } from '../../profile-keys/nat.ts';
import { vpcMaxPerCluster } from '../../profile-keys/vpc.ts';
import { typeOfClass } from '../balancers/balancer-classes.ts';
import { type GatewayObject, gatewayClassKind, gatewayKind } from '../balancers/gateway-kinds.ts';
import { natGatewayKind } from '../nat/nat-kinds.ts';
import { type Owner, ownerOf, profilePlaceOf } from '../ownership/owner.ts';
import { vpcKind } from '../vpc/kube-ovn-kinds.ts';

export type NetworkResource = 'VPC' | 'NAT_GATEWAY' | 'LOAD_BALANCER' | 'PUBLIC_ADDRESS';

/** How much of something a workspace has in a cluster, and may have there; all that is of no workspace counts together. */
export interface NetworkQuota {
  readonly cluster: string;
  readonly resource: NetworkResource;
  readonly used: number;
  /** Null for no limit. */
  readonly limit: number | null;
}

interface Counted {
  readonly words: string;
  readonly key: ProfileKey<number | null>;
  /** Without it a cluster has none of it. */
  readonly kind: KindRef;
  readonly count: (cluster: Cluster, owner: Owner | undefined, context: RequestContext) => Promise<number>;
}

const resources: Readonly<Record<NetworkResource, Counted>> = {
  VPC: { words: 'VPCs', key: vpcMaxPerCluster, kind: vpcKind as KindRef, count: countLabelled(vpcKind as KindRef) },
  NAT_GATEWAY: {
    words: 'NAT gateways',
    key: natQuotaPerCluster,
    kind: natGatewayKind as KindRef,
    count: countLabelled(natGatewayKind as KindRef),
  },
  LOAD_BALANCER: {
    words: 'load balancers',
    key: lbQuota,
    kind: gatewayKind as KindRef,
    count: async (cluster, owner, context) => (await balancersOf(cluster, owner, context)).length,
  },
  PUBLIC_ADDRESS: {
    words: 'public addresses',
    key: lbPublicAddressQuota,
    kind: gatewayKind as KindRef,
    async count(cluster, owner, context) {
      const classes = await wholeReader(cluster, context).list(gatewayClassKind);
      const types = new Map([...classes.items].map((each) => [each.metadata.name, typeOfClass(each)]));
      const balancers = await balancersOf(cluster, owner, context);
      return balancers.filter(({ spec }) => types.get(spec?.gatewayClassName ?? '') === 'PUBLIC').length;
    },
  },
};

/** What counts is there for all, whoever may see it. */
const wholeReader = (cluster: Cluster, context: RequestContext) => cluster.reader(systemPrincipal, context.signal);

function countLabelled(kind: KindRef): Counted['count'] {
  return async (cluster, owner, context) => {
    const { items } = await wholeReader(cluster, context).list(kind);
    return [...items].filter(({ metadata }) => ownerOf(metadata)?.uuid === owner?.uuid).length;
  };
}

async function balancersOf(
  cluster: Cluster,
  owner: Owner | undefined,
  context: RequestContext,
): Promise<readonly GatewayObject[]> {
  const { items } = await wholeReader(cluster, context).list(gatewayKind);
  return [...items].filter(({ metadata }) => ownerAt(cluster.name, metadata.namespace, context)?.uuid === owner?.uuid);
}

/** The workspace that a namespace is bound to. */
export function ownerAt(cluster: string, namespace: string | undefined, context: RequestContext): Owner | undefined {
  const uuid = context.service(tenancyServiceRef).bindingOf(cluster, namespace ?? '')?.workspaceUuid;
  return uuid ? { uuid, workspace: null } : undefined;
}

export async function networkQuotaOf(
  resource: NetworkResource,
  cluster: Cluster,
  owner: Owner | undefined,
  context: RequestContext,
): Promise<NetworkQuota> {
  const { key, count } = resources[resource];
  const limit = context.services.profiles.at(profilePlaceOf(cluster.name, owner)).get(key);
  return { cluster: cluster.name, resource, used: await count(cluster, owner, context), limit };
}

/** Use and limit of all that the clusters have engines for: cluster by cluster (NET-23, NET-29, NET-39). */
export async function networkQuotasOf(
  clusters: readonly Cluster[],
  owner: Owner | undefined,
  context: RequestContext,
): Promise<readonly NetworkQuota[]> {
  const asked = clusters.flatMap((cluster) =>
    (Object.keys(resources) as NetworkResource[])
      .filter((resource) => cluster.serves(resources[resource].kind))
      .map((resource) => networkQuotaOf(resource, cluster, owner, context)),
  );
  return Promise.all(asked);
}

/** Throws `QuotaExceededError` where so many more are too many. */
export async function requireNetworkQuota(
  resource: NetworkResource,
  cluster: Cluster,
  owner: Owner | undefined,
  context: RequestContext,
  more = 1,
): Promise<void> {
  const { used, limit } = await networkQuotaOf(resource, cluster, owner, context);
  if (limit === null || used + more <= limit) return;
  const whose = owner ? 'that the workspace may have' : 'that may be there without a workspace';
  throw new QuotaExceededError(
    `There are ${used} ${resources[resource].words} in cluster '${cluster.name}' already, of ${limit} ${whose}: ${more} more ${more === 1 ? 'is' : 'are'} too many.`,
  );
}
