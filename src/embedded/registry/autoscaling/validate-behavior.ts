import { asObject, asObjectList, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

const maxWindowSeconds = 3600;
const maxPeriodSeconds = 1800;

/** `spec.behavior` of an autoscaler. */
export function validateBehavior(behavior: unknown, errors: FieldErrors): void {
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = asObject(asObject(behavior)?.[direction]);
    if (rules !== undefined) validateRules(rules, `spec.behavior.${direction}`, errors);
  }
}

function validateRules(rules: JsonObject, path: string, errors: FieldErrors): void {
  const seconds = rules.stabilizationWindowSeconds;
  if (typeof seconds === 'number' && seconds < 0) {
    errors.invalid(`${path}.stabilizationWindowSeconds`, seconds, 'must be greater than or equal to zero');
  }
  if (typeof seconds === 'number' && seconds > maxWindowSeconds) {
    errors.invalid(`${path}.stabilizationWindowSeconds`, seconds, `must be less than or equal to ${maxWindowSeconds}`);
  }
  const { selectPolicy } = rules;
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(String(selectPolicy))) {
    errors.notSupported(`${path}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']);
  }
  const policies = asObjectList(rules.policies);
  if (policies.length === 0) errors.required(`${path}.policies`, 'must specify at least one Policy');
  for (const [index, policy] of policies.entries()) validatePolicy(policy, `${path}.policies[${index}]`, errors);
  if (rules.tolerance !== undefined && compareQuantities(rules.tolerance, '0') < 0) {
    errors.invalid(`${path}.tolerance`, rules.tolerance, 'must be greater than or equal to 0');
  }
}

function validatePolicy(policy: JsonObject, path: string, errors: FieldErrors): void {
  const { type = '', value = 0, periodSeconds = 0 } = policy;
  if (type !== 'Pods' && type !== 'Percent') errors.notSupported(`${path}.type`, type, ['Percent', 'Pods']);
  if (typeof value !== 'number' || value <= 0) errors.invalid(`${path}.value`, value, 'must be greater than zero');
  if (typeof periodSeconds !== 'number') return;
  if (periodSeconds <= 0) errors.invalid(`${path}.periodSeconds`, periodSeconds, 'must be greater than zero');
  if (periodSeconds > maxPeriodSeconds) {
    errors.invalid(`${path}.periodSeconds`, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`);
  }
}
