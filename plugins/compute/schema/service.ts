import { labelTypeRef } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  enumValue,
  type LongshoreBuilder,
  listKubernetesObjects,
  named,
  origin,
  readObject,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  subjectOf,
} from 'longshore/sdk';
import { type ServiceObject, serviceKind, serviceTypeRef } from '../api.ts';
import { podsOfService } from '../services/service-pods.ts';
import {
  loadBalancerIngressRef,
  type ServiceType,
  servicePortRef,
  serviceTypes,
  sessionAffinities,
} from './service-parts.ts';

const allow = { action: 'READ', subject: subjectOf(serviceKind) };

const rawType = ({ spec }: ServiceObject): string => spec?.type ?? 'ClusterIP';
const typeOf = (service: ServiceObject): ServiceType => enumValue(serviceTypes, rawType(service));

export function registerService(builder: LongshoreBuilder): void {
  registerServiceType(builder);
  const list = defineKubernetesList(builder, {
    name: 'Service',
    node: serviceTypeRef,
    plural: 'Services',
    isNamespaced: true,
    filter: (t) => ({ types: t.field({ type: [named('ServiceType')], description: 'Of one of these types.' }) }),
    matches(filter) {
      const types = filter.types ? new Set(filter.types as readonly ServiceType[]) : undefined;
      return (service) => !types || types.has(typeOf(service));
    },
    orders: {
      TYPE: { description: 'By type, as Kubernetes writes it.', value: rawType },
      CLUSTER_IP: { description: 'By address, as text.', value: ({ spec }) => spec?.clusterIP },
    },
  });
  registerQuery(builder, {
    name: 'service',
    description: 'One Service by its name; null where it is not there for you.',
    allow,
    type: serviceTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, namespace, name }, context) => readObject(context, serviceKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'services',
    description: 'Services of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([serviceKind], args, context),
  });
}

function registerServiceType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: serviceTypeRef,
    kind: serviceKind,
    description: 'One address in front of changing pods (core/v1).',
    fields: (t) => ({
      type: t.field({
        type: named('ServiceType'),
        description: 'From where it can be reached.',
        resolve: (service) => typeOf(service) as never,
      }),
      rawType: t.string({ description: 'The type as Kubernetes writes it.', resolve: rawType }),
      clusterIP: t.string({
        nullable: true,
        description: 'Its address in the cluster; null for a headless one and for another name.',
        resolve: ({ spec }) => (spec?.clusterIP === 'None' ? null : spec?.clusterIP || null),
      }),
      clusterIPs: t.stringList({
        description: 'All its addresses in the cluster, at most one of each IP family.',
        resolve: ({ spec }) => (spec?.clusterIPs ?? []).filter((ip) => ip !== 'None'),
      }),
      isHeadless: t.boolean({
        description: 'Whether it has no address of its own: its name in DNS leads to its pods.',
        resolve: ({ spec }) => spec?.clusterIP === 'None',
      }),
      ports: t.field({
        type: [servicePortRef],
        description: 'Its ports.',
        resolve: ({ spec }) => [...(spec?.ports ?? [])],
      }),
      selector: t.field({
        type: [labelTypeRef],
        description: 'Labels its pods have, all of them; empty where something else feeds it.',
        resolve: ({ spec }) => Object.entries(spec?.selector ?? {}).map(([key, value]) => ({ key, value })),
      }),
      externalIPs: t.stringList({
        description: 'Addresses at which nodes take traffic for it, looked after by somebody else.',
        resolve: ({ spec }) => [...(spec?.externalIPs ?? [])],
      }),
      externalName: t.string({
        nullable: true,
        description: 'The host it is another name for.',
        resolve: ({ spec }) => spec?.externalName || null,
      }),
      loadBalancerIngress: t.field({
        type: [loadBalancerIngressRef],
        description: 'Where its load balancer takes traffic; empty until there is one.',
        resolve: ({ status }) => [...(status?.loadBalancer?.ingress ?? [])],
      }),
      sessionAffinity: t.field({
        type: named('SessionAffinity'),
        description: 'Whether one caller always meets the same pod.',
        resolve: ({ spec }) => enumValue(sessionAffinities, spec?.sessionAffinity ?? 'None') as never,
      }),
      rawSessionAffinity: t.string({
        description: 'The session affinity as Kubernetes writes it.',
        resolve: ({ spec }) => spec?.sessionAffinity ?? 'None',
      }),
      externalTrafficPolicy: t.string({
        nullable: true,
        description:
          '`Local`: nodes pass traffic only to pods of their own; `Cluster`: to all. Null where none comes from outside.',
        resolve: ({ spec }) => spec?.externalTrafficPolicy ?? null,
      }),
      pods: relationField(builder, t, {
        description: 'Pods that its selector finds, ready or not; empty where something else feeds it.',
        of: 'Pod',
        rows: (service, context) =>
          relatedRows(context, service[origin].cluster, (reader) => podsOfService(reader, service)),
      }),
    }),
  });
}
