export interface FieldChange {
  readonly operation: 'ADD' | 'REPLACE' | 'REMOVE';
  /** JSON Pointer (RFC 6901); items of lists keyed by name stand under their index in the newer version. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Changes told at the most; a manifest that differs more is told as cut. */
export const maxChanges = 500;

/** What the server writes by itself and nobody asked about. */
const serverFields = new Set([
  '/metadata/resourceVersion',
  '/metadata/generation',
  '/metadata/managedFields',
  '/metadata/uid',
  '/metadata/creationTimestamp',
  '/status',
]);

/** Field by field, what a write changed or would change. An undefined side means the object is not there. */
export function diffFields(before: unknown, after: unknown): FieldChange[] {
  const changes: FieldChange[] = [];
  walk('', before, after, changes);
  return changes;
}

function walk(path: string, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (before === after || serverFields.has(path) || changes.length >= maxChanges) return;
  if (before === undefined && !isObject(after)) add(changes, 'ADD', path, before, after);
  else if (after === undefined && !isObject(before)) add(changes, 'REMOVE', path, before, after);
  else if (Array.isArray(before) && Array.isArray(after)) walkLists(path, before, after, changes);
  else if (isObject(before ?? {}) && isObject(after ?? {}))
    walkObjects(path, toObject(before), toObject(after), changes);
  else add(changes, 'REPLACE', path, before, after);
}

function walkObjects(
  path: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  changes: FieldChange[],
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    walk(`${path}/${escapeKey(key)}`, before[key], after[key], changes);
  }
}

function walkLists(path: string, before: readonly unknown[], after: readonly unknown[], changes: FieldChange[]): void {
  const keyed = nameOf(after[0] ?? before[0]) !== undefined;
  if (!keyed) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index += 1) walk(`${path}/${index}`, before[index], after[index], changes);
    return;
  }
  const old = new Map(before.map((item) => [nameOf(item), item]));
  after.forEach((item, index) => {
    walk(`${path}/${index}`, old.get(nameOf(item)), item, changes);
    old.delete(nameOf(item));
  });
  for (const [, item] of old) add(changes, 'REMOVE', `${path}/${before.indexOf(item)}`, item, undefined);
}

/** Containers, ports, variables, volumes: what Kubernetes merges by name is compared by name. */
function nameOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  return typeof item.name === 'string' ? item.name : undefined;
}

function add(
  changes: FieldChange[],
  operation: FieldChange['operation'],
  path: string,
  before: unknown,
  after: unknown,
): void {
  if (changes.length < maxChanges) changes.push({ operation, path, before: before ?? null, after: after ?? null });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toObject = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
