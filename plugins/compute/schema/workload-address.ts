import { type LongshoreBuilder, mapMaybe, named, origin, registerEnum, typeRef } from 'longshore/sdk';
import { ingressTypeRef, serviceTypeRef, workloadTypeRef } from '../api.ts';
import { ingressesTo, servicesSelecting } from '../services/addresses/find-entries.ts';
import { addressesOf, addressWays, type WorkloadAddress } from '../services/addresses/workload-addresses.ts';
import { templateOf } from '../services/workload-facts.ts';

const addressRef = typeRef<WorkloadAddress>('WorkloadAddress');

/** Where a workload is reached: the entry of an application (CMP-82). */
export function registerWorkloadAddress(builder: LongshoreBuilder): void {
  registerEnum(builder, 'WorkloadAddressWay', 'By what a workload is reached.', addressWays);
  builder.objectType(addressRef, {
    description: 'One way by which a workload is reached.',
    fields: (t) => ({
      way: t.field({ type: named('WorkloadAddressWay'), description: 'By what.', resolve: (row) => row.way as never }),
      scope: t.field({ type: named('AddressScope'), description: 'From where.', resolve: (row) => row.scope as never }),
      host: t.string({
        nullable: true,
        description:
          'IP address or DNS name, of names in the cluster without its domain; null for any node, and for an Ingress for any host that has no address yet.',
        resolve: (row) => row.host ?? null,
      }),
      port: t.int({
        nullable: true,
        description: 'Port there, 1 to 65535; null for an instance whose Service names none.',
        resolve: (row) => row.port ?? null,
      }),
      protocol: t.exposeString('protocol', { description: '`TCP`, `UDP` or `SCTP`.' }),
      path: t.string({
        nullable: true,
        description: 'Path that the Ingress leads there; null for all else.',
        resolve: (row) => row.path ?? null,
      }),
      isTls: t.exposeBoolean('isTls', {
        description: 'Whether TLS is spoken there: by the Ingress, or by what the port of the Service is called.',
      }),
      url: t.string({
        nullable: true,
        description: 'The same as a URL, where it is known that HTTP or HTTPS is spoken there.',
        resolve: (row) => row.url ?? null,
      }),
      service: t.field({
        type: serviceTypeRef,
        description: 'The Service that sends its traffic to the pods.',
        resolve: (row) => row.service,
      }),
      ingress: t.field({
        type: ingressTypeRef,
        nullable: true,
        description: 'The Ingress that leads to the Service; null for all else.',
        resolve: (row) => row.ingress ?? null,
      }),
      instance: t.string({
        nullable: true,
        description: 'Name of the pod that alone is reached there; null where any of its pods is.',
        resolve: (row) => row.instance ?? null,
      }),
    }),
  });
  builder.interfaceField(workloadTypeRef, 'addresses', (t) =>
    t.field({
      type: [addressRef],
      nullable: true,
      description:
        'Where it is reached, from outside first: by Ingresses and Services that select its pods, and by names of single instances; as far as you may see these, at most 1,000 (CMP-82).',
      resolve: (workload, _args, context) => {
        const { namespace = '' } = workload.metadata;
        const labels = templateOf(workload)?.metadata?.labels ?? {};
        const reader = context.kube(workload[origin].cluster);
        return mapMaybe(servicesSelecting(reader, namespace, labels), (services) =>
          mapMaybe(ingressesTo(reader, namespace, services), (ingresses) => [
            ...addressesOf(workload, services, ingresses),
          ]),
        ) as never;
      },
    }),
  );
}
