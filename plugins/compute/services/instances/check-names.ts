import type { ValidationIssue } from 'longshore/sdk';

/** As many as a request of this size may name. */
const mostNames = 1_000;

/** Whether so many instances can be named at once. */
export function checkNames(names: readonly string[], field = 'instances'): ValidationIssue[] {
  if (names.length >= 1 && names.length <= mostNames) return [];
  const message = `${field} must name 1 to ${mostNames} instances, got ${names.length}`;
  return [{ path: [field], code: names.length === 0 ? 'required' : 'too_many', message }];
}
