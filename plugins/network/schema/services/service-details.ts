import {
  clusterNodeTypeRef,
  nodeKind,
  podKind,
  podTypeRef,
  type ServiceObject,
  serviceTypeRef,
  type WorkloadObject,
  workloadTypeRef,
} from 'longshore/plugins/compute';
import { applicationLabel, descriptionAnnotation } from 'longshore/plugins/core';
import {
  idOfObject,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  readObject,
  relatedRows,
  relationField,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import {
  type EndpointPort,
  endpointsOfService,
  type ServiceEndpoint,
} from '../../services/services/endpoints-of-service.ts';
import { type SeenService, wordOfService } from '../../services/services/seen-service.ts';
import { accessAddressOf, dnsNameOf, portMappingsOfService } from '../../services/services/service-columns.ts';
import { serviceLeads } from '../../services/services/service-leads.ts';
import { servicesOfWorkload, workloadsOfService } from '../../services/services/service-workloads.ts';

const endpointRef: TypeRef<ServiceEndpoint> = typeRef<ServiceEndpoint>('ServiceEndpoint');
const endpointPortRef: TypeRef<EndpointPort> = typeRef<EndpointPort>('ServiceEndpointPort');

/** What a console shows of a Service beyond its spec (NET-05, NET-09, NET-12). */
export function registerServiceDetails(builder: LongshoreBuilder): void {
  registerEndpoint(builder);
  registerColumns(builder);
  builder.objectField(serviceTypeRef, 'endpoints', (t) =>
    t.field({
      type: [endpointRef],
      nullable: true,
      description:
        'Where it sends traffic, as the cluster says: by pod, then by address, at most 1,000; null where its EndpointSlices cannot be read.',
      resolve: (service, _args, context) =>
        mapMaybe(endpointsOfService(context.kube(service[origin].cluster), service), (found) => [...found]),
    }),
  );
  builder.objectField(serviceTypeRef, 'readyEndpointCount', (t) =>
    t.int({
      nullable: true,
      description: 'How many of its endpoints are ready; null where its EndpointSlices cannot be read.',
      resolve: (service, _args, context) =>
        mapMaybe(
          endpointsOfService(context.kube(service[origin].cluster), service),
          (found) => found.filter(({ isReady }) => isReady).length,
        ),
    }),
  );
  builder.objectField(
    serviceTypeRef,
    'workloads',
    (t) =>
      relationField<ServiceObject, WorkloadObject>(builder, t as never, {
        description: 'Workloads whose pods its selector finds, without those that another workload owns (NET-12).',
        of: 'Workload',
        rows: (service, context) =>
          relatedRows(context, service[origin].cluster, (reader) => workloadsOfService(reader, service)),
      }) as never,
  );
  builder.objectField(serviceTypeRef, 'exposedBy', (t) =>
    t.field({
      type: [kubernetesObjectRef],
      nullable: true,
      description:
        'What leads requests to it, such as Ingresses and routes of backend groups, as far as you may see it: as long as there is any it is not deleted.',
      resolve: (service, _args, context) =>
        mapMaybe(serviceLeads(context.kube(service[origin].cluster), service), (leads) => [
          ...new Map(leads.map(({ from }): [string, KubeObject] => [idOfObject(from), from])).values(),
        ]) as never,
    }),
  );
  builder.interfaceField(
    workloadTypeRef,
    'services',
    (t) =>
      relationField<WorkloadObject, ServiceObject>(builder, t as never, {
        description: 'Services that lead to its pods, by the labels that its template gives them.',
        of: 'Service',
        rows: (workload, context) =>
          relatedRows(context, workload[origin].cluster, (reader) => servicesOfWorkload(reader, workload)),
      }) as never,
  );
}

function registerColumns(builder: LongshoreBuilder): void {
  builder.objectField(serviceTypeRef, 'formType', (t) =>
    t.field({
      type: named('ServiceFormType'),
      nullable: true,
      description: 'What forms call it; null for a type that no form knows (NET-01).',
      resolve: (service) => (wordOfService(service as unknown as SeenService) ?? null) as never,
    }),
  );
  builder.objectField(serviceTypeRef, 'description', (t) =>
    t.string({
      nullable: true,
      description: 'What it is for, from its annotation `longshore.dev/description`.',
      resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? null,
    }),
  );
  builder.objectField(serviceTypeRef, 'applicationName', (t) =>
    t.string({
      nullable: true,
      description: 'Application that it is part of, by the label of the profile (`label.application`).',
      resolve: ({ metadata, [origin]: { cluster } }, _args, { services }) => {
        const label = services.profiles.at({ cluster, namespace: metadata.namespace }).get(applicationLabel);
        return (label === null ? undefined : metadata.labels?.[label]) ?? null;
      },
    }),
  );
  builder.objectField(serviceTypeRef, 'accessAddress', (t) =>
    t.string({
      nullable: true,
      description:
        'The one address that a list shows: that of its load balancer, else its address in the cluster, or the host it is another name for; null where it has none (NET-09, NET-12).',
      resolve: (service) => accessAddressOf(service) ?? null,
    }),
  );
  builder.objectField(serviceTypeRef, 'portMappings', (t) =>
    t.stringList({
      description: 'Its ports as a list shows them, e.g. `80->8080 / TCP` (NET-12).',
      resolve: (service) => portMappingsOfService(service),
    }),
  );
  builder.objectField(serviceTypeRef, 'dnsName', (t) =>
    t.string({
      description: 'Its name in DNS, for pods of its cluster (NET-09).',
      args: {
        domain: t.arg.string({
          required: true,
          defaultValue: 'cluster.local',
          description: 'The domain of the cluster, which only its administrators know; none where it is empty.',
        }),
      },
      resolve: (service, { domain }) => dnsNameOf(service, domain),
    }),
  );
}

function registerEndpoint(builder: LongshoreBuilder): void {
  builder.objectType(endpointPortRef, {
    description: 'A port at which an endpoint takes traffic.',
    fields: (t) => ({
      name: t.string({
        nullable: true,
        description: "The Service's port that leads to it; null for the only one.",
        resolve: ({ name }) => name ?? null,
      }),
      protocol: t.exposeString('protocol', { description: '`TCP`, `UDP` or `SCTP`.' }),
      port: t.int({ nullable: true, description: 'Its number; null for all.', resolve: ({ port }) => port ?? null }),
    }),
  });
  builder.objectType(endpointRef, {
    description: 'Where a Service sends traffic (discovery.k8s.io/v1).',
    fields: (t) => ({
      addresses: t.stringList({
        description: 'Its addresses, all of one IP family, or its host.',
        resolve: ({ addresses }) => [...addresses],
      }),
      hostname: t.string({
        nullable: true,
        description: 'Its name below that of the Service, where it has one.',
        resolve: ({ hostname }) => hostname ?? null,
      }),
      isReady: t.exposeBoolean('isReady', { description: 'Whether traffic is sent to it.' }),
      isServing: t.exposeBoolean('isServing', {
        description: 'Whether it could answer, also while it is terminating.',
      }),
      isTerminating: t.exposeBoolean('isTerminating', { description: 'Whether it is being deleted.' }),
      nodeName: t.string({
        nullable: true,
        description: 'Name of its node.',
        resolve: ({ nodeName }) => nodeName ?? null,
      }),
      node: t.field({
        type: clusterNodeTypeRef,
        nullable: true,
        description: 'Its node; null where it has none, or none that you may see.',
        resolve: ({ cluster, nodeName }, _args, context) =>
          nodeName ? readObject(context, nodeKind, cluster, undefined, nodeName) : null,
      }),
      zone: t.string({ nullable: true, description: 'The zone it is in.', resolve: ({ zone }) => zone ?? null }),
      pod: t.field({
        type: podTypeRef,
        nullable: true,
        description: 'Its pod; null where it is something else.',
        resolve: ({ cluster, namespace, pod }, _args, context) =>
          pod ? readObject(context, podKind, cluster, namespace, pod) : null,
      }),
      ports: t.field({
        type: [endpointPortRef],
        description: 'Where it takes traffic.',
        resolve: ({ ports }) => [...ports],
      }),
    }),
  });
}
