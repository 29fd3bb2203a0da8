import {
  defineList,
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  registerEnum,
  relationField,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podTypeRef, serviceTypeRef } from '../api.ts';
import {
  addressScopes,
  dnsNamesOf,
  type PortAddress,
  type PortMapping,
  portMappingsOf,
} from '../services/port-mappings.ts';
import { servicesOfPod } from '../services/service-pods.ts';

const addressRef = typeRef<PortAddress>('PortAddress');
const mappingRef = typeRef<PodMapping>('PortMapping');

/** A mapping with the pod that it is of. */
interface PodMapping extends PortMapping {
  readonly pod: PodObject;
}

/** How a pod is reached (CMP-84, CMP-88). */
export function registerPortMapping(builder: LongshoreBuilder): void {
  registerEnum(builder, 'AddressScope', 'From where an address can be reached.', addressScopes);
  builder.objectType(addressRef, {
    description: 'Where a port of a pod is reached.',
    fields: (t) => ({
      scope: t.field({ type: named('AddressScope'), description: 'From where.', resolve: (row) => row.scope as never }),
      host: t.exposeString('host', {
        description: 'IP address or DNS name; names of Services without the domain of the cluster.',
      }),
      port: t.exposeInt('port', { description: 'Port there, 1 to 65535.' }),
      url: t.string({
        nullable: true,
        description: 'The same as a URL, where it is known that HTTP or HTTPS is spoken there.',
        resolve: (row) => row.url ?? null,
      }),
    }),
  });
  builder.objectType(mappingRef, {
    description: 'A port of a pod and one way by which it is reached.',
    fields: (t) => ({
      name: t.string({ nullable: true, description: "The port's name.", resolve: (row) => row.name ?? null }),
      container: t.string({
        nullable: true,
        description: 'The container that announces it; null where only a Service knows of it.',
        resolve: (row) => row.container ?? null,
      }),
      containerPort: t.exposeInt('containerPort', { description: 'Port in the pod, 1 to 65535.' }),
      protocol: t.exposeString('protocol', { description: '`TCP`, `UDP` or `SCTP`.' }),
      hostPort: t.int({
        nullable: true,
        description: 'Port of its node that leads to it.',
        resolve: (row) => row.hostPort ?? null,
      }),
      service: t.field({
        type: serviceTypeRef,
        nullable: true,
        description: 'The Service that leads to it; null where this is the pod by itself.',
        resolve: (row) => row.service ?? null,
      }),
      servicePort: t.int({
        nullable: true,
        description: 'Port of that Service.',
        resolve: (row) => row.servicePort ?? null,
      }),
      nodePort: t.int({
        nullable: true,
        description: 'Port of every node that leads to that Service.',
        resolve: (row) => row.nodePort ?? null,
      }),
      addresses: t.field({
        type: [addressRef],
        description: 'Where it is reached this way; none while the pod has no address.',
        resolve: (row) => [...row.addresses],
      }),
    }),
  });
  definePortMappingList(builder);
  builder.objectField(
    podTypeRef,
    'portMappings',
    (t) =>
      relationField<PodObject, PodMapping>(builder, t as never, {
        description:
          'Its ports and how they are reached, by port: by themselves, and once for each Service that sends traffic there, as far as you may see these (NET-44).',
        of: 'PortMapping',
        rows: (pod, context) =>
          mapMaybe(servicesOfPod(context.kube(pod[origin].cluster), pod), ({ items, problems = [] }) => ({
            items: portMappingsOf(pod, [...items]).map((mapping) => ({ ...mapping, pod })),
            problems,
          })),
      }) as never,
  );
  builder.objectField(podTypeRef, 'dnsNames', (t) =>
    t.stringList({
      nullable: true,
      description: 'Names by which other pods find it, without the domain of the cluster, e.g. `db-0.db.shop.svc`.',
      resolve: (pod, _args, context) =>
        mapMaybe(servicesOfPod(context.kube(pod[origin].cluster), pod), ({ items }) => [
          ...dnsNamesOf(pod, [...items]),
        ]),
    }),
  );
}

function definePortMappingList(builder: LongshoreBuilder): void {
  defineList(builder, {
    name: 'PortMapping',
    node: mappingRef,
    plural: 'port mappings',
    filter: (t) => ({
      port: t.int({ description: 'Only of this port of the pod.' }),
      protocol: t.string({ description: 'Only of this protocol, e.g. `tcp`.' }),
      hasHostPort: t.boolean({ description: 'Only those with a port of the node, or only those without.' }),
    }),
    matches: ({ port, protocol, hasHostPort }) => {
      const wanted = protocol?.toUpperCase();
      return (row: PodMapping) =>
        (!port || row.containerPort === port) &&
        (!wanted || row.protocol === wanted) &&
        (hasHostPort === null || hasHostPort === undefined || (row.hostPort !== undefined) === hasHostPort);
    },
    orders: {
      CONTAINER_PORT: { description: 'By port in the pod.', value: ({ containerPort }) => containerPort },
      HOST_PORT: { description: 'By port of the node.', value: ({ hostPort }) => hostPort },
    },
    place: ({ pod, containerPort, protocol, container, service, servicePort }) => ({
      cluster: pod[origin].cluster,
      namespace: pod.metadata.namespace ?? '',
      name: [padded(containerPort), protocol, service?.metadata.name ?? '', padded(servicePort ?? 0), container].join(
        '/',
      ),
    }),
  });
}

/** Numbers as texts that are in their order. */
const padded = (port: number): string => String(port).padStart(5, '0');
