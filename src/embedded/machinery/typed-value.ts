import { differenceOf, emptyFieldSet, type FieldSet, intersectionOf, isEmptyFieldSet, unionOf } from './field-set.ts';
import { isEqualJson, isJsonObject, type JsonObject, setMember } from './json.ts';
import { fieldElement, itemElement, type PathElement } from './path-element.ts';
import type { Shape } from './shape.ts';

const leaf: FieldSet = { isMember: true, children: new Map() };

/** Every field the value sets, as the applier of that value comes to own it. */
export function fieldSetOf(value: unknown, shape: Shape): FieldSet {
  if (isJsonObject(value)) {
    if (shape.isAtomic) return leaf;
    const children = new Map<PathElement, FieldSet>();
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const element = fieldElement(name);
      const below = fieldSetOf(member, shape.field(name));
      // A member that the type does not name exists only because somebody set it.
      const isMember = below.isMember || member === null || isEmptyObject(member) || !(shape.declares?.(name) ?? false);
      const set = { isMember, children: below.children };
      if (!isEmptyFieldSet(set)) children.set(element, set);
    }
    return { isMember: false, children };
  }
  if (!Array.isArray(value) || shape.list === 'atomic') return leaf;
  const children = new Map<PathElement, FieldSet>();
  for (const item of value) {
    const element = itemElement(item, shape);
    const below = shape.list === 'set' ? leaf : fieldSetOf(item, shape.item);
    children.set(element, { isMember: true, children: below.children });
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
  if (before === after) return nothing;
  if (before === undefined) return { ...nothing, added: wholeOf(after, shape) };
  if (after === undefined) return { ...nothing, removed: wholeOf(before, shape) };
  // Null takes the form of the other side.
  const left = before === null ? membersOfNull(after, shape) : membersOf(before, shape);
  const right = after === null ? membersOfNull(before, shape) : membersOf(after, shape);
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
      setMember(merged, name, mergeValues(ownMember(live, name), member, shape.field(name)));
    }
    return merged;
  }
  if (Array.isArray(live) && Array.isArray(config) && shape.list !== 'atomic') return mergeLists(live, config, shape);
  return config;
}

/**
 * The configuration's order wins among what it names; what only the live list has keeps its place before the shared element
 * that followed it. Both lists are walked at once, and an element is taken when its turn has come in both.
 */
function mergeLists(live: readonly unknown[], config: readonly unknown[], shape: Shape): unknown[] {
  const liveElements = live.map((item) => itemElement(item, shape));
  const configElements = config.map((item) => itemElement(item, shape));
  const liveAt = new Map(liveElements.map((element, at) => [element, live[at]]));
  const inConfig = new Set(configElements);
  const shared = configElements.filter((element) => liveAt.has(element));
  const merged: unknown[] = [];
  const taken = new Set<PathElement>();
  const takeConfig = (at: number): void => {
    const element = configElements[at] ?? '';
    const present = liveAt.get(element);
    taken.add(element);
    const isPlain = present === undefined || shape.list === 'set';
    merged.push(isPlain ? config[at] : mergeValues(present, config[at], shape.item));
  };
  let next = 0;
  for (let l = 0, c = 0; l < live.length || c < config.length; ) {
    const liveElement = liveElements[l];
    const configElement = configElements[c];
    if (liveElement !== undefined && configElement !== undefined) {
      if (liveElement === configElement) {
        takeConfig(c);
        l += 1;
        c += 1;
        next += 1;
        continue;
      }
      // A shared element whose turn has not come: it is taken where the configuration has it.
      if (inConfig.has(liveElement) && next < shared.length && shared[next] !== liveElement) {
        l += 1;
        continue;
      }
    }
    if (liveElement !== undefined) {
      if (!inConfig.has(liveElement)) {
        merged.push(live[l]);
        l += 1;
        continue;
      }
      if (taken.has(liveElement)) l += 1;
    }
    if (configElement !== undefined) {
      takeConfig(c);
      c += 1;
      if (shared[next] === configElement) next += 1;
    }
  }
  return merged;
}

/**
 * Takes out of `value` what its applier had before (`last`) and nobody has now (`owned`). Fields between the root and an
 * owned field are held by that field; an element of a list is not, and goes with all that others own inside it.
 */
export function pruneValue(value: unknown, last: FieldSet, owned: FieldSet, shape: Shape): unknown {
  const everything = withNamedFields(fieldSetOf(value, shape), shape);
  const before = withNamedFields(last, shape);
  const lessBefore = without(value, before, shape);
  const kept = unionOf(withNamedFields(fieldSetOf(lessBefore, shape), shape), withNamedFields(owned, shape));
  const withOwned = without(value, differenceOf(everything, kept), shape);
  const left = withNamedFields(fieldSetOf(withOwned, shape), shape);
  return without(value, intersectionOf(differenceOf(everything, left), before), shape);
}

/** The set with every field on the way to a member as a member too, where the type names the field. */
function withNamedFields(set: FieldSet, shape: Shape): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const name = element.startsWith('f:') ? element.slice(2) : undefined;
    const below = withNamedFields(child, name === undefined ? shape.item : shape.field(name));
    const isNamed = name !== undefined && child.children.size > 0 && (shape.declares?.(name) ?? false);
    children.set(element, { isMember: child.isMember || isNamed, children: below.children });
  }
  return { isMember: set.isMember, children };
}

/** The value without the members of the set; what becomes empty by that goes as well. */
function without(value: unknown, set: FieldSet, shape: Shape): unknown {
  if (set.children.size === 0) return value;
  if (isJsonObject(value)) {
    if (shape.isAtomic) return value;
    const kept: JsonObject = {};
    for (const [name, member] of Object.entries(value)) {
      const child = set.children.get(fieldElement(name));
      if (child?.isMember === true) continue;
      const rest = child === undefined ? member : without(member, child, shape.field(name));
      if (rest !== undefined) setMember(kept, name, rest);
    }
    return Object.keys(kept).length === 0 ? undefined : kept;
  }
  if (!Array.isArray(value) || shape.list === 'atomic') return value;
  const kept = value.flatMap((item) => {
    const child = set.children.get(itemElement(item, shape));
    if (child?.isMember === true) return [];
    const rest = child === undefined ? item : without(item, child, shape.item);
    return rest === undefined ? [] : [rest];
  });
  return kept.length === 0 ? undefined : kept;
}

function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function ownMember(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
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

function membersOfNull(other: unknown, shape: Shape): Map<PathElement, Place> | undefined {
  return membersOf(other, shape) === undefined ? undefined : new Map();
}

interface Place {
  readonly value: unknown;
  readonly shape: Shape;
}

/** The members to descend into, or undefined for scalars and for what is replaced whole. */
function membersOf(value: unknown, shape: Shape): Map<PathElement, Place> | undefined {
  if (isJsonObject(value)) {
    if (shape.isAtomic) return undefined;
    const members = new Map<PathElement, Place>();
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) members.set(fieldElement(name), { value: member, shape: shape.field(name) });
    }
    for (const [name, zero] of shape.embedded ?? []) {
      if (value[name] === undefined) members.set(fieldElement(name), { value: zero, shape: shape.field(name) });
    }
    return members;
  }
  if (!Array.isArray(value) || shape.list === 'atomic') return undefined;
  return new Map(value.map((item) => [itemElement(item, shape), { value: item, shape: shape.item }]));
}
