import { type ClusterReader, type ListRows, type MaybePromise, mapMaybe, printLabels } from 'longshore/sdk';
import { type PodObject, podKind, type ServiceObject, serviceKind } from '../api.ts';
import { isSelectedBy } from './label-selectors.ts';

/** Pods that a Service sends traffic to once they are ready. */
export function podsOfService(reader: ClusterReader, service: ServiceObject): MaybePromise<ListRows<PodObject>> {
  if (!hasSelector(service)) return { items: [] };
  return reader.list(podKind, {
    namespaces: [service.metadata.namespace ?? ''],
    labelSelector: printLabels(service.spec?.selector ?? {}),
  });
}

export function servicesOfPod(reader: ClusterReader, pod: PodObject): MaybePromise<ListRows<ServiceObject>> {
  const inNamespace = reader.list(serviceKind, { namespaces: [pod.metadata.namespace ?? ''] });
  return mapMaybe(inNamespace, ({ items, problems }) => ({
    items: items.filter((service) => hasSelector(service) && isSelectedBy(service.spec?.selector, pod.metadata.labels)),
    problems,
  }));
}

/** One without selector, or with a name elsewhere, is fed by others. */
function hasSelector({ spec }: ServiceObject): boolean {
  return spec?.type !== 'ExternalName' && Object.keys(spec?.selector ?? {}).length > 0;
}
