import { checkMapChange, type MapChange, PreconditionError, type ValidationIssue } from 'longshore/sdk';

/** Of labels or taints that one call changes. */
export const maxChanges = 100;

/** What administrators set by Kubernetes' own names. */
const forAdministrators = [/^node-restriction\.kubernetes\.io\//, /^node\.kubernetes\.io\/exclude-from-/];
const ofKubernetes = /(^|\.)(kubernetes|k8s)\.io\//;

/**
 * Whether a label comes with the node and is not the user's to set or take away (CMP-28): those of Kubernetes and its cloud providers
 * (name, zone, roles, …), and that by which the platform finds deployment units. Pure.
 */
export function isInherentLabel(key: string, deploymentUnitLabel: string): boolean {
  if (key === deploymentUnitLabel || key.startsWith('longshore.dev/')) return true;
  return ofKubernetes.test(key) && !forAdministrators.some((pattern) => pattern.test(key));
}

/** What is wrong with a change by itself; inherent labels are refused by `requireOwnLabels`. */
export function checkNodeLabels({ set, remove }: MapChange, deploymentUnitLabel: string): readonly ValidationIssue[] {
  const count = set.length + remove.length;
  if (count === 0) return [{ path: [], code: 'empty', message: 'There is nothing to set or to remove' }];
  if (count > maxChanges) return [tooMany('labels', count)];
  return checkMapChange('labels', { set, remove }).filter(
    ({ code, path }) => code !== 'reserved' || !isInherentLabel(keyAt(path, { set, remove }), deploymentUnitLabel),
  );
}

/** Throws `PreconditionError` INHERENT_LABEL with all of them. */
export function requireOwnLabels({ set, remove }: MapChange, deploymentUnitLabel: string): void {
  const inherent = [...set.map(({ key }) => key), ...remove].filter((key) => isInherentLabel(key, deploymentUnitLabel));
  if (inherent.length === 0) return;
  const named = inherent.map((key) => `'${key}'`).join(', ');
  throw new PreconditionError(
    'INHERENT_LABEL',
    `${named}: such labels come with the node; only labels of your own can be set and removed.`,
  );
}

export function tooMany(field: string, count: number): ValidationIssue {
  return {
    path: [field],
    code: 'too_many',
    message: `At most ${maxChanges} ${field} are changed at once, got ${count}`,
  };
}

function keyAt([field, index]: ValidationIssue['path'], { set, remove }: MapChange): string {
  const at = Number(index);
  return (field === 'labels' ? set[at]?.key : remove[at]) ?? '';
}
