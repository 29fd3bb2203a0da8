import type { NodeObject, PodObject } from 'longshore/plugins/compute';
import { type LabelSelectorObject, matchesLabelSelector } from 'longshore/sdk';

/** Where a node lies by one rule that keeps pods of a service apart. */
export interface SpreadPlace {
  /** Value of the rule's topology key; undefined for a node that has none, where it forbids nothing. */
  readonly domain: string | undefined;
  /** Whether a pod that the rule keeps away from is there, other than those that are replaced. */
  readonly isTaken: boolean;
  /** Whether one of those that are replaced is there. */
  readonly isTakenByOwn: boolean;
}

interface Term {
  readonly topologyKey: string;
  readonly labelSelector?: LabelSelectorObject;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: object;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}
interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly affinity?: {
      readonly podAntiAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly Term[] };
    };
  };
}

/** What required anti-affinity to other pods says of one node. */
export interface Spread {
  readonly isClosed: boolean;
  readonly places: readonly SpreadPlace[];
}

/** Rules that choose by namespaces' labels, or by values of the pod that is placed, are not judged: they are never said to forbid what they do not. */
const isTold = ({ namespaceSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: Term): boolean =>
  (namespaceSelector === undefined || Object.keys(namespaceSelector).length === 0) &&
  matchLabelKeys.length + mismatchLabelKeys.length === 0;

/**
 * What the required anti-affinity of a pod to be (`podAntiAffinity`, core/v1) leaves of nodes: a rule that its own labels match keeps pods of
 * the service apart from each other, one in each domain; any other closes domains in which there is a pod that it matches. Pure.
 */
export function spreadOver(
  template: object,
  namespace: string,
  nodes: readonly NodeObject[],
  living: readonly PodObject[],
  own: ReadonlySet<PodObject>,
): (node: NodeObject) => Spread {
  const { metadata, spec } = template as Template;
  const terms = (spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).filter(isTold);
  if (terms.length === 0) return () => ({ isClosed: false, places: [] });
  const labelsOf = new Map(nodes.map((node) => [node.metadata.name, node.metadata.labels ?? {}]));
  const rules = terms.map((term) => {
    const reaches = (place: string, labels: Readonly<Record<string, string>> | undefined): boolean =>
      // An absent selector matches no pod; an empty selector of namespaces matches all of them.
      term.labelSelector !== undefined &&
      (term.namespaceSelector !== undefined ||
        (term.namespaces?.length ? term.namespaces.includes(place) : place === namespace)) &&
      matchesLabelSelector(term.labelSelector, labels);
    const [taken, takenByOwn] = [new Set<string>(), new Set<string>()];
    for (const pod of living) {
      const domain = labelsOf.get(pod.spec?.nodeName ?? '')?.[term.topologyKey];
      if (domain === undefined || !reaches(pod.metadata.namespace ?? '', pod.metadata.labels)) continue;
      (own.has(pod) ? takenByOwn : taken).add(domain);
    }
    return { key: term.topologyKey, isOfItself: reaches(namespace, metadata?.labels), taken, takenByOwn };
  });
  return (node) => {
    const domainOf = (key: string) => node.metadata.labels?.[key];
    const isIn = (domains: ReadonlySet<string>, key: string) => domains.has(domainOf(key) ?? '');
    return {
      isClosed: rules.some(({ isOfItself, taken, key }) => !isOfItself && isIn(taken, key)),
      places: rules
        .filter(({ isOfItself }) => isOfItself)
        .map(({ key, taken, takenByOwn }) => ({
          domain: domainOf(key),
          isTaken: isIn(taken, key),
          isTakenByOwn: isIn(takenByOwn, key),
        })),
    };
  };
}
