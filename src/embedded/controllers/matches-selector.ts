import type { LabelSelector, SelectorRequirement } from './kubernetes-shapes.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the labels satisfy a LabelSelector. An empty selector matches everything, a missing one nothing. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  const present = labels ?? {};
  return (
    matchesLabels(selector.matchLabels ?? {}, present) &&
    (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, present))
  );
}

/** Whether all wanted labels stand there with exactly these values. */
export function matchesLabels(wanted: Labels, labels: Labels | undefined): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

/** One requirement of a label selector or, with Gt and Lt, of a node selector. An unknown operator matches nothing. */
export function matchesRequirement(requirement: SelectorRequirement, labels: Labels): boolean {
  const value = labels[requirement.key];
  const values = requirement.values ?? [];
  switch (requirement.operator) {
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
