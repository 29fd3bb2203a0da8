import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  registerKubernetesType,
  registerList,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type IngressObject, ingressKind, ingressTypeRef } from '../api.ts';
import { hostsOf, type IngressPath, pathsOf } from '../services/ingress-paths.ts';

const pathRef = typeRef<IngressPath>('IngressPath');

/** Ingresses: which requests from outside lead to which Service (networking.k8s.io/v1). */
export function registerIngress(builder: LongshoreBuilder): void {
  builder.objectType(pathRef, {
    description: 'Requests that an Ingress leads to one backend.',
    fields: (t) => ({
      host: t.exposeString('host', { nullable: true, description: 'Host of the requests; null for any.' }),
      path: t.exposeString('path', { nullable: true, description: 'Path of the requests; null for any.' }),
      pathType: t.exposeString('pathType', {
        nullable: true,
        description: '`Exact`, `Prefix` or `ImplementationSpecific`; null for the default backend.',
      }),
      serviceName: t.exposeString('serviceName', {
        nullable: true,
        description: 'Name of the Service in its namespace; null where the backend is something else.',
      }),
      servicePort: t.field({
        type: 'IntOrString',
        nullable: true,
        description: "The Service's port, by number or name.",
        resolve: ({ servicePort }) => servicePort,
      }),
    }),
  });
  registerKubernetesType(builder, {
    ref: ingressTypeRef,
    kind: ingressKind,
    description: 'Leads requests from outside to Services, by host and path (networking.k8s.io/v1).',
    fields: (t) => ({
      className: t.string({
        nullable: true,
        description: 'Which controller serves it; null for the default one.',
        resolve: ({ spec }) => spec?.ingressClassName ?? null,
      }),
      hosts: t.stringList({ description: 'Hosts of its rules, without duplicates.', resolve: hostsOf }),
      tlsHosts: t.stringList({
        description: 'Hosts that it serves by TLS, without duplicates.',
        resolve: ({ spec }) => [...new Set((spec?.tls ?? []).flatMap(({ hosts }) => hosts ?? []))],
      }),
      paths: t.field({
        type: [pathRef],
        description: 'What leads where; the default backend last.',
        resolve: (ingress) => pathsOf(ingress),
      }),
      addresses: t.stringList({
        description: 'Where it takes requests; empty until its controller says so.',
        resolve: ({ status }) =>
          (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
      }),
    }),
  });
  const list = defineKubernetesList<IngressObject, never>(builder, {
    name: 'Ingress',
    node: ingressTypeRef,
    plural: 'Ingresses',
    isNamespaced: true,
  } as never);
  registerList(builder, {
    name: 'ingresses',
    description: 'Ingresses of all clusters that you may see.',
    allow: { action: 'READ', subject: subjectOf(ingressKind) },
    list,
    rows: (args, context) => listKubernetesObjects([ingressKind], args as never, context) as never,
  });
}
