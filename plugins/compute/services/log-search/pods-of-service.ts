import { allMaybe, type ClusterReader, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { anyWorkloadKinds, type ServiceObject, type WorkloadObject } from '../../api.ts';
import { isSelectedBy } from '../label-selectors.ts';
import { podsOfService } from '../service-pods.ts';
import { templateOf } from '../workload-facts.ts';
import { isOwnedByWorkload } from '../workload-kinds.ts';
import { podPatternOf } from './log-query.ts';

/**
 * Names of the pods behind a Service as regular expressions: those that its workloads make, so that pods are found too that are gone by
 * now, and the others that it leads to by their own names. None for a Service that something else feeds.
 */
export function podPatternsOfService(reader: ClusterReader, service: ServiceObject): MaybePromise<readonly string[]> {
  const { spec, metadata } = service;
  if (spec?.type === 'ExternalName' || Object.keys(spec?.selector ?? {}).length === 0) return [];
  const namespaces = [metadata.namespace ?? ''];
  const workloads = allMaybe(anyWorkloadKinds.map((kind) => reader.list(kind, { namespaces })));
  const made = mapMaybe(workloads, (lists) =>
    lists
      .flatMap(({ items }) => items as readonly unknown[] as readonly WorkloadObject[])
      .filter((workload) => !isOwnedByWorkload(workload))
      .filter((workload) => isSelectedBy(spec?.selector, templateOf(workload)?.metadata?.labels))
      .map(({ kind, metadata: of }) => podPatternOf(kind ?? '', of.name)),
  );
  const names = mapMaybe(podsOfService(reader, service), ({ items }) => [...items].map((pod) => pod.metadata.name));
  return mapMaybe(allMaybe([made, names]), ([patterns = [], all = []]) => {
    const isMade = new RegExp(`^(?:${patterns.join('|') || '[^\\s\\S]'})$`);
    return [...patterns, ...all.filter((name) => !isMade.test(name)).map((name) => podPatternOf('Pod', name))];
  });
}
