import { podTypeRef, workloadTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, named } from 'longshore/sdk';
import { networkModeOf, podPartsOf } from '../../services/nat/network-mode.ts';

/** How pods and workloads are on the network (NET-41). */
export function registerNetworkMode(builder: LongshoreBuilder): void {
  builder.objectField(podTypeRef, 'networkMode', (t) =>
    t.field({
      type: named('NetworkMode'),
      description:
        'How it is on the network (NET-41). A single address that was asked for cannot be told from a given one once it is allocated; one of a pool can.',
      resolve: (pod) => networkModeOf(pod as never) as never,
    }),
  );
  builder.interfaceField(workloadTypeRef, 'networkMode', (t) =>
    t.field({
      type: named('NetworkMode'),
      nullable: true,
      description: 'How its pods are on the network (NET-41); null for what makes none.',
      resolve: (workload) => {
        const parts = podPartsOf(workload);
        return (parts ? networkModeOf(parts) : null) as never;
      },
    }),
  );
}
