import { type ApplyConflict, applyConflict } from '../api/status-error.ts';
import {
  differenceOf,
  emptyFieldSet,
  type FieldSet,
  intersectionOf,
  isEmptyFieldSet,
  isSameFieldSet,
  parseFieldsV1,
  pathsOf,
  printFieldsV1,
  unionOf,
} from './field-set.ts';
import { asObject, asObjectList, asString, isJsonObject, type JsonObject } from './json.ts';
import { formatPath } from './path-element.ts';
import type { Shape } from './shape.ts';
import { compareValues, fieldSetOf, mergeValues, pruneValue } from './typed-value.ts';

/** Who wrote, by which kind of write, in which version. Two writes by the same identity share one entry. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

interface Entry extends Manager {
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Metadata that clients may own; all other metadata belongs to the server. */
const ownableMetadata = ['annotations', 'finalizers', 'generateName', 'labels', 'ownerReferences'];

/**
 * `managedFields` after a plain write: the writer owns what it changed or added, nobody owns what went.
 * `before` is undefined for a creation.
 */
export function recordUpdate(write: {
  readonly managedFields: readonly unknown[] | undefined;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
  readonly shape: Shape;
  readonly manager: Manager;
  readonly time: string;
}): JsonObject[] {
  const { manager, time, shape } = write;
  const entries = parseEntries(write.managedFields);
  const after = ownablePart(write.after, manager.subresource);
  const change = compareValues(
    write.before === undefined ? emptyParts(after) : ownablePart(write.before, manager.subresource),
    after,
    shape,
  );
  const gained = unionOf(change.added, change.modified);
  const lost = unionOf(change.removed, change.modified);
  const own = entries.find((entry) => isSameManager(entry, manager));
  const rest = entries
    .filter((entry) => entry !== own)
    .map((entry) => withFields(entry, differenceOf(entry.fields, lost), time));
  const fields = unionOf(differenceOf(own?.fields ?? emptyFieldSet, change.removed), gained);
  return printEntries([
    ...rest,
    withFields(own ?? { ...manager, time: undefined, fields: emptyFieldSet }, fields, time),
  ]);
}

export interface AppliedObject {
  readonly object: JsonObject;
  readonly managedFields: JsonObject[];
}

/**
 * Server-side apply: merges the configuration into the live object, takes away what the same manager applied before
 * and no longer names (unless somebody else owns it), and refuses to change what others own unless forced.
 * Throws `StatusError` 409 with one cause per field and manager.
 */
export function applyConfiguration(apply: {
  readonly live: JsonObject;
  readonly managedFields: readonly unknown[] | undefined;
  readonly config: JsonObject;
  readonly shape: Shape;
  readonly manager: Manager;
  readonly isForced: boolean;
  readonly time: string;
}): AppliedObject {
  const { shape, manager, time } = apply;
  const entries = parseEntries(apply.managedFields);
  const own = entries.find((entry) => isSameManager(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const live = ownablePart(apply.live, manager.subresource);
  const config = ownablePart(apply.config, manager.subresource);
  // The object itself belongs to nobody, also where the configuration is empty.
  const applied: FieldSet = { ...fieldSetOf(config, shape), isMember: false };

  // 1. Merge, then drop what this manager alone had and has let go.
  const merged = mergeValues(live, config, shape);
  const dropped = own === undefined ? emptyFieldSet : differenceOf(own.fields, applied);
  const owned = others.reduce((union, entry) => unionOf(union, entry.fields), applied);
  const next = asObject(pruneValue(merged, dropped, owned, shape)) ?? {};

  // 2. Whoever owns a field that changes now is in the way.
  const change = compareValues(live, next, shape);
  const touched = unionOf(change.added, change.modified);
  const conflicts: ApplyConflict[] = [];
  const rest = others.map((entry) => {
    const contested = intersectionOf(entry.fields, touched);
    for (const path of pathsOf(contested)) conflicts.push({ manager: describeManager(entry), field: formatPath(path) });
    return withFields(entry, differenceOf(differenceOf(entry.fields, contested), change.removed), time);
  });
  if (conflicts.length > 0 && !apply.isForced) throw applyConflict(conflicts);

  // 3. The configuration is now exactly what this manager owns.
  const self = withFields(own ?? { ...manager, time: undefined, fields: emptyFieldSet }, applied, time);
  return { object: restorePart(apply.live, next, manager.subresource), managedFields: printEntries([...rest, self]) };
}

/** A new object starts from its empty parts: whoever creates it owns the fields, not `spec` as such. */
function emptyParts(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).flatMap(([key, value]) => (isJsonObject(value) ? [[key, {}]] : [])));
}

