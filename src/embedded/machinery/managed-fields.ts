import { applyConflict } from '../api/status-error.ts';
import {
  differenceOf,
  emptyFieldSet,
  type FieldSet,
  intersectionOf,
  isEmptyFieldSet,
  parseFieldsV1,
  pathsOf,
  printFieldsV1,
  unionOf,
} from './field-set.ts';
import {
  asObject,
  asObjectList,
  asString,
  cloneJson,
  isEqualJson,
  isJsonObject,
  type JsonObject,
  readPath,
  setMember,
} from './json.ts';
import { formatPath, type PathElement } from './path-element.ts';
import type { Shape } from './shape.ts';
import { type Comparison, compareValues, fieldSetOf, mergeValues, pruneValue } from './typed-value.ts';

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
const ownableMetadata = [
  'annotations',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'labels',
  'ownerReferences',
];

/** Updaters beyond this many share one entry for their oldest changes. */
const maxUpdaters = 10;
const oldUpdates = 'ancient-changes';
const beforeApply = 'before-first-apply';

/** The client that upgrades from client-side apply, and where it kept what it applied. */
const upgradingManager = 'kubectl';
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * `managedFields` after a plain write: the writer owns what it changed or added, nobody owns what went.
 * `before` is undefined for a creation. Objects whose managers were reset stay without until somebody applies.
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
  if (entries.length === 0 && write.before !== undefined) return [];
  const before = ownablePart(write.before ?? {}, manager.subresource);
  const change = compareValues(before, ownablePart(write.after, manager.subresource), shape);
  return printEntries(capUpdaters(withUpdate(entries, change, manager, time)));
}

function withUpdate(entries: readonly Entry[], change: Comparison, manager: Manager, time: string): Entry[] {
  const gained = stripped(unionOf(change.added, change.modified));
  const left = entries.map((entry) => ({
    ...entry,
    fields: differenceOf(differenceOf(entry.fields, gained), change.removed),
  }));
  if (isEmptyFieldSet(gained)) return left;
  const own = left.find((entry) => isSameManager(entry, manager));
  if (own === undefined) return [...left, { ...manager, time, fields: gained }];
  return left.map((entry) => (entry === own ? { ...entry, time, fields: unionOf(entry.fields, gained) } : entry));
}

export interface AppliedObject {
  readonly object: JsonObject;
  readonly managedFields: JsonObject[];
}

interface Application {
  readonly live: JsonObject;
  readonly managedFields: readonly unknown[] | undefined;
  readonly config: JsonObject;
  /** The configuration as it was sent, without what the request's address adds. */
  readonly sent: JsonObject;
  readonly shape: Shape;
  readonly manager: Manager;
  readonly isForced: boolean;
  readonly time: string;
}

/**
 * Server-side apply: merges the configuration into the live object, takes away what the same manager applied before
 * and no longer names (unless somebody else owns it), and refuses to change what others own unless forced.
 * Throws `StatusError` 409 with one cause per field and manager.
 */
