import { asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfLabelValue, problemsOfQualifiedName } from '../validation/names.ts';
import { validateSelector } from '../validation/validate-selector.ts';

/** In the order in which refusals list them. */
export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(list: unknown, field: string, errors: FieldErrors): void {
  asObjectList(list).forEach((toleration, at) => {
    const place = `${field}[${at}]`;
    const key = asString(toleration.key) ?? '';
    const operator = asString(toleration.operator) ?? '';
    const value = asString(toleration.value) ?? '';
    const effect = asString(toleration.effect) ?? '';
    if (key !== '') errors.eachInvalid(`${place}.key`, key, problemsOfQualifiedName(key));
    else if (operator !== 'Exists') {
      errors.invalid(
        `${place}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.invalid(`${place}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    if (operator === 'Exists') {
      if (value !== '') {
        errors.invalid(`${place}.operator`, value, "value must be empty when `operator` is 'Exists'");
      }
    } else if (operator === 'Equal' || operator === '') {
      const problems = problemsOfLabelValue(value);
      if (problems.length > 0) errors.invalid(`${place}.operator`, value, problems.join(';'));
    } else errors.notSupported(`${place}.operator`, operator, comparisons.has(operator) ? allOperators : operators);
    if (effect !== '') errors.oneOf(`${place}.effect`, effect, taintEffects);
  });
}

const operators = ['Equal', 'Exists'];
/** Known, and refused unless a feature is on. */
const comparisons = new Set(['Lt', 'Gt']);
const allOperators = [...operators, 'Lt', 'Gt'];

export function validateTopologySpread(list: unknown, field: string, errors: FieldErrors): void {
  const constraints = asObjectList(list);
  constraints.forEach((constraint, at) => {
    const place = `${field}[${at}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains } = constraint;
    if (typeof maxSkew !== 'number' || maxSkew <= 0) {
      errors.invalid(`${place}.maxSkew`, maxSkew ?? 0, 'must be greater than zero');
    }
    if ((topologyKey ?? '') === '') errors.required(`${place}.topologyKey`, 'can not be empty');
    errors.oneOf(`${place}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']);
    const isRepeated = constraints
      .slice(at + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (isRepeated) {
      errors.duplicate(
        `${place}.{topologyKey, whenUnsatisfiable}`,
        `{${String(topologyKey)}, ${String(whenUnsatisfiable)}}`,
      );
    }
    if (typeof minDomains === 'number') {
      if (minDomains <= 0) errors.invalid(`${place}.minDomains`, minDomains, 'must be greater than zero');
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        errors.invalid(
          `${place}.minDomains`,
          minDomains,
          `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${String(whenUnsatisfiable)}`,
        );
      }
    }
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      if (constraint[policy] !== undefined) errors.oneOf(`${place}.${policy}`, constraint[policy], ['Honor', 'Ignore']);
    }
    const selector = asObject(constraint.labelSelector);
    if (selector !== undefined) validateSelector(selector, `${place}.labelSelector`, errors);
  });
}

/** Readiness gates name conditions, scheduling gates hold a pod back; both have qualified names. */
export function validateGates(spec: Readonly<Record<string, unknown>>, field: string, errors: FieldErrors): void {
  asObjectList(spec.readinessGates).forEach((gate, at) => {
    const type = asString(gate.conditionType) ?? '';
    errors.eachInvalid(`${field}.readinessGates[${at}].conditionType`, type, problemsOfQualifiedName(type));
  });
  const names = new Set<string>();
  asObjectList(spec.schedulingGates).forEach((gate, at) => {
    const name = asString(gate.name) ?? '';
    errors.eachInvalid(`${field}.schedulingGates[${at}]`, name, problemsOfQualifiedName(name));
    if (names.has(name)) errors.duplicate(`${field}.schedulingGates[${at}]`, name);
    names.add(name);
  });
}