function parseEntries(managedFields: readonly unknown[] | undefined): Entry[] {
  return asObjectList(managedFields).map((entry) => ({
    name: asString(entry.manager) ?? '',
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: asString(entry.apiVersion) ?? '',
    ...(typeof entry.subresource === 'string' && entry.subresource !== '' ? { subresource: entry.subresource } : {}),
    time: asString(entry.time),
    fields: parseFieldsV1(entry.fieldsV1),
  }));
}

function printEntries(entries: readonly Entry[]): JsonObject[] {
  return entries
    .filter((entry) => !isEmptyFieldSet(entry.fields))
    .sort(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        (a.time ?? '').localeCompare(b.time ?? '') ||
        a.name.localeCompare(b.name) ||
        (a.subresource ?? '').localeCompare(b.subresource ?? ''),
    )
    .map((entry) => ({
      manager: entry.name,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(entry.time === undefined ? {} : { time: entry.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: printFieldsV1(entry.fields),
      ...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
    }));
}

// An applier keeps its entry through a change of version; an updater has one per version.
function isSameManager(entry: Entry, manager: Manager): boolean {
  return (
    entry.name === manager.name &&
    entry.operation === manager.operation &&
    (entry.subresource ?? '') === (manager.subresource ?? '') &&
    (manager.operation === 'Apply' || entry.apiVersion === manager.apiVersion)
  );
}

function withFields(entry: Entry, fields: FieldSet, time: string): Entry {
  return isSameFieldSet(entry.fields, fields) ? entry : { ...entry, fields, time };
}

function describeManager(entry: Entry): string {
  const name = JSON.stringify(entry.name);
  const through = entry.subresource === undefined ? '' : ` with subresource ${JSON.stringify(entry.subresource)}`;
  if (entry.operation === 'Apply') return `${name}${through}`;
  return `${name}${through} using ${entry.apiVersion}${entry.time === undefined ? '' : ` at ${entry.time}`}`;
}

/** What a write through this door can own: never the server's metadata, and status only through its subresource. */
function ownablePart(object: JsonObject, subresource: string | undefined): JsonObject {
  if (subresource === 'status') return object.status === undefined ? {} : { status: object.status };
  const part: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (key !== 'apiVersion' && key !== 'kind' && key !== 'status' && key !== 'metadata') part[key] = value;
  }
  const metadata: JsonObject = {};
  for (const key of ownableMetadata) {
    const value = asObject(object.metadata)?.[key];
    if (value !== undefined) metadata[key] = value;
  }
  if (Object.keys(metadata).length > 0) part.metadata = metadata;
  return part;
}

function restorePart(live: JsonObject, next: JsonObject, subresource: string | undefined): JsonObject {
  if (subresource === 'status') return { ...live, status: next.status };
  const metadata: JsonObject = { ...asObject(live.metadata) };
  for (const key of ownableMetadata) delete metadata[key];
  return {
    apiVersion: live.apiVersion,
    kind: live.kind,
    ...next,
    metadata: { ...metadata, ...asObject(next.metadata) },
    ...(live.status === undefined ? {} : { status: live.status }),
  };
}