export function applyConfiguration(apply: Application): AppliedObject {
  const { shape, manager, time } = apply;
  const live = ownablePart(apply.live, manager.subresource);
  const config = ownablePart(apply.config, manager.subresource);
  let entries = parseEntries(apply.managedFields);
  // Whatever was there before managers were tracked is held by somebody too; an empty list alone is nothing that anybody could hold.
  if (entries.length === 0 && !isEmptyFieldSet(stripped(fieldSetOf(live, shape)))) {
    const first: Manager = { name: beforeApply, operation: 'Update', apiVersion: manager.apiVersion };
    entries = withUpdate([], compareValues({}, live, shape), first, time);
  }
  const own = entries.find((entry) => isSameManager(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const applied = stripped(fieldSetOf(config, shape));

  // 1. Merge, then drop what this manager alone had and has let go.
  const merged = mergeValues(live, config, shape);
  const owned = others.reduce((union, entry) => unionOf(union, entry.fields), applied);
  const next = asObject(own === undefined ? merged : pruneValue(merged, own.fields, owned, shape)) ?? {};

  // 2. Whoever owns a field that changes now is in the way.
  const change = compareValues(live, next, shape);
  const touched = unionOf(change.added, change.modified);
  const conflicts: Conflict[] = [];
  const rest = others.map((entry) => {
    const contested = intersectionOf(entry.fields, touched);
    for (const path of pathsOf(contested)) conflicts.push({ entry, path });
    return { ...entry, fields: differenceOf(differenceOf(entry.fields, contested), change.removed) };
  });
  if (!apply.isForced) demandNoConflicts(apply, conflicts, live);

  // 3. The configuration is now exactly what this manager owns. An application that changes nothing is not dated anew.
  const isChanged = !isEqualJson(live, next);
  const dated = isChanged ? time : own?.time;
  const self: Entry = { ...manager, time: dated, fields: applied };
  const object = restorePart(apply.live, next, manager.subresource);
  if (manager.name === upgradingManager) refreshLastApplied(object, apply);
  return { object, managedFields: printEntries([...rest, self]) };
}

interface Conflict {
  readonly entry: Entry;
  readonly path: readonly PathElement[];
}

/** What client-side apply left unchanged is the upgrading client's own: it may take that over without force. */
function demandNoConflicts(
  { manager, live: whole, shape }: Application,
  conflicts: readonly Conflict[],
  live: JsonObject,
): void {
  if (conflicts.length === 0) return;
  const allowed = manager.name === upgradingManager ? lastAppliedFields(whole, live, manager, shape) : emptyFieldSet;
  const open = conflicts.filter(({ path }) => !hasPath(allowed, path));
  if (open.length === 0) return;
  throw applyConflict(open.map(({ entry, path }) => ({ manager: describeManager(entry), field: formatPath(path) })));
}

function lastAppliedFields(whole: JsonObject, live: JsonObject, manager: Manager, shape: Shape): FieldSet {
  const text = readPath(whole, 'metadata', 'annotations', lastAppliedAnnotation);
  const last = typeof text === 'string' ? parseObject(text) : undefined;
  if (last === undefined || last.apiVersion !== manager.apiVersion) return emptyFieldSet;
  const part = ownablePart(last, manager.subresource);
  const { added, removed, modified } = compareValues(part, live, shape);
  return [added, removed, modified].reduce((set, gone) => differenceOf(set, gone), fieldSetOf(part, shape));
}

/** Client-side apply goes on to work beside the upgraded client: its annotation follows what was applied. */
function refreshLastApplied(object: JsonObject, { live, sent }: Application): void {
  if (typeof readPath(live, 'metadata', 'annotations', lastAppliedAnnotation) !== 'string') return;
  const applied = cloneJson(sent);
  const ownAnnotations = asObject(asObject(applied.metadata)?.annotations);
  if (ownAnnotations !== undefined) delete ownAnnotations[lastAppliedAnnotation];
  const metadata = asObject(object.metadata);
  if (metadata === undefined) return;
  const text = `${JSON.stringify(sortMembers(applied))}\n`;
  metadata.annotations = { ...asObject(metadata.annotations), [lastAppliedAnnotation]: text };
}

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (!isJsonObject(value)) return value;
  const sorted: JsonObject = {};
  for (const key of Object.keys(value).sort()) setMember(sorted, key, sortMembers(value[key]));
  return sorted;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function hasPath(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.children.get(element);
  return node?.isMember === true;
}

/** The object and its metadata belong to nobody, whatever is in them. */
function stripped(set: FieldSet): FieldSet {
  const metadata = set.children.get('f:metadata');
  if (metadata?.isMember !== true) return { isMember: false, children: set.children };
  const children = new Map(set.children);
  if (metadata.children.size === 0) children.delete('f:metadata');
  else children.set('f:metadata', { isMember: false, children: metadata.children });
  return { isMember: false, children };
}

/** The oldest updates of a version share one entry as soon as there are too many. */
function capUpdaters(entries: readonly Entry[]): Entry[] {
  const updaters = entries
    .filter((entry) => entry.operation === 'Update' && !isEmptyFieldSet(entry.fields))
    .sort((a, b) => compareTexts(a.time ?? '', b.time ?? '') || compareTexts(a.name, b.name));
  let excess = updaters.length - maxUpdaters;
  if (excess <= 0) return [...entries];
  const buckets = new Map<string, Entry[]>();
  for (const updater of updaters) {
    const bucket = buckets.get(updater.apiVersion) ?? [];
    if (bucket.length > 0 && excess <= 0) continue;
    if (bucket.length > 0) excess -= 1;
    buckets.set(updater.apiVersion, [...bucket, updater]);
  }
  const shared = [...buckets.values()].filter((bucket) => bucket.length > 1);
  const gone = new Set(shared.flat());
  const made = shared.map(
    (bucket): Entry => ({
      name: oldUpdates,
      operation: 'Update',
      apiVersion: bucket[0]?.apiVersion ?? '',
      time: bucket.at(-1)?.time,
      fields: bucket.reduce((union, entry) => unionOf(union, entry.fields), emptyFieldSet),
    }),
  );
  return [...entries.filter((entry) => !gone.has(entry)), ...made];
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
        compareTexts(a.operation, b.operation) ||
        compareTexts(a.time ?? '', b.time ?? '') ||
        compareTexts(a.name, b.name) ||
        compareTexts(a.apiVersion, b.apiVersion) ||
        compareTexts(a.subresource ?? '', b.subresource ?? ''),
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

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function describeManager(entry: Entry): string {
  const name = JSON.stringify(entry.name);
  const through = entry.subresource === undefined ? '' : ` with subresource ${JSON.stringify(entry.subresource)}`;
  if (entry.operation === 'Apply') return `${name}${through}`;
  return `${name}${through} using ${entry.apiVersion}`;
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
