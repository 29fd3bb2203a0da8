import { asList, asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../../registry/validation/field-errors.ts';
import { isEmptySelector, isUsableSelector } from '../../registry/validation/validate-selector.ts';

/** A `priorityStrategy`, of which every mistake counts as something missing. */
export function validatePriority(strategy: unknown, field: string, errors: FieldErrors): void {
  const problem = problemOfPriority(asObject(strategy) ?? {});
  if (problem !== undefined) errors.required(field, problem);
}

function problemOfPriority(strategy: JsonObject): string | undefined {
  const weights = asObjectList(strategy.weightPriority);
  const orders = asObjectList(strategy.orderPriority);
  if (weights.length > 0 && orders.length > 0) return 'only one of weightPriority and orderPriority can be used';
  for (const { weight, matchSelector } of weights) {
    if (typeof weight !== 'number' || weight < 0 || weight > 100)
      return 'weight must be valid number in the range 1-100';
    const selector = asObject(matchSelector) ?? {};
    if (isEmptySelector(selector)) return 'selector can not be empty';
    if (!isUsableSelector(selector)) return 'invalid selector';
  }
  return orders.some(({ orderedKey }) => (orderedKey ?? '') === '') ? 'order key can not be empty' : undefined;
}

export function validateScatter(strategy: unknown, field: string, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const { key, value } of asObjectList(strategy)) {
    const term = `${asString(key) ?? ''}:${asString(value) ?? ''}`;
    const problem =
      (key ?? '') === ''
        ? 'key should not be empty'
        : seen.has(term)
          ? `duplicated key=${String(key)} value=${String(value)}`
          : undefined;
    if (problem !== undefined) {
      errors.required(field, problem);
      return;
    }
    seen.add(term);
  }
}

/** Why InPlaceOnly cannot lead from one template to the other, as `operation path` of a JSON patch; undefined if it can. */
export function problemInPlace(before: unknown, next: unknown): string | undefined {
  const old = asObject(asObject(before)?.spec) ?? {};
  const now = asObject(asObject(next)?.spec) ?? {};
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (isEqualJson(old[key], now[key])) continue;
    if (key !== 'containers') return `${operationOf(old[key], now[key])} /${key}`;
    const problem = problemOfContainers(asList(old.containers), asList(now.containers));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfContainers(old: readonly unknown[], now: readonly unknown[]): string | undefined {
  for (let at = 0; at < Math.max(old.length, now.length); at += 1) {
    const before = asObject(old[at]);
    const next = asObject(now[at]);
    if (before === undefined || next === undefined) return `${operationOf(before, next)} /containers/${at}`;
    for (const key of new Set([...Object.keys(before), ...Object.keys(next)])) {
      if (key === 'image' || isEqualJson(before[key], next[key])) continue;
      return `${operationOf(before[key], next[key])} /containers/${at}/${key}`;
    }
  }
  return undefined;
}

function operationOf(before: unknown, next: unknown): 'add' | 'remove' | 'replace' {
  if (before === undefined) return 'add';
  return next === undefined ? 'remove' : 'replace';
}
