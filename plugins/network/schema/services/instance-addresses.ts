import { workloadTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, mapMaybe, origin, type TypeRef, typeRef } from 'longshore/sdk';
import {
  type InstanceAddress,
  instanceAddressesOf,
  podsOfWorkload,
} from '../../services/services/instance-addresses.ts';

const addressRef: TypeRef<InstanceAddress> = typeRef<InstanceAddress>('InstanceAddress');

/** The name service: addresses of a workload's instances (NET-43). */
export function registerInstanceAddresses(builder: LongshoreBuilder): void {
  builder.objectType(addressRef, {
    description: 'Where a port of one instance of a workload is reached.',
    fields: (t) => ({
      instance: t.exposeString('instance', { description: 'Name of its pod.' }),
      port: t.exposeInt('port', { description: 'Port of its container, 1 to 65535.' }),
      protocol: t.exposeString('protocol', { description: '`TCP`, `UDP` or `SCTP`.' }),
      privateAddress: t.exposeString('privateAddress', { description: '`address:port` inside the cluster.' }),
      publicAddress: t.string({
        nullable: true,
        description: '`address:port` of its node that leads there; null in an overlay network.',
        resolve: ({ publicAddress }) => publicAddress ?? null,
      }),
    }),
  });
  builder.interfaceField(workloadTypeRef, 'instanceAddresses', (t) =>
    t.field({
      type: [addressRef],
      nullable: true,
      description:
        'Addresses of the ports that its pods announce, by pod, as far as you may see these; none of pods that have no address yet (NET-43).',
      args: {
        port: t.arg.int({ description: 'Only of this port of containers.' }),
        protocol: t.arg.string({ description: 'Only of this protocol, e.g. `tcp`.' }),
        instance: t.arg.string({ description: 'Only of the pod with this name.' }),
      },
      resolve: (workload, filter, context) =>
        mapMaybe(podsOfWorkload(context.kube(workload[origin].cluster), workload), (pods) => [
          ...instanceAddressesOf(pods, filter),
        ]) as never,
    }),
  );
}
