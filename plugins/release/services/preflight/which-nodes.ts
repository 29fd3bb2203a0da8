import type { NodeObject } from 'longshore/plugins/compute';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
export interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}
interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}
interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** The part of a pod's spec by which the scheduler chooses nodes (core/v1). */
export interface PlacedSpec {
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly Term[] };
    };
  };
  readonly tolerations?: readonly Toleration[];
}

/**
 * Whether the scheduler would put such a pod on a node, room apart: its labels (nodeSelector and required node affinity), its taints, whether it is
 * cordoned or not ready. Affinity to other pods (`spread.ts`), volumes (`volumes.ts`) and ports are not looked at. Pure.
 */
export function takesPods(node: NodeObject, spec: PlacedSpec, unitLabels: Readonly<Record<string, string>>): boolean {
  if (node.spec?.unschedulable === true || !isReady(node)) return false;
  const labels = node.metadata.labels ?? {};
  const wanted = { ...spec.nodeSelector, ...unitLabels };
  if (Object.entries(wanted).some(([key, value]) => labels[key] !== value)) return false;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms && !matchesTerms(terms, node)) return false;
  return (node.spec?.taints ?? []).every((taint) => isHarmless(taint, spec.tolerations ?? []));
}

const isReady = ({ status }: NodeObject): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

/** Whether one of the terms of a NodeSelector (core/v1) matches a node. */
export const matchesTerms = (terms: readonly Term[], { metadata }: NodeObject): boolean =>
  terms.some((term) => matchesTerm(term, metadata.labels ?? {}, metadata.name));

/** A term without any requirement matches nothing (core/v1 NodeSelectorTerm). */
function matchesTerm(
  { matchExpressions = [], matchFields = [] }: Term,
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) => meets(requirement, requirement.key === 'metadata.name' ? name : undefined))
  );
}

function meets({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function isHarmless(taint: Taint, tolerations: readonly Toleration[]): boolean {
  if (taint.effect === 'PreferNoSchedule') return true;
  return tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (key === undefined || key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}
