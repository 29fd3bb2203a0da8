import { type IngressObject, ingressKind, type ServiceObject } from 'longshore/plugins/compute';
import { allMaybe, type ClusterReader, type KubeObject, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { backendsOf } from '../balancers/backend-groups.ts';
import { routesOfService } from '../balancers/find-groups.ts';
import { ingressBackends } from '../ingresses/ingress-backends.ts';

/** What leads requests to a Service from outside of it. */
export interface ServiceLead {
  readonly from: KubeObject;
  /** The Service's port that it names, by number or name; undefined where it means the Service as a whole. */
  readonly port: number | string | undefined;
}

/** Finds the leads of one kind, as far as the reader sees them; none where a cluster does not have the kind. */
export type FindServiceLeads = (reader: ClusterReader, service: ServiceObject) => MaybePromise<readonly ServiceLead[]>;

/** A kind that leads to Services adds its line here: then it keeps them from being deleted, and stands in `exposedBy`. */
const finders: readonly FindServiceLeads[] = [ingressLeads, routeLeads];

/** Everything that leads to a Service (P41, NET-13). */
export function serviceLeads(reader: ClusterReader, service: ServiceObject): MaybePromise<readonly ServiceLead[]> {
  return mapMaybe(allMaybe(finders.map((find) => find(reader, service))), (found) => found.flat());
}

function ingressLeads(reader: ClusterReader, { metadata }: ServiceObject): MaybePromise<readonly ServiceLead[]> {
  const found = reader.byIndex(ingressKind, 'backend', `${metadata.namespace}/${metadata.name}`);
  return mapMaybe(found, (ingresses) =>
    ingresses.flatMap((ingress: IngressObject) =>
      ingressBackends(ingress)
        .filter(({ service }) => service === metadata.name)
        .map(({ port }) => ({ from: ingress as KubeObject, port })),
    ),
  );
}

function routeLeads(reader: ClusterReader, { metadata }: ServiceObject): MaybePromise<readonly ServiceLead[]> {
  return mapMaybe(routesOfService(reader, { metadata }), (routes) =>
    routes.flatMap((route) =>
      backendsOf(route)
        .filter(({ service, namespace }) => service === metadata.name && namespace === metadata.namespace)
        .map(({ port }) => ({ from: route as KubeObject, port })),
    ),
  );
}
