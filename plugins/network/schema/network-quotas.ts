import { workspaceTypeRef } from 'longshore/plugins/core';
import { type LongshoreBuilder, named, registerEnum, type TypeRef, typeRef } from 'longshore/sdk';
import { findOwner } from '../services/ownership/owner.ts';
import { type NetworkQuota, networkQuotasOf } from '../services/quotas/network-quotas.ts';

const quotaRef: TypeRef<NetworkQuota> = typeRef<NetworkQuota>('NetworkQuota');

/** How much of the network a workspace has and may have, cluster by cluster (NET-23, NET-29, NET-39). */
export function registerNetworkQuotas(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NetworkResource', 'What of the network is counted against a quota.', {
    VPC: 'VPCs (`vpc.maxPerCluster` of the profile, NET-29).',
    NAT_GATEWAY: 'NAT gateways (`nat.quotaPerCluster`, NET-39).',
    LOAD_BALANCER: 'Load balancers in namespaces of the workspace (`lb.quota`, NET-23).',
    PUBLIC_ADDRESS: 'Those of them that are public, each with an address of its own (`lb.publicAddressQuota`, NET-23).',
  });
  builder.objectType(quotaRef, {
    description: 'How much of something a workspace has in a cluster, and how much it may have there.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      resource: t.field({
        type: named('NetworkResource'),
        description: 'What is counted.',
        resolve: ({ resource }) => resource as never,
      }),
      used: t.exposeInt('used', { description: 'How many it has there, also those that you may not see.' }),
      limit: t.exposeInt('limit', {
        nullable: true,
        description: 'How many it may have there by the profile; null for no limit.',
      }),
    }),
  });
  builder.objectField(workspaceTypeRef, 'networkQuotas', (t) =>
    t.field({
      type: [quotaRef],
      description:
        'What it has of the network and may have, cluster by cluster, as far as these have the engine for it (NET-23, NET-29, NET-39).',
      args: { cluster: t.arg.string({ description: 'Only in this cluster; in all where it is not set.' }) },
      resolve: async ({ id }, { cluster }, context) => {
        const owner = await findOwner(id, context);
        const clusters = context.clusters.all.filter(({ name }) => !cluster || name === cluster);
        return [...(await networkQuotasOf(clusters, owner, context))];
      },
    }),
  );
}
