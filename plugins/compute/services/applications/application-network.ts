import { type ClusterReader, type KindRef, type ListRows, type MaybePromise, mapMaybe } from 'longshore/sdk';
import {
  type Application,
  type IngressObject,
  ingressKind,
  type ServiceObject,
  serviceKind,
  type WorkloadObject,
} from '../../api.ts';
import { pathsOf } from '../ingress-paths.ts';
import { isSelectedBy } from '../label-selectors.ts';
import { templateOf } from '../workload-facts.ts';
import { belongsToApplication, type MembershipRules, workloadsOfApplication } from './application-members.ts';

/** Services of an application in the cluster of a reader: those with its label, and those that select pods of its workloads (CMP-38). */
export function servicesOfApplication(
  application: Application,
  reader: ClusterReader,
  rules: MembershipRules,
): MaybePromise<ListRows<ServiceObject>> {
  const filtered = mapMaybe(
    workloadsOfApplication(application, reader, rules),
    ({ items: workloads, problems = [] }) => {
      const members = [...workloads];
      return mapMaybe(listAround(application, members, serviceKind as KindRef, reader), (found) => ({
        items: (found.items as Iterable<unknown> as readonly ServiceObject[]).filter(
          (service) =>
            belongsToApplication(application, service, rules) ||
            members.some((workload) => isServed(service, workload)),
        ),
        problems: [...problems, ...(found.problems ?? [])],
      }));
    },
  );
  return filtered as MaybePromise<ListRows<never>>;
}

/** Ingresses of an application: those with its label, and those that lead to its Services. */
export function ingressesOfApplication(
  application: Application,
  reader: ClusterReader,
  rules: MembershipRules,
): MaybePromise<ListRows<IngressObject>> {
  const filtered = mapMaybe(servicesOfApplication(application, reader, rules), ({ items: services, problems = [] }) => {
    const members = [...services];
    const names = new Set(members.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    return mapMaybe(listAround(application, members, ingressKind as KindRef, reader), (found) => ({
      items: (found.items as Iterable<unknown> as readonly IngressObject[]).filter(
        (ingress) =>
          belongsToApplication(application, ingress, rules) ||
          pathsOf(ingress).some(({ serviceName }) => names.has(`${ingress.metadata.namespace}/${serviceName}`)),
      ),
      problems: [...problems, ...(found.problems ?? [])],
    }));
  });
  return filtered as MaybePromise<ListRows<never>>;
}

/** Whether a Service sends traffic to pods of a workload, by the labels that its template gives them. */
function isServed({ spec, metadata }: ServiceObject, workload: WorkloadObject): boolean {
  if (spec?.type === 'ExternalName' || metadata.namespace !== workload.metadata.namespace) return false;
  return isSelectedBy(spec?.selector, templateOf(workload)?.metadata?.labels);
}

/** Objects of a kind in the application's namespace, or of one of a workspace in those where it has something that they could lead to. */
function listAround(
  { namespace }: Application,
  members: readonly { readonly metadata: { readonly namespace?: string | undefined } }[],
  kind: KindRef,
  reader: ClusterReader,
): MaybePromise<ListRows<unknown>> {
  if (namespace !== null) return reader.list(kind, { namespaces: [namespace] });
  const namespaces = [...new Set(members.flatMap(({ metadata }) => metadata.namespace ?? []))];
  if (namespaces.length > 0) return reader.list(kind, { namespaces });
  return { items: [] };
}
