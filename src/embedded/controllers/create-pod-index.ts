import type { ClusterStore } from '../store/types.ts';
import { createObjectIndex } from './create-object-index.ts';
import type { LabelSelector, Pod } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { controllerOf } from './owner-reference.ts';
import { claimsOf } from './pod-claims.ts';

/** Pods by what controllers look for, so that none of them walks through all pods of a namespace for one change. */
export interface PodIndex {
  /** Pods that nobody controls. */
  orphans(namespace: string | undefined): readonly Pod[];
  /** Pods that the selector selects. */
  selectedBy(namespace: string | undefined, selector: LabelSelector | undefined): readonly Pod[];
  /** Pods that mount the claim, whether by name or as their ephemeral volume. */
  claiming(namespace: string | undefined, claim: string): readonly Pod[];
  /** Pods that were given to the node, whether it is there or not. */
  onNode(node: string): readonly Pod[];
}

export function createPodIndex(store: ClusterStore): PodIndex {
  const resource = store.resource('', 'pods');
  const index = createObjectIndex<Pod>(store, resource, (pod) => {
    const prefix = pod.metadata.namespace ?? '';
    return [
      ...(controllerOf(pod) === undefined ? [`${prefix}|orphan`] : []),
      ...Object.entries(pod.metadata.labels ?? {}).map(([key, value]) => `${prefix}|label|${key}=${value}`),
      ...claimsOf(pod).map((claim) => `${prefix}|claim|${claim}`),
      ...((pod.spec.nodeName ?? '') === '' ? [] : [`node|${pod.spec.nodeName}`]),
    ];
  });
  return {
    orphans: (namespace) => index.get(`${namespace ?? ''}|orphan`),
    onNode: (node) => index.get(`node|${node}`),
    claiming: (namespace, claim) => index.get(`${namespace ?? ''}|claim|${claim}`),
    selectedBy(namespace, selector) {
      if (selector === undefined) return [];
      const buckets = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
        index.get(`${namespace ?? ''}|label|${key}=${value}`),
      );
      // The rarest label leaves the fewest pods to look at.
      const [rarest] = buckets.sort((left, right) => left.length - right.length);
      const candidates = rarest ?? (store.list(resource, namespace) as Pod[]);
      return candidates.filter((pod) => matchesSelector(selector, pod.metadata.labels));
    },
  };
}
