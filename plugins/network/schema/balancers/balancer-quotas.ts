import { type LongshoreBuilder, registerQuery, subjectOf, systemPrincipal, type TypeRef, typeRef } from 'longshore/sdk';
import { lbPublicAddressQuota, lbQuota } from '../../profile-keys/balancers.ts';
import { countBalancers } from '../../services/balancers/balancer-classes.ts';
import {
  type GatewayClassObject,
  type GatewayObject,
  gatewayClassKind,
  gatewayKind,
} from '../../services/balancers/gateway-kinds.ts';

interface Quota {
  readonly cluster: string;
  readonly isOffered: boolean;
  readonly loadBalancers: number;
  readonly loadBalancerLimit: number | null;
  readonly publicAddresses: number;
  readonly publicAddressLimit: number | null;
  readonly listeners: number;
}

const quotaRef: TypeRef<Quota> = typeRef<Quota>('LoadBalancerQuota');

/** How many load balancers and public addresses each cluster has, and may have (NET-23). */
export function registerBalancerQuotas(builder: LongshoreBuilder): void {
  builder.objectType(quotaRef, {
    description:
      'How many load balancers a cluster has, and may have by the profile. Counted are all, also those you may not see.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'The cluster.' }),
      isOffered: t.exposeBoolean('isOffered', { description: 'Whether the cluster has the Gateway API.' }),
      loadBalancers: t.exposeInt('loadBalancers', { description: 'How many there are.' }),
      loadBalancerLimit: t.exposeInt('loadBalancerLimit', {
        nullable: true,
        description: 'How many there may be (`lb.quota`); null: no limit.',
      }),
      publicAddresses: t.exposeInt('publicAddresses', {
        description: 'How many of them are public, each with an address of its own.',
      }),
      publicAddressLimit: t.exposeInt('publicAddressLimit', {
        nullable: true,
        description: 'How many public ones there may be (`lb.publicAddressQuota`); null: no limit.',
      }),
      listeners: t.exposeInt('listeners', { description: 'How many listeners they have together.' }),
    }),
  });
  registerQuery(builder, {
    name: 'loadBalancerQuotas',
    description: 'Use and limit of load balancers and public addresses, cluster by cluster.',
    allow: { action: 'READ', subject: subjectOf(gatewayKind) },
    type: [quotaRef],
    args: (t) => ({
      cluster: t.string({ description: 'Only of this cluster; of all that you may see where it is not set.' }),
      namespace: t.string({
        description: "Whose workspace's profile gives the limits; the clusters' own where it is not set.",
      }),
    }),
    resolve: ({ cluster, namespace }, context): Promise<Quota[]> =>
      Promise.all(
        context.clusters.all
          .filter(({ name }) => !cluster || name === cluster)
          .map(async (each) => {
            const reader = each.reader(systemPrincipal, context.signal);
            const gateways = (await reader.list(gatewayKind)).items as readonly GatewayObject[];
            const classes = (await reader.list(gatewayClassKind)).items as readonly GatewayClassObject[];
            const { all, publicOnes, listeners } = countBalancers(gateways, classes);
            const profile = context.services.profiles.at({
              cluster: each.name,
              ...(namespace ? { namespace } : {}),
            });
            return {
              cluster: each.name,
              isOffered: each.serves(gatewayKind),
              loadBalancers: all,
              loadBalancerLimit: profile.get(lbQuota),
              publicAddresses: publicOnes,
              publicAddressLimit: profile.get(lbPublicAddressQuota),
              listeners,
            };
          }),
      ),
  });
}
