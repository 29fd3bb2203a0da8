import { workspaceTypeRef } from 'longshore/plugins/core';
import { type LongshoreBuilder, type TypeRef, typeRef } from 'longshore/sdk';
import { type NatQuota, natQuotaOf } from '../../services/nat/nat-quota.ts';
import { findOwner } from '../../services/ownership/owner.ts';

const quotaRef: TypeRef<NatQuota> = typeRef<NatQuota>('NatGatewayQuota');

/** How many gateways a workspace may have (NET-39). */
export function registerNatQuota(builder: LongshoreBuilder): void {
  builder.objectType(quotaRef, {
    description: 'How many NAT gateways there are in a cluster, and how many there may be.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      used: t.exposeInt('used', { description: 'How many the workspace has there.' }),
      limit: t.exposeInt('limit', { nullable: true, description: 'How many it may have there; null for no limit.' }),
    }),
  });
  builder.objectField(workspaceTypeRef, 'natGatewayQuotas', (t) =>
    t.field({
      type: [quotaRef],
      description: 'How many NAT gateways it has and may have, for each cluster that has VPCs (NET-39).',
      resolve: async ({ id }, _args, context) => {
        const owner = await findOwner(id, context);
        const clusters = context.clusters.all.filter(({ capabilities }) =>
          capabilities.some(({ name, isInstalled }) => name === 'vpc-network' && isInstalled),
        );
        return Promise.all(clusters.map(({ name }) => natQuotaOf(name, owner, context)));
      },
    }),
  );
}
