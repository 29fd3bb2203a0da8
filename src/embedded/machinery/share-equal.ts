import { isJsonObject, type JsonObject } from './json.ts';

/**
 * The value with every part that is equal to its counterpart in the model replaced by the model's own, so that versions
 * of an object, and objects made from one template, hold equal parts once. Neither argument is changed; both must be
 * JSON that nobody changes in place. Parts whose members stand in another order are not taken for equal.
 */
export function shareEqual<T>(value: T, model: unknown): T {
  return share(value, model) as T;
}

function share(value: unknown, model: unknown): unknown {
  if (value === model) return model;
  if (Array.isArray(value)) return Array.isArray(model) ? shareList(value, model) : value;
  return isJsonObject(value) && isJsonObject(model) ? shareObject(value, model) : value;
}

function shareList(value: readonly unknown[], model: readonly unknown[]): readonly unknown[] {
  const shared = value.map((item, at) => share(item, model[at]));
  if (shared.length === model.length && shared.every((item, at) => item === model[at])) return model;
  return shared.some((item, at) => item !== value[at]) ? shared : value;
}

function shareObject(value: JsonObject, model: JsonObject): JsonObject {
  const keys = Object.keys(value);
  const modelKeys = Object.keys(model);
  let isEqual = keys.length === modelKeys.length;
  let shared: JsonObject | undefined;
  for (const [at, key] of keys.entries()) {
    const before = Object.hasOwn(model, key) ? model[key] : undefined;
    const after = share(value[key], before);
    if (isEqual && (key !== modelKeys[at] || after !== before)) isEqual = false;
    if (after === value[key]) continue;
    // A spread defines members, whatever they are called; an assignment to one that is there does, too.
    shared ??= { ...value };
    shared[key] = after;
  }
  return isEqual ? model : (shared ?? value);
}
