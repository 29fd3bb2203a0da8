import { allMaybe, type ClusterReader, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { type IngressObject, ingressKind, type ServiceObject, serviceKind } from '../../api.ts';
import { pathsOf } from '../ingress-paths.ts';
import { isSelectedBy } from '../label-selectors.ts';

/** Each Service once, by the first pair of its selector: whoever has all pairs has this one. */
export const serviceIndexes = {
  selects({ metadata, spec }: ServiceObject): readonly string[] {
    if (spec?.type === 'ExternalName') return [];
    const [first] = Object.entries(spec?.selector ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
    return first ? [pairKey(metadata.namespace, ...first)] : [];
  },
};

/** Ingresses by the Services that they lead to. */
export const ingressIndexes = {
  backend(ingress: IngressObject): readonly string[] {
    const names = pathsOf(ingress).flatMap(({ serviceName }) => serviceName ?? []);
    return [...new Set(names)].map((name) => `${ingress.metadata.namespace}/${name}`);
  },
};

function pairKey(namespace: string | undefined, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}

/** Services that send traffic to pods with these labels, as far as the reader sees them; costs the labels, not the Services there are. */
export function servicesSelecting(
  reader: ClusterReader,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): MaybePromise<readonly ServiceObject[]> {
  const reads = Object.entries(labels).map(([key, value]) =>
    reader.byIndex(serviceKind, 'selects', pairKey(namespace, key, value)),
  );
  return mapMaybe(allMaybe(reads), (found) => found.flat().filter(({ spec }) => isSelectedBy(spec?.selector, labels)));
}

/** Ingresses that lead to one of these Services of a namespace, as far as the reader sees them. */
export function ingressesTo(
  reader: ClusterReader,
  namespace: string,
  services: readonly ServiceObject[],
): MaybePromise<readonly IngressObject[]> {
  const reads = services.map(({ metadata }) => reader.byIndex(ingressKind, 'backend', `${namespace}/${metadata.name}`));
  return mapMaybe(allMaybe(reads), (found) => [...new Set(found.flat())]);
}
