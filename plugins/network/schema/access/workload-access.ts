import { podTypeRef, serviceTypeRef, workloadTypeRef } from 'longshore/plugins/compute';
import {
  kubernetesObjectRef,
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  registerEnum,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import { mayMakeBalancer } from '../../services/access/access-rights.ts';
import { type NetworkWay, networkWays, networkWaysOf } from '../../services/access/network-ways.ts';
import { type AccessEntry, type AccessPort, readAccess } from '../../services/access/read-access.ts';
import { readLbOption } from '../../services/services/lb-annotations.ts';
import { servicesOfWorkload } from '../../services/services/service-workloads.ts';

const entryRef: TypeRef<AccessEntry> = typeRef<AccessEntry>('WorkloadAccessEntry');
const portRef: TypeRef<AccessPort> = typeRef<AccessPort>('WorkloadAccessPort');
const wayRef: TypeRef<NetworkWay> = typeRef<NetworkWay>('NetworkWay');

/** How a workload is reached, and what it reaches (NET-06, NET-09, NET-14). */
export function registerWorkloadAccess(builder: LongshoreBuilder): void {
  registerPort(builder);
  registerEntry(builder);
  registerWay(builder);
  builder.interfaceField(workloadTypeRef, 'access', (t) =>
    t.field({
      type: [entryRef],
      nullable: true,
      description:
        'Services that lead to its pods, by name: its access settings, as `setWorkloadAccess` takes them, and the others.',
      resolve: (workload, _args, context) => {
        const { cluster } = workload[origin];
        const profile = context.services.profiles.at({ cluster, namespace: workload.metadata.namespace });
        return mapMaybe(servicesOfWorkload(context.kube(cluster), workload), (services) => [
          ...readAccess(workload, services, profile),
        ]);
      },
    }),
  );
  builder.interfaceField(workloadTypeRef, 'networkWays', (t) =>
    t.field({
      type: [wayRef],
      nullable: true,
      description:
        'The four ways to its pods and out of them (NET-14): Services inside the cluster, load balancers, SNAT of a NAT gateway, elastic IPs; as far as you may see what makes them.',
      resolve: (workload, _args, context) => mapMaybe(networkWaysOf(workload, context), (ways) => [...ways]),
    }),
  );
  builder.interfaceField(workloadTypeRef, 'canCreateLoadBalancer', (t) =>
    t.boolean({
      description:
        'Whether you may have a load balancer made for it; otherwise its access settings take those that are there (`existingId`). By `lb.createBy` of the profile.',
      resolve: (workload, _args, context) => mayMakeBalancer(workload, context),
    }),
  );
}

function registerPort(builder: LongshoreBuilder): void {
  builder.objectType(portRef, {
    description: 'A port at which a workload is reached.',
    fields: (t) => ({
      name: t.string({
        nullable: true,
        description: 'Its name; null where it has none.',
        resolve: ({ name }) => name ?? null,
      }),
      protocol: t.exposeString('protocol', { description: '`TCP`, `UDP`, `SCTP`, `HTTP` or `HTTPS`.' }),
      port: t.exposeInt('port', { description: 'Port of the Service or its load balancer, 1 to 65535.' }),
      targetPort: t.field({
        type: 'IntOrString',
        description: 'Port of the containers, or the name that they give it.',
        resolve: ({ targetPort }) => targetPort,
      }),
      nodePort: t.int({
        nullable: true,
        description: 'Port of every node that leads there; null where there is none.',
        resolve: ({ nodePort }) => nodePort ?? null,
      }),
      hasHealthCheck: t.boolean({
        nullable: true,
        description:
          'Whether its load balancer checks what is behind it; null without one, and where the platform has no word for it.',
        resolve: ({ hasHealthCheck }) => hasHealthCheck ?? null,
      }),
      addresses: t.stringList({
        description:
          '`address:port` of its load balancer, none until it has one; without a load balancer `<service>.<namespace>.svc.cluster.local:<port>`.',
        resolve: ({ addresses }) => [...addresses],
      }),
    }),
  });
}

function registerEntry(builder: LongshoreBuilder): void {
  builder.objectType(entryRef, {
    description: 'A Service that leads to the pods of a workload.',
    fields: (t) => ({
      name: t.string({ description: 'Its name.', resolve: ({ service }) => service.metadata.name }),
      way: t.field({
        type: named('WorkloadAccessWay'),
        description: 'From where the workload is reached by it.',
        resolve: ({ way }) => way as never,
      }),
      isSetting: t.exposeBoolean('isSetting', {
        description:
          'Whether it is an access setting of this workload: `setWorkloadAccess` takes away those that it is not told of. Others it leaves alone, until an entry has their name.',
      }),
      ports: t.field({ type: [portRef], description: 'Its ports.', resolve: ({ ports }) => [...ports] }),
      existingId: t.string({
        nullable: true,
        description: 'Id of the load balancer that was there before; null where it has one of its own, or none.',
        resolve: ({ service }, _args, { services }) => {
          if (service.spec?.type !== 'LoadBalancer') return null;
          const { annotations, namespace } = service.metadata;
          const profile = services.profiles.at({ cluster: service[origin].cluster, namespace });
          return readLbOption(annotations, 'LOAD_BALANCER_ID', profile) || null;
        },
      }),
      algorithm: t.string({
        nullable: true,
        description:
          'How its load balancer spreads requests: a `LoadBalancingAlgorithm`, or the platform’s own word. Null without one, and where the platform has no word for it.',
        resolve: ({ service }, _args, { services }) => {
          if (service.spec?.type !== 'LoadBalancer') return null;
          const { annotations, namespace } = service.metadata;
          const profile = services.profiles.at({ cluster: service[origin].cluster, namespace });
          return readLbOption(annotations, 'ALGORITHM', profile) ?? null;
        },
      }),
      service: t.field({ type: serviceTypeRef, description: 'The whole of it.', resolve: ({ service }) => service }),
    }),
  });
}

function registerWay(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NetworkWayKind', 'A way to pods or from them.', networkWays);
  registerEnum(builder, 'NetworkWayDirection', 'Where a way leads.', {
    IN: 'To the pods.',
    OUT: 'From the pods to the Internet.',
    BOTH: 'Both.',
  });
  builder.objectType(wayRef, {
    description: 'A way to the pods of a workload or from them.',
    fields: (t) => ({
      way: t.field({ type: named('NetworkWayKind'), description: 'Which one.', resolve: ({ way }) => way as never }),
      direction: t.field({
        type: named('NetworkWayDirection'),
        description: 'Where it leads.',
        resolve: ({ direction }) => direction as never,
      }),
      addresses: t.stringList({
        description:
          '`address:port` by which they are reached, or the address by which they go out; empty while there is none.',
        resolve: ({ addresses }) => [...addresses],
      }),
      pods: t.field({
        type: [podTypeRef],
        nullable: true,
        description: 'Whose way it is: pods behind an SNAT rule or an elastic IP; null for a way that is that of all.',
        resolve: ({ pods }) => (pods ? [...pods] : null),
      }),
      object: t.field({
        type: kubernetesObjectRef,
        description: 'What makes it so: a Service, Gateway, SNAT rule or elastic IP.',
        resolve: ({ object }) => object as never,
      }),
    }),
  });
}
