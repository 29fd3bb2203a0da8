import { asList, asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';

interface Requirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Whether a pod belongs to what a ResourceQuota counts, by all of its scopes. */
export function matchesQuotaScopes(quota: ClusterObject, pod: ClusterObject): boolean {
  const spec = asObject(quota.spec) ?? {};
  const listed = asList(spec.scopes).map((scope) => ({ scopeName: String(scope), operator: 'Exists', values: [] }));
  const selected = asObjectList(asObject(spec.scopeSelector)?.matchExpressions).map((each) => ({
    scopeName: asString(each.scopeName) ?? '',
    operator: asString(each.operator) ?? '',
    values: asList(each.values).map(String),
  }));
  return [...listed, ...selected].every((requirement) => matches(requirement, pod));
}

function matches({ scopeName, operator, values }: Requirement, pod: ClusterObject): boolean {
  const spec = asObject(pod.spec) ?? {};
  const isBestEffort = asObject(pod.status)?.qosClass === 'BestEffort';
  const seconds = spec.activeDeadlineSeconds;
  const isTerminating = typeof seconds === 'number' && seconds >= 0;
  switch (scopeName) {
    case 'Terminating':
      return isTerminating;
    case 'NotTerminating':
      return !isTerminating;
    case 'BestEffort':
      return isBestEffort;
    case 'NotBestEffort':
      return !isBestEffort;
    case 'PriorityClass':
      return matchesValue(asString(spec.priorityClassName) ?? '', operator, values);
    case 'CrossNamespacePodAffinity':
      return namesOtherNamespaces(asObject(spec.affinity));
    default:
      return false;
  }
}

function matchesValue(value: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return values.includes(value);
    case 'NotIn':
      return !values.includes(value);
    case 'Exists':
      return value !== '';
    case 'DoesNotExist':
      return value === '';
    default:
      return false;
  }
}

function namesOtherNamespaces(affinity: Record<string, unknown> | undefined): boolean {
  return ['podAffinity', 'podAntiAffinity'].some((kind) => {
    const rules = asObject(affinity?.[kind]) ?? {};
    const required = asObjectList(rules.requiredDuringSchedulingIgnoredDuringExecution);
    const preferred = asObjectList(rules.preferredDuringSchedulingIgnoredDuringExecution);
    const terms = [...required, ...preferred.map(({ podAffinityTerm }) => asObject(podAffinityTerm) ?? {})];
    return terms.some((term) => asList(term.namespaces).length > 0 || term.namespaceSelector !== undefined);
  });
}
