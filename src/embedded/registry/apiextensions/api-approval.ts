import { asObject, asString } from '../../machinery/json.ts';
import { invalidValue, requiredValue, type SchemaProblem } from '../../machinery/schema/schema-problems.ts';
import type { DefinitionCondition } from './definition-conditions.ts';

const annotation = 'api-approved.kubernetes.io';
const where = 'see https://github.com/kubernetes/enhancements/pull/1111';

interface Approval {
  readonly state: 'approved' | 'bypassed' | 'missing' | 'invalid';
  readonly value: string;
  readonly reason: string;
}

/** The groups of the Kubernetes project itself: definitions in them say who approved them. */
export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s|kubernetes)\.io$/.test(group);
}

/** Why a definition in a protected group is refused; a state that was there before is left alone. */
export function validateApproval(
  group: string,
  metadata: Readonly<Record<string, unknown>>,
  before?: Readonly<Record<string, unknown>>,
): SchemaProblem[] {
  if (!isProtectedGroup(group)) return [];
  const { state, value, reason } = approvalOf(metadata);
  if (before !== undefined && approvalOf(before).state === state) return [];
  const field = `metadata.annotations[${annotation}]`;
  if (state === 'missing') return [requiredValue(field, reason)];
  return state === 'invalid' ? [invalidValue(field, value, reason)] : [];
}

/** What the status of a definition says of its approval; undefined outside protected groups. */
export function approvalCondition(
  group: string,
  metadata: Readonly<Record<string, unknown>>,
): DefinitionCondition | undefined {
  if (!isProtectedGroup(group)) return undefined;
  const { state, reason } = approvalOf(metadata);
  const reasons = {
    approved: 'ApprovedAnnotation',
    bypassed: 'UnapprovedAnnotation',
    missing: 'MissingAnnotation',
    invalid: 'InvalidAnnotation',
  };
  return {
    type: 'KubernetesAPIApprovalPolicyConformant',
    status: state === 'approved' ? 'True' : 'False',
    reason: reasons[state],
    message: reason,
  };
}

function approvalOf(metadata: Readonly<Record<string, unknown>>): Approval {
  const value = asString(asObject(metadata.annotations)?.[annotation]) ?? '';
  const demand = `protected groups must have approval annotation "${annotation}"`;
  if (value === '') return { state: 'missing', value, reason: `${demand}, ${where}` };
  if (value.startsWith('unapproved')) {
    return { state: 'bypassed', value, reason: `not approved: ${JSON.stringify(value)}` };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(value))
    return { state: 'approved', value, reason: `approved in ${value}` };
  return {
    state: 'invalid',
    value,
    reason: `${demand} with either a URL or a reason starting with "unapproved", ${where}`,
  };
}
