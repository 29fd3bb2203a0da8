import { asList, isEqualJson, isJsonObject, type JsonObject, setMember } from './json.ts';
import { printGoValue } from './print-go-value.ts';
import type { Shape } from './shape.ts';

/** The patch contradicts the merge keys of the type, or uses an unknown directive. */
export class StrategicPatchError extends Error {
  override readonly name = 'StrategicPatchError';
}

const orderPrefix = '$setElementOrder/';
const deletionPrefix = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch: like a merge patch, but lists with a merge key are merged element by element. Knows the
 * directives `$patch`, `$retainKeys`, `$setElementOrder/<list>` and `$deleteFromPrimitiveList/<list>`.
 * The target is not changed. Throws `StrategicPatchError`.
 */
export function applyStrategicMergePatch(target: JsonObject, patch: JsonObject, shape: Shape): JsonObject {
  const directive = patch.$patch;
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw new StrategicPatchError(`unknown patch type: ${String(directive)} in map: ${printGoValue(patch)}`);
  }
  const merged: JsonObject = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(orderPrefix)) continue;
    if (key.startsWith(deletionPrefix)) {
      const field = key.slice(deletionPrefix.length);
      const gone = asList(value);
      merged[field] = asList(merged[field]).filter((item) => !gone.some((each) => isEqualJson(each, item)));
      continue;
    }
    const member = mergeMember(merged[key], value, shape.field(key), patch[`${orderPrefix}${key}`]);
    if (member === undefined) delete merged[key];
    else setMember(merged, key, member);
  }
  for (const [key, order] of Object.entries(patch)) {
    const field = key.slice(orderPrefix.length);
    // An order without a patch for the list still reorders it.
    if (key.startsWith(orderPrefix) && patch[field] === undefined && Array.isArray(merged[field])) {
      merged[field] = inOrder(merged[field], asList(order), asList(target[field]), shape.field(field));
    }
  }
  const retained = patch.$retainKeys;
  if (!Array.isArray(retained)) return merged;
  return Object.fromEntries(Object.entries(merged).filter(([key]) => retained.includes(key)));
}

function mergeMember(present: unknown, value: unknown, shape: Shape, order: unknown): unknown {
  if (value === null) return undefined;
  if (isJsonObject(value)) {
    return applyStrategicMergePatch(isJsonObject(present) ? present : {}, value, shape);
  }
  if (!Array.isArray(value)) return value;
  if (shape.mergeKey !== undefined) {
    const list = mergeList(asList(present), value, shape, shape.mergeKey);
    return inOrder(list, order === undefined ? value : asList(order), asList(present), shape);
  }
  if (shape.isMergedSet === true) {
    const added = value.filter((item) => !asList(present).some((each) => isEqualJson(each, item)));
    const list = [...asList(present), ...added];
    return inOrder(list, order === undefined ? value : asList(order), asList(present), shape);
  }
  return value.map((item) => (isJsonObject(item) ? withoutDirectives(item) : item));
}

function mergeList(present: readonly unknown[], patch: readonly unknown[], shape: Shape, key: string): unknown[] {
  const isReplaced = patch.some((item) => isJsonObject(item) && item.$patch === 'replace');
  if (isReplaced) {
    return patch
      .filter((item) => !(isJsonObject(item) && item.$patch === 'replace'))
      .map((item) => (isJsonObject(item) ? withoutDirectives(item) : item));
  }
  const list = [...present];
  for (const item of patch) {
    if (!isJsonObject(item) || item[key] === undefined) {
      throw new StrategicPatchError(`map: ${printGoValue(item)} does not contain declared merge key: ${key}`);
    }
    const at = list.findIndex((each) => isJsonObject(each) && isEqualJson(each[key], item[key]));
    const before = list[at];
    if (item.$patch === 'delete') {
      if (at >= 0) list.splice(at, 1);
    } else if (isJsonObject(before)) list[at] = applyStrategicMergePatch(before, item, shape.item);
    else list.push(applyStrategicMergePatch({}, item, shape.item));
  }
  return list;
}

/**
 * Elements named by the order come in that order, the others in that of the list before. Both are merged by their places
 * in the list before; what is new there stands before what is not named.
 */
function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  shape: Shape,
): unknown[] {
  const key = shape.mergeKey;
  const idOf = (item: unknown): string =>
    JSON.stringify(key !== undefined && isJsonObject(item) ? (item[key] ?? null) : item);
  const ordered = positionsOf(order.map(idOf));
  const places = positionsOf(before.map(idOf));
  const placeOf = (item: unknown): number | undefined => places.get(idOf(item));
  const named = list
    .filter((item) => ordered.has(idOf(item)))
    .sort((a, b) => (ordered.get(idOf(a)) ?? 0) - (ordered.get(idOf(b)) ?? 0));
  const others = list.filter((item) => !ordered.has(idOf(item)));
  const result: unknown[] = [];
  let at = 0;
  for (const item of named) {
    const place = placeOf(item);
    while (place !== undefined && at < others.length && (placeOf(others[at]) ?? place) < place) {
      result.push(others[at]);
      at += 1;
    }
    result.push(item);
  }
  return [...result, ...others.slice(at)];
}

/** Where each id comes first. */
function positionsOf(ids: readonly string[]): Map<string, number> {
  const positions = new Map<string, number>();
  ids.forEach((id, at) => {
    if (!positions.has(id)) positions.set(id, at);
  });
  return positions;
}

function withoutDirectives(value: JsonObject): JsonObject {
  const clean: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(orderPrefix) || key.startsWith(deletionPrefix))
      continue;
    if (member === null) continue;
    if (isJsonObject(member)) clean[key] = withoutDirectives(member);
    else if (Array.isArray(member))
      clean[key] = member.map((item) => (isJsonObject(item) ? withoutDirectives(item) : item));
    else clean[key] = member;
  }
  return clean;
}
