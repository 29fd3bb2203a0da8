import type { PlainObject, PlainValue } from '../plain-value.ts';
import type { Path } from '../to-plain-value.ts';

/** What is wrong with a document, or noteworthy, at a place of its text. */
export interface Remark {
  readonly path: Path;
  readonly code: string;
  readonly message: string;
}

/** A document on its way from a retired API to the one that took its place. */
export interface Conversion {
  object: PlainObject;
  /** Where a part of the new object stood in the text, longest paths first asked. */
  readonly moves: { readonly to: Path; readonly from: Path }[];
  readonly remarks: Remark[];
}

/** Rewrites what changed between the versions. Throws `NotConvertible`. */
export type Convert = (conversion: Conversion) => void;

/** The document has no meaning in the newer API that anybody but its author could give it. */
export class NotConvertible extends Error {
  readonly path: Path;
  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const objectAt = (object: PlainObject, name: string): PlainObject => {
  const value = object[name];
  return isObject(value) ? value : {};
};

export const listAt = (object: PlainObject, name: string): readonly PlainValue[] => {
  const value = object[name];
  return Array.isArray(value) ? (value as readonly PlainValue[]) : [];
};

/** A copy without some of its members. */
export function without(object: PlainObject, ...names: readonly string[]): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** A copy of the members that are there. */
export function given(members: Readonly<Record<string, PlainValue | undefined>>): PlainObject {
  const there = Object.entries(members).filter((entry): entry is [string, PlainValue] => entry[1] !== undefined);
  return Object.fromEntries(there);
}

/** Where a path of the new object stood in the text. */
export function pathInText(path: Path, moves: Conversion['moves']): Path {
  const [nearest] = moves
    .filter(({ to }) => to.length <= path.length && to.every((segment, index) => segment === path[index]))
    .sort((a, b) => b.to.length - a.to.length);
  return nearest === undefined ? path : [...nearest.from, ...path.slice(nearest.to.length)];
}
