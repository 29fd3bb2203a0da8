import type { Profile, ValidationIssue } from 'longshore/sdk';
import type { Maybe, Removable } from './maybe.ts';
import type { Path, Places } from './places.ts';

export type Json = Record<string, unknown>;

/** What all parts of one form have in common while it is written into a manifest. */
export interface FormSheet {
  readonly profile: Profile;
  /** Whether the workload is made, not changed. */
  readonly isNew: boolean;
  /** What is wrong with the form itself; paths point into the input. */
  readonly issues: ValidationIssue[];
  /** Which place of the input each place of the manifest came from. */
  readonly places: Places;
}

/** An object of a manifest, and the part of the form that is written into it. What the form does not mention stays. */
export interface Draft {
  readonly sheet: FormSheet;
  readonly object: Json;
  /** Sets a value: undefined keeps what is there, null takes it away. `from` is where the input has it. */
  set(key: string, value: unknown, from?: Path): void;
  /** The same for a word of the form, which the table has in the cluster's spelling; what is not there is refused. */
  choose(key: string, word: Maybe<string>, table: Readonly<Record<string, string>>, from?: Path): void;
  /** The same for fields that the form names and measures as Kubernetes does. */
  take<Form extends object>(form: Form, ...keys: readonly (keyof Form & string)[]): void;
  /** Writes into an object below; one that says nothing then is not left behind, unless it was there so. */
  inside(key: string, from: Path, write: (inner: Draft) => void): void;
  /** Merges a list by what names its entries; null takes the whole list away. `write` is told of entries that are new. */
  merge<Entry extends Removable>(
    key: string,
    entries: Maybe<readonly Entry[]>,
    nameOf: (entry: Json) => string,
    write: (inner: Draft, entry: Entry, isNew: boolean) => void,
  ): void;
  /** Tells where the input has a place below this one, for what is said of it later. */
  trace(place: Path, from: Path): void;
  /** Says what is wrong with the form at this place. */
  refuse(from: Path, code: string, message: string): void;
}

export function createDraft(sheet: FormSheet, object: Json, manifest: Path, input: Path): Draft {
  sheet.places.add(manifest, input);
  const trace = (place: Path, from: Path): void => {
    sheet.places.add([...manifest, ...place], [...input, ...from]);
  };
  const draft: Draft = {
    sheet,
    object,
    set(key, value, from = [key]) {
      if (value === undefined) return;
      if (value === null) delete object[key];
      else object[key] = value;
      trace([key], from);
    },
    choose(key, word, table, from = [key]) {
      if (typeof word === 'string' && !Object.hasOwn(table, word)) {
        draft.refuse(from, 'unknown', `${key} must be one of ${Object.keys(table).join(', ')}, got ${word}`);
        return;
      }
      draft.set(key, word && table[word], from);
    },
    take(form, ...keys) {
      for (const key of keys) draft.set(key, form[key]);
    },
    inside(key, from, write) {
      const before = object[key];
      const inner = isJson(before) ? before : {};
      const saysNothing = (): boolean => Object.keys(inner).length === 0;
      const mayBeEmpty = isJson(before) && saysNothing();
      object[key] = inner;
      write(createDraft(sheet, inner, [...manifest, key], [...input, ...from]));
      if (saysNothing() && !mayBeEmpty) delete object[key];
    },
    merge(key, entries, nameOf, write) {
      if (entries === undefined) return;
      trace([key], [key]);
      if (entries === null) {
        delete object[key];
        return;
      }
      object[key] = mergeInto(listAt(object, key), entries, nameOf, draft, key, (entry, place, index, isNew) =>
        write(
          createDraft(sheet, entry, [...manifest, key, place], [...input, key, index]),
          pick(entries, index),
          isNew,
        ),
      );
      if (listAt(object, key).length === 0) delete object[key];
    },
    trace,
    refuse(from, code, message) {
      sheet.issues.push({ path: [...input, ...from], code, message });
    },
  };
  return draft;
}

/**
 * First what goes away, then what comes and changes: so places stand still while they are written. Entries are found by the names that
 * they had before, so that one which is renamed is not taken for another; callers send thousands, so none is searched for.
 */
function mergeInto<Entry extends Removable>(
  before: readonly Json[],
  entries: readonly Entry[],
  nameOf: (entry: Json) => string,
  draft: Draft,
  key: string,
  write: (entry: Json, place: number, index: number, isNew: boolean) => void,
): Json[] {
  const names = entries.map((entry) => nameOf(entry as Json));
  const firsts = placesOf(names);
  const standing = placesOf(before.map(nameOf));
  const gone = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const name = names[index] ?? '';
    if (firsts.get(name) !== index) draft.refuse([key, index], 'duplicate', `${key} has '${name}' twice`);
    if (!entry.remove) continue;
    gone.add(name);
    if (standing.has(name)) continue;
    draft.refuse([key, index, 'remove'], 'not_found', `${key} has no '${name}' that could be removed`);
  }
  const after = before.filter((one) => !gone.has(nameOf(one)));
  const staying = placesOf(after.map(nameOf));
  for (const [index, entry] of entries.entries()) {
    const name = names[index] ?? '';
    if (entry.remove || firsts.get(name) !== index) continue;
    const place = staying.get(name);
    const object = (place === undefined ? undefined : after[place]) ?? {};
    if (place === undefined) after.push(object);
    write(object, place ?? after.length - 1, index, place === undefined);
  }
  return after;
}

/** The first place of each name. */
function placesOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index] as const).reverse());
}

function pick<Entry>(entries: readonly Entry[], index: number): Entry {
  const entry = entries[index];
  if (entry === undefined) throw new Error(`compute.form-draft: no entry ${index}`);
  return entry;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none where there is no list. */
export function listAt(object: unknown, key: string): readonly Json[] {
  const list = isJson(object) ? object[key] : undefined;
  return Array.isArray(list) ? list.filter(isJson) : [];
}
