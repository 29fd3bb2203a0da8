import { answerOf, errorRef, type LongshoreBuilder, type TypeRef, typeRef } from 'longshore/sdk';
import type { V1Gateway } from '../../services/balancers/gateway-kinds.ts';
import type { ClusterResult } from '../../services/clusters/make-in-clusters.ts';
import { loadBalancerRef } from './balancer-types.ts';

/** What became of one load balancer of several. */
export interface BalancerResult extends ClusterResult<V1Gateway> {
  readonly name: string;
}

export const balancerResultRef: TypeRef<BalancerResult> = typeRef<BalancerResult>('LoadBalancerResult');

export function registerBalancerResult(builder: LongshoreBuilder): void {
  builder.enumType('OfferedLoadBalancerType', {
    description: 'From where a new load balancer shall be reached.',
    values: {
      PUBLIC: { description: 'From outside.' },
      INTERNAL: { description: 'From inside the network alone.' },
    } as const,
  });
  builder.objectType(balancerResultRef, {
    description: 'What became of one load balancer of several.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Its cluster.' }),
      name: t.exposeString('name', { description: 'Its name.' }),
      ok: t.boolean({ description: 'Whether it is made.', resolve: ({ object }) => object !== undefined }),
      loadBalancer: t.field({
        type: loadBalancerRef,
        nullable: true,
        description: 'The load balancer; in a dry run as it would be. Null where it was not made, or is gone again.',
        resolve: ({ object }) => object ?? null,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'Why it was not made; null where it was.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
    }),
  });
}
