import { asList, asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';

interface Requirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Whether an object belongs to what a ResourceQuota counts, by all of its scopes. Only pods and claims have any. */
export function matchesQuotaScopes(quota: ClusterObject, object: ClusterObject): boolean {
  const spec = asObject(quota.spec) ?? {};
  const listed = asList(spec.scopes).map((scope) => ({ scopeName: String(scope), operator: 'Exists', values: [] }));
  const selected = asObjectList(asObject(spec.scopeSelector)?.matchExpressions).map((each) => ({
    scopeName: asString(each.scopeName) ?? '',
    operator: asString(each.operator) ?? '',
    values: asList(each.values).map(String),
  }));
  const matches = object.kind === 'Pod' ? matchesPod : object.kind === 'PersistentVolumeClaim' ? matchesClaim : never;
  return [...listed, ...selected].every((requirement) => matches(requirement, object));
}

function never(): boolean {
  return false;
}

/** A claim counts for the class it has, for the one it is changing to and for the one it should have. */
function matchesClaim({ scopeName, operator, values }: Requirement, claim: ClusterObject): boolean {
  if (scopeName !== 'VolumeAttributesClass') return false;
  const status = asObject(claim.status);
  const names = [
    asObject(claim.spec)?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    asObject(status?.modifyVolumeStatus)?.targetVolumeAttributesClassName,
  ].filter((name): name is string => typeof name === 'string' && name !== '');
  return (names.length === 0 ? [''] : names).some((name) => matchesValue(name, operator, values));
}

function matchesPod({ scopeName, operator, values }: Requirement, pod: ClusterObject): boolean {
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
