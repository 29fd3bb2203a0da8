import { emptyFieldSet, type FieldSet, isEmptyFieldSet } from './field-set.ts';
import { isEqualJson, isJsonObject, type JsonObject } from './json.ts';
import { fieldElement, isSameItem, itemElement, type PathElement } from './path-element.ts';
import type { Shape } from './shape.ts';

const leaf: FieldSet = { isMember: true, children: new Map() };

/** Every field the value sets, as the applier of that value comes to own it. */
export function fieldSetOf(value: unknown, shape: Shape): FieldSet {
  if (isJsonObject(value)) {
    if (shape.isAtomic || Object.keys(value).length === 0) return leaf;
    const children = new Map<PathElement, FieldSet>();
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) children.set(fieldElement(name), fieldSetOf(member, shape.field(name)));
    }
    return { isMember: false, children };
  }
  if (!Array.isArray(value) || shape.list === 'atomic' || value.length === 0) return leaf;
  const children = new Map<PathElement, FieldSet>();
  for (const item of value) {
    const below = shape.list === 'set' ? leaf : fieldSetOf(item, shape.item);
    children.set(itemElement(item, shape), { isMember: true, children: below.children });
  }
  return { isMember: false, children };
}

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

const nothing: Comparison = { added: emptyFieldSet, removed: emptyFieldSet, modified: emptyFieldSet };

/** What changed between two states of a value, field by field. */
export function compareValues(before: unknown, after: unknown, shape: Shape): Comparison {
  if (before === after || (before === undefined && after === undefined)) return nothing;
  if (before === undefined) return { ...nothing, added: wholeOf(after, shape) };
  if (after === undefined) return { ...nothing, removed: wholeOf(before, shape) };
  const left = membersOf(before, shape);
  const right = membersOf(after, shape);
  if (left === undefined || right === undefined || (left.size === 0 && right.size === 0)) {
    return isEqualJson(before, after) ? nothing : { ...nothing, modified: leaf };
  }
  const added = new Map<PathElement, FieldSet>();
  const removed = new Map<PathElement, FieldSet>();
  const modified = new Map<PathElement, FieldSet>();
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const place = left.get(element) ?? right.get(element);
    if (place === undefined) continue;
    const change = compareValues(left.get(element)?.value, right.get(element)?.value, place.shape);
    if (!isEmptyFieldSet(change.added)) added.set(element, change.added);
    if (!isEmptyFieldSet(change.removed)) removed.set(element, change.removed);
    if (!isEmptyFieldSet(change.modified)) modified.set(element, change.modified);
  }
  return {
    added: { isMember: false, children: added },
    removed: { isMember: false, children: removed },
    modified: { isMember: false, children: modified },
  };
}

/** What an applied configuration makes of the live value: the configuration wins, what it does not name stays. */
export function mergeValues(live: unknown, config: unknown, shape: Shape): unknown {
  if (isJsonObject(live) && isJsonObject(config) && !shape.isAtomic) {
    const merged: JsonObject = { ...live };
    for (const [name, member] of Object.entries(config)) {
      merged[name] = mergeValues(live[name], member, shape.field(name));
    }
    return merged;
  }
  if (Array.isArray(live) && Array.isArray(config) && shape.list !== 'atomic') return mergeLists(live, config, shape);
  return config;
}

// The configuration's order wins; what only the live list has keeps its place before the element it preceded.
function mergeLists(live: readonly unknown[], config: readonly unknown[], shape: Shape): unknown[] {
  const merged: unknown[] = [];
  let at = 0;
  const takeLiveOnly = (): void => {
    while (at < live.length) {
      const item = live[at];
      if (!config.some((other) => isSameItem(item, other, shape))) merged.push(item);
      else if (!merged.some((other) => isSameItem(item, other, shape))) return;
      at += 1;
    }
  };
  for (const item of config) {
    takeLiveOnly();
    const present = live.find((other) => isSameItem(other, item, shape));
    merged.push(present === undefined || shape.list === 'set' ? item : mergeValues(present, item, shape.item));
  }
  takeLiveOnly();
  return merged;
}

/**
 * Takes out of `value` what `dropped` names, unless somebody in `owned` holds it or something below it.
 * A container left empty that nobody owns goes too.
 */
export function pruneValue(value: unknown, dropped: FieldSet, owned: FieldSet | undefined, shape: Shape): unknown {
  if (isJsonObject(value)) {
    const kept: JsonObject = {};
    for (const [name, member] of Object.entries(value)) {
      const next = pruneMember(member, fieldElement(name), dropped, owned, shape.field(name));
      if (next !== undefined) kept[name] = next;
    }
    return kept;
  }
  if (!Array.isArray(value) || shape.list === 'atomic') return value;
  return value
    .map((item) => pruneMember(item, itemElement(item, shape), dropped, owned, shape.item))
    .filter((item) => item !== undefined);
}

function pruneMember(
  member: unknown,
  element: PathElement,
  dropped: FieldSet,
  owned: FieldSet | undefined,
  shape: Shape,
): unknown {
  const drop = dropped.children.get(element);
  if (drop === undefined) return member;
  const owner = owned?.children.get(element);
  if (owner === undefined && drop.isMember) return undefined;
  if (drop.children.size === 0) return member;
  const rest = pruneValue(member, drop, owner, shape);
  return owner === undefined && isBare(rest) && !isBare(member) ? undefined : rest;
}

function isBare(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

/** A value that came or went as a whole: itself and every field in it. */
function wholeOf(value: unknown, shape: Shape): FieldSet {
  return { isMember: true, children: fieldSetWithParents(value, shape) };
}

function fieldSetWithParents(value: unknown, shape: Shape): FieldSet['children'] {
  const members = membersOf(value, shape);
  const children = new Map<PathElement, FieldSet>();
  for (const [element, place] of members ?? []) {
    children.set(element, { isMember: true, children: fieldSetWithParents(place.value, place.shape) });
  }
  return children;
}

/** The members to descend into, or undefined for scalars and for what is replaced whole. */
function membersOf(value: unknown, shape: Shape): Map<PathElement, { value: unknown; shape: Shape }> | undefined {
  if (isJsonObject(value)) {
    if (shape.isAtomic) return undefined;
    const members = new Map<PathElement, { value: unknown; shape: Shape }>();
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) members.set(fieldElement(name), { value: member, shape: shape.field(name) });
    }
    return members;
  }
  if (!Array.isArray(value) || shape.list === 'atomic') return undefined;
  return new Map(value.map((item) => [itemElement(item, shape), { value: item, shape: shape.item }]));
}
