import type { ClusterObject, ClusterStore } from '../../store/types.ts';
import { canonicalJson } from '../canonical-json.ts';
import { createKindClient } from '../kind-client.ts';
import type { LabelSelector, Pod, Service } from '../kubernetes-shapes.ts';
import { matchesLabels, matchesSelector } from '../matches-selector.ts';
import { controllerOf } from '../owner-reference.ts';
import type { PodMatcher } from './scheduling-rules.ts';

interface Workload extends ClusterObject {
  readonly spec?: { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
}

/** Finds who a pod's siblings are: what its services and its ReplicaSet, StatefulSet or ReplicationController select. */
export function createDefaultSelector(store: ClusterStore): (pod: Pod) => PodMatcher | undefined {
  const services = createKindClient<Service>(store, '', '', 'services');
  const sets: Readonly<Record<string, ReturnType<typeof createKindClient<Workload>>>> = {
    ReplicaSet: createKindClient<Workload>(store, '', 'apps', 'replicasets'),
    StatefulSet: createKindClient<Workload>(store, '', 'apps', 'statefulsets'),
  };

  return (pod) => {
    const { namespace, labels } = pod.metadata;
    const wanted: Record<string, string> = {};
    for (const { spec } of services.list(namespace)) {
      if (spec.selector !== undefined && matchesLabels(spec.selector, labels)) Object.assign(wanted, spec.selector);
    }
    const owner = controllerOf(pod);
    const set = owner === undefined ? undefined : sets[owner.kind]?.get(namespace, owner.name);
    const selector = set?.spec?.selector as LabelSelector | undefined;
    if (Object.keys(wanted).length === 0 && selector === undefined) return undefined;
    return {
      key: canonicalJson(['siblings', namespace, wanted, selector]),
      matches: (other) =>
        other.metadata.namespace === namespace &&
        matchesLabels(wanted, other.metadata.labels) &&
        (selector === undefined || matchesSelector(selector, other.metadata.labels)),
    };
  };
}
