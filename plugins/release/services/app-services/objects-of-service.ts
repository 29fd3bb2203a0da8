import {
  anyWorkloadKinds,
  type PodObject,
  podKind,
  type ServiceObject,
  serviceKind,
  type WorkloadObject,
} from 'longshore/plugins/compute';
import { allMaybe, type ClusterReader, type KindRef, type ListRows, type MaybePromise, mapMaybe } from 'longshore/sdk';
import type { AppService } from '../../api.ts';
import { serviceLabel } from '../../engines/engine.ts';

/** What of a kind carries a service's label, as far as the reader sees it. */
function labelled<T>(
  { namespace, name }: Pick<AppService, 'namespace' | 'name'>,
  kind: KindRef<T>,
  reader: ClusterReader,
): MaybePromise<ListRows<never>> {
  const options = { namespaces: [namespace], labelSelector: `${serviceLabel}=${name}` };
  return reader.list(kind, options) as MaybePromise<ListRows<never>>;
}

export const podsOfService = (service: AppService, reader: ClusterReader): MaybePromise<ListRows<PodObject>> =>
  labelled(service, podKind, reader);

export const servicesOfService = (service: AppService, reader: ClusterReader): MaybePromise<ListRows<ServiceObject>> =>
  labelled(service, serviceKind, reader);

/** The workloads that releases made of it, without those that another workload makes. */
export function workloadsOfService(
  service: Pick<AppService, 'namespace' | 'name'>,
  reader: ClusterReader,
): MaybePromise<ListRows<WorkloadObject>> {
  const lists = anyWorkloadKinds.map((kind) => labelled(service, kind, reader));
  return mapMaybe(allMaybe(lists), (all) => ({
    items: all
      .flatMap(({ items }) => items as readonly WorkloadObject[])
      .filter(({ metadata }) => !metadata.ownerReferences?.some(({ controller }) => controller)),
    problems: all.flatMap(({ problems = [] }) => problems).filter(({ code }) => code !== 'CAPABILITY_MISSING'),
  }));
}
