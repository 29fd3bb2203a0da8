import type { OvnCondition } from './kinds.ts';

/** What became of a look at a subnet; the reasons are Kube-OVN's own. */
export type SubnetOutcome =
  | { readonly isFailed: true; readonly reason: string; readonly message: string }
  | { readonly isFailed: false; readonly reason: string };

const readyReasons = ['SetPrivateLogicalSwitchSuccess', 'ResetLogicalSwitchAclSuccess', 'SetNonOvnSubnetSuccess'];

/**
 * The conditions after a look. As in the original, `Error` is never taken back, so a subnet that works again still says
 * so: only `Ready` tells.
 */
export function decideSubnetConditions(
  present: readonly OvnCondition[] | undefined,
  outcome: SubnetOutcome,
  now: string,
): OvnCondition[] {
  const conditions = [...(present ?? [])];
  const set = (type: string, status: 'True' | 'False', message: string): void => {
    const { reason } = outcome;
    const at = conditions.findIndex((each) => each.type === type);
    const before = conditions[at];
    if (before?.status === status && before.reason === reason && before.message === message) return;
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
    const next = { type, status, reason, message, lastUpdateTime: now, lastTransitionTime };
    if (at === -1) conditions.push(next);
    else conditions[at] = next;
  };
  if (outcome.isFailed) {
    set('Error', 'True', outcome.message);
    const isInvalid = outcome.reason === 'ValidateLogicalSwitchFailed';
    set('Validated', isInvalid ? 'False' : 'True', isInvalid ? outcome.message : '');
    set('Ready', 'False', outcome.message);
    return conditions;
  }
  set('Validated', 'True', '');
  if (readyReasons.includes(outcome.reason)) set('Ready', 'True', '');
  return conditions;
}
