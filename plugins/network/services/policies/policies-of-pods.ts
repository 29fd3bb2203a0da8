import { type PodObject, podKind, type WorkloadObject } from 'longshore/plugins/compute';
import {
  allMaybe,
  type ClusterReader,
  type LabelSelectorObject,
  type ListRows,
  type MaybePromise,
  mapMaybe,
  matchesLabelSelector,
  printLabelSelector,
} from 'longshore/sdk';
import { type NetworkPolicyObject, networkPolicyKind } from '../../api.ts';
import { workloadsIn } from '../services/service-workloads.ts';
import { podLabelsOf } from '../services/workload-labels.ts';

type Labels = Readonly<Record<string, string>>;

const selectorOf = ({ spec }: NetworkPolicyObject): LabelSelectorObject => spec?.podSelector ?? {};

/** In the index `selects` a policy stands under one label that its pods must have, or under none. */
export const policyIndexes = {
  selects: ({ metadata, spec }: NetworkPolicyObject): readonly string[] => {
    const [pair] = Object.entries(spec?.podSelector?.matchLabels ?? {});
    return [keyOf(metadata.namespace, pair)];
  },
};

const keyOf = (namespace = '', pair?: readonly [string, string]): string =>
  pair === undefined ? `${namespace}/` : `${namespace}/${pair[0]}=${pair[1]}`;

/** Policies that select what has these labels; costs the labels and the policies found, not the policies there are (NET-33). */
export function policiesFor(
  reader: ClusterReader,
  namespace: string | undefined,
  labels: Labels,
): MaybePromise<readonly NetworkPolicyObject[]> {
  const keys = [keyOf(namespace), ...Object.entries(labels).map((pair) => keyOf(namespace, pair))];
  const reads = keys.map((key) => reader.byIndex(networkPolicyKind, 'selects', key));
  return mapMaybe(allMaybe(reads), (found) =>
    found.flat().filter((policy) => matchesLabelSelector(selectorOf(policy), labels)),
  );
}

export const policiesOfPod = (reader: ClusterReader, { metadata }: PodObject) =>
  policiesFor(reader, metadata.namespace, metadata.labels ?? {});

/** By the labels that its template gives its pods. */
export const policiesOfWorkload = (reader: ClusterReader, workload: WorkloadObject) =>
  policiesFor(reader, workload.metadata.namespace, podLabelsOf(workload));

export function podsOfPolicy(reader: ClusterReader, policy: NetworkPolicyObject): MaybePromise<ListRows<PodObject>> {
  return reader.list(podKind, {
    namespaces: [policy.metadata.namespace ?? ''],
    labelSelector: printLabelSelector(selectorOf(policy)),
  });
}

/** Without those that another workload owns. */
export const workloadsOfPolicy = (reader: ClusterReader, policy: NetworkPolicyObject) =>
  workloadsIn(reader, policy.metadata.namespace, (labels) => matchesLabelSelector(selectorOf(policy), labels));
