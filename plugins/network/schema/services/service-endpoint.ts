import { clusterNodeTypeRef, nodeKind, podKind, podTypeRef } from 'longshore/plugins/compute';
import {
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  type RequestContext,
  readObject,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import type { EndpointPort, ServiceEndpoint } from '../../services/services/endpoints-of-service.ts';
import { type NotReady, whyNotReady } from '../../services/services/why-not-ready.ts';

export const serviceEndpointRef: TypeRef<ServiceEndpoint> = typeRef<ServiceEndpoint>('ServiceEndpoint');
const endpointPortRef: TypeRef<EndpointPort> = typeRef<EndpointPort>('ServiceEndpointPort');

function reasonOf(
  { cluster, namespace, pod, isReady }: ServiceEndpoint,
  context: RequestContext,
): MaybePromise<NotReady | undefined> {
  if (isReady || !pod) return undefined;
  return mapMaybe(context.kube(cluster).get(podKind, namespace, pod), (found) => found && whyNotReady(found));
}

/** Where Services send traffic (NET-05). */
export function registerServiceEndpoint(builder: LongshoreBuilder): void {
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
  builder.objectType(serviceEndpointRef, {
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
      notReadyReason: t.string({
        nullable: true,
        description:
          'Why its pod gets no traffic, in one word of the cluster, e.g. `ContainersNotReady`; null where it is ready, or no pod that you may see.',
        resolve: (endpoint, _args, context) => mapMaybe(reasonOf(endpoint, context), (why) => why?.reason ?? null),
      }),
      notReadyMessage: t.string({
        nullable: true,
        description: 'The same in a sentence.',
        resolve: (endpoint, _args, context) => mapMaybe(reasonOf(endpoint, context), (why) => why?.message ?? null),
      }),
      ports: t.field({
        type: [endpointPortRef],
        description: 'Where it takes traffic.',
        resolve: ({ ports }) => [...ports],
      }),
    }),
  });
}
