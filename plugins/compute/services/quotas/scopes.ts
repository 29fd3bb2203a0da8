/** The part of a pod's spec by which a quota for some pods only chooses (core/v1). */
export interface ScopedSpec {
  readonly activeDeadlineSeconds?: number;
  readonly priorityClassName?: string;
  readonly containers?: readonly Resourced[];
  readonly initContainers?: readonly Resourced[];
  readonly affinity?: Readonly<Record<string, unknown>>;
}
interface Resourced {
  readonly resources?: { readonly requests?: object; readonly limits?: object };
}

interface Requirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
export interface Scopes {
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly Requirement[] };
}

/** Whether a quota counts a pod (ResourceQuota's scopes); undefined where it names a scope that is not known here. Pure. */
export function countsPod({ scopes = [], scopeSelector }: Scopes, pod: ScopedSpec): boolean | undefined {
  const all: readonly Requirement[] = [
    ...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  const answers = all.map((each) => meets(each, pod));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function meets({ scopeName, operator, values = [] }: Requirement, pod: ScopedSpec): boolean | undefined {
  switch (scopeName) {
    case 'Terminating':
      return pod.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return pod.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod);
    case 'PriorityClass':
      return ofClass(pod.priorityClassName || undefined, operator, values);
    default:
      return undefined;
  }
}

function ofClass(name: string | undefined, operator: string, values: readonly string[]): boolean | undefined {
  switch (operator) {
    case 'In':
      return name !== undefined && values.includes(name);
    case 'NotIn':
      return name === undefined || !values.includes(name);
    case 'Exists':
      return name !== undefined;
    case 'DoesNotExist':
      return name === undefined;
    default:
      return undefined;
  }
}

const asksFor = (amounts: object | undefined): boolean =>
  Object.keys(amounts ?? {}).some((name) => name === 'cpu' || name === 'memory');

/** Nothing is said of CPU or memory in any of its containers. */
const isBestEffort = ({ containers = [], initContainers = [] }: ScopedSpec): boolean =>
  ![...containers, ...initContainers].some(
    ({ resources }) => asksFor(resources?.requests) || asksFor(resources?.limits),
  );

interface Term {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: object;
  readonly podAffinityTerm?: Term;
}

function reachesOtherNamespaces({ affinity = {} }: ScopedSpec): boolean {
  const terms = ['podAffinity', 'podAntiAffinity'].flatMap((name) =>
    Object.values((affinity[name] ?? {}) as Readonly<Record<string, readonly Term[]>>).flat(),
  );
  return terms
    .map((term) => term.podAffinityTerm ?? term)
    .some(({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined);
}
