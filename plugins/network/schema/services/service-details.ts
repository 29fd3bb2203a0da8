import { type ServiceObject, serviceTypeRef, type WorkloadObject, workloadTypeRef } from 'longshore/plugins/compute';
import { applicationLabel, descriptionAnnotation } from 'longshore/plugins/core';
import {
  idOfObject,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  relatedRows,
  relationField,
} from 'longshore/sdk';
import { endpointsOfService } from '../../services/services/endpoints-of-service.ts';
import { type SeenService, wordOfService } from '../../services/services/seen-service.ts';
import { accessAddressOf, dnsNameOf, portMappingsOfService } from '../../services/services/service-columns.ts';
import { serviceLeads } from '../../services/services/service-leads.ts';
import { servicesOfWorkload, workloadsOfService } from '../../services/services/service-workloads.ts';
import { registerServiceEndpoint, serviceEndpointRef } from './service-endpoint.ts';

/** What a console shows of a Service beyond its spec (NET-05, NET-09, NET-12). */
export function registerServiceDetails(builder: LongshoreBuilder): void {
  registerServiceEndpoint(builder);
  registerColumns(builder);
  builder.objectField(serviceTypeRef, 'endpoints', (t) =>
    t.field({
      type: [serviceEndpointRef],
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
