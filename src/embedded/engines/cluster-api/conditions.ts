import type { DecidedCondition, StatusCondition } from '../merge-conditions.ts';
import type { Conditioned } from './kinds.ts';

type Status = DecidedCondition['status'];

export function condition(type: string, status: boolean | Status, reason: string, message = ''): DecidedCondition {
  const printed = typeof status === 'boolean' ? (status ? 'True' : 'False') : status;
  return { type, status: printed, reason, message };
}

/** A condition whose two reasons follow from its name, as most of Cluster API's do (`ScalingUp`, `NotScalingUp`). */
export function stated(type: string, isTrue: boolean, message = ''): DecidedCondition {
  return condition(type, isTrue, isTrue ? type : `Not${type}`, message);
}

export function isTrue(status: Conditioned | undefined, type: string): boolean {
  return status?.conditions?.some((each) => each.type === type && each.status === 'True') === true;
}

export function findStatus(status: Conditioned | undefined, type: string): StatusCondition | undefined {
  return status?.conditions?.find((each) => each.type === type);
}

/** A condition of another object under a name of this one's. */
export function mirrored(
  type: string,
  found: StatusCondition | undefined,
  otherwise: DecidedCondition,
): DecidedCondition {
  return found === undefined ? otherwise : condition(type, found.status, found.reason, found.message);
}

/**
 * One condition over several: True when all say so, those of `negative` when they are False. Of the others their
 * messages are told, one line each.
 */
export function summary(
  type: string,
  parts: readonly DecidedCondition[],
  reasons: readonly [good: string, bad: string, unknown: string],
  negative: readonly string[] = [],
): DecidedCondition {
  const wanted = (part: DecidedCondition): Status => (negative.includes(part.type) ? 'False' : 'True');
  const others = parts.filter((part) => part.status !== wanted(part));
  if (others.length === 0) return condition(type, true, reasons[0]);
  const message = others
    .map((part) => `* ${part.type}: ${part.message === '' ? part.reason : part.message}`)
    .join('\n');
  const isBad = others.some(({ status }) => status !== 'Unknown');
  return isBad ? condition(type, false, reasons[1], message) : condition(type, 'Unknown', reasons[2], message);
}

/** One condition over those of many objects, which are told by name. */
export function aggregate(
  type: string,
  parts: readonly { readonly name: string; readonly condition: StatusCondition | undefined }[],
  reasons: readonly [good: string, bad: string, none: string],
  kind: string,
): DecidedCondition {
  if (parts.length === 0) return condition(type, true, reasons[2]);
  const others = parts.filter((part) => part.condition?.status !== 'True');
  if (others.length === 0) return condition(type, true, reasons[0]);
  const lines = others.map(({ name, condition: found }) => {
    const told = found === undefined || found.message === '' ? `Condition ${type} not yet reported` : found.message;
    return `* ${kind} ${name}: ${told.replaceAll('\n', '\n  ')}`;
  });
  return condition(type, false, reasons[1], lines.join('\n'));
}
