import { type Nested, nestedInteger, nestedString } from '../../machinery/schema/nested-value.ts';
import { invalidValue, type SchemaProblem } from '../../machinery/schema/schema-problems.ts';

const maxReplicas = 2 ** 31 - 1;

/** Where the scale subresource of a custom resource reads and writes, as its definition says it (`.spec.replicas`). */
export interface ScaleFields {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  readonly selector: string | undefined;
}

/** The fields behind the scale subresource hold what it can show. */
export function validateScaleFields(object: unknown, fields: ScaleFields, part: 'all' | 'status'): SchemaProblem[] {
  const problems = part === 'status' ? [] : checkCount(fields.specReplicas, nestedInteger(object, fields.specReplicas));
  problems.push(...checkCount(fields.statusReplicas, nestedInteger(object, fields.statusReplicas)));
  const { selector } = fields;
  const found = selector === undefined ? undefined : nestedString(object, selector);
  if (selector !== undefined && found !== undefined && 'error' in found) {
    problems.push(invalidValue(selector, '', found.error));
  }
  return problems;
}

function checkCount(path: string, found: Nested<number>): SchemaProblem[] {
  if ('error' in found) return [invalidValue(path, 0, found.error)];
  const { value = 0 } = found;
  if (value < 0) return [invalidValue(path, value, 'should be a non-negative integer')];
  return value > maxReplicas ? [invalidValue(path, value, `should be less than or equal to ${maxReplicas}`)] : [];
}
