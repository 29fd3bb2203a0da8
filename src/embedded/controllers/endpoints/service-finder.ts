import type { ClusterObject, ClusterStore } from '../../store/types.ts';
import { createObjectIndex } from '../create-object-index.ts';
import type { Service } from '../kubernetes-shapes.ts';
import { matchesLabels } from '../matches-selector.ts';

export interface ServiceFinder {
  /** Services whose selector selects the pod as it is or as it was. */
  selecting(pod: ClusterObject, previous: ClusterObject | undefined): readonly Service[];
}

/** Finds Services by one label of their selector, so that a pod's change does not walk through all of them. */
export function createServiceFinder(store: ClusterStore): ServiceFinder {
  const index = createObjectIndex<Service>(store, store.resource('', 'services'), ({ metadata, spec }) => {
    const [first] = Object.entries(spec.selector ?? {});
    return first === undefined ? [] : [`${metadata.namespace ?? ''}|${first[0]}=${first[1]}`];
  });
  return {
    selecting(pod, previous) {
      const found = new Map<string, Service>();
      for (const { metadata } of previous === undefined ? [pod] : [pod, previous]) {
        for (const [key, value] of Object.entries(metadata.labels ?? {})) {
          for (const service of index.get(`${metadata.namespace ?? ''}|${key}=${value}`)) {
            if (matchesLabels(service.spec.selector ?? {}, metadata.labels)) found.set(service.metadata.name, service);
          }
        }
      }
      return [...found.values()];
    },
  };
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None' || (spec.clusterIP ?? '') === '';
}
