import { isJsonObject, type JsonObject } from './json.ts';
import { compareElements, type PathElement } from './path-element.ts';

/** A set of paths as a tree. A node that is no member only leads to its children. */
export interface FieldSet {
  readonly isMember: boolean;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

export const emptyFieldSet: FieldSet = { isMember: false, children: new Map() };

export function isEmptyFieldSet(set: FieldSet): boolean {
  return !set.isMember && set.children.size === 0;
}

export function unionOf(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptyFieldSet(left)) return right;
  if (isEmptyFieldSet(right)) return left;
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const present = children.get(element);
    children.set(element, present === undefined ? child : unionOf(present, child));
  }
  return { isMember: left.isMember || right.isMember, children };
}

export function intersectionOf(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    if (other === undefined) continue;
    const common = intersectionOf(child, other);
    if (!isEmptyFieldSet(common)) children.set(element, common);
  }
  return { isMember: left.isMember && right.isMember, children };
}

/** The paths of `left` that are not in `right`; a path in `right` takes nothing below it with it. */
export function differenceOf(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const rest = other === undefined ? child : differenceOf(child, other);
    if (!isEmptyFieldSet(rest)) children.set(element, rest);
  }
  return { isMember: left.isMember && !right.isMember, children };
}

/** Like `differenceOf`, but a path in `right` removes everything below it too. */
export function recursiveDifferenceOf(left: FieldSet, right: FieldSet): FieldSet {
  if (right.isMember) return emptyFieldSet;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const rest = other === undefined ? child : recursiveDifferenceOf(child, other);
    if (!isEmptyFieldSet(rest)) children.set(element, rest);
  }
  return { isMember: left.isMember, children };
}

/** Every member path, parents first, in the order of print. */
export function pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): PathElement[][] {
  const paths: PathElement[][] = set.isMember && prefix.length > 0 ? [[...prefix]] : [];
  for (const element of [...set.children.keys()].sort(compareElements)) {
    const child = set.children.get(element);
    if (child !== undefined) paths.push(...pathsOf(child, [...prefix, element]));
  }
  return paths;
}

/** Reads `fieldsV1`: an empty object is a member, `.` marks a member that has children. */
export function parseFieldsV1(json: unknown): FieldSet {
  return isJsonObject(json) ? parseNode(json, true) : emptyFieldSet;
}

export function printFieldsV1(set: FieldSet): JsonObject {
  const json: JsonObject = {};
  if (set.isMember && set.children.size > 0) json['.'] = {};
  for (const element of [...set.children.keys()].sort(compareElements)) {
    const child = set.children.get(element);
    if (child !== undefined) json[element] = printFieldsV1(child);
  }
  return json;
}

function parseNode(json: JsonObject, isRoot: boolean): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  let isMember = false;
  for (const [element, child] of Object.entries(json)) {
    if (element === '.') isMember = true;
    else if (isJsonObject(child)) children.set(element, parseNode(child, false));
  }
  return { isMember: isMember || (!isRoot && children.size === 0), children };
}
