import type { Pod, PodAffinityTerm } from '../kubernetes-shapes.ts';
import { matchesSelector } from '../matches-selector.ts';
import type { SchedulingWorld } from './scheduling-rules.ts';

type NamespaceLabels = SchedulingWorld['namespaceLabels'];

/** Whether the term of `owner` means the other pod. Without namespaces and selector it means those of its own namespace. */
export function matchesTerm(term: PodAffinityTerm, owner: Pod, other: Pod, namespaceLabels: NamespaceLabels): boolean {
  const namespace = other.metadata.namespace ?? '';
  const named = term.namespaces ?? [];
  const isOwnOnly = named.length === 0 && term.namespaceSelector === undefined;
  const isMeant =
    (isOwnOnly && namespace === owner.metadata.namespace) ||
    named.includes(namespace) ||
    (term.namespaceSelector !== undefined && matchesSelector(term.namespaceSelector, namespaceLabels(namespace) ?? {}));
  return isMeant && matchesKeys(term, owner, other) && matchesSelector(term.labelSelector, other.metadata.labels);
}

/** matchLabelKeys ask for the owner's own value, mismatchLabelKeys for any other. */
function matchesKeys(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
  const value = (pod: Pod, key: string): string | undefined => pod.metadata.labels?.[key];
  const has = (key: string): boolean => value(owner, key) !== undefined;
  return (
    (term.matchLabelKeys ?? []).every((key) => !has(key) || value(other, key) === value(owner, key)) &&
    (term.mismatchLabelKeys ?? []).every((key) => !has(key) || value(other, key) !== value(owner, key))
  );
}

export function requiredAffinity(pod: Pod): readonly PodAffinityTerm[] {
  return pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

export function requiredAntiAffinity(pod: Pod): readonly PodAffinityTerm[] {
  return pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}
