import { cloneJson, isEqualJson, isJsonObject, type JsonObject, setMember } from './json.ts';

/** The patch is no list of operations, or an operation lacks what it needs. */
export class JsonPatchSyntaxError extends Error {
  override readonly name = 'JsonPatchSyntaxError';
}

/** The patch is well-formed but cannot be carried out on this document: a missing path, a failed test. */
export class JsonPatchConflictError extends Error {
  override readonly name = 'JsonPatchConflictError';
}

/**
 * JSON patch (RFC 6902). The document is not changed. Throws `JsonPatchSyntaxError` or `JsonPatchConflictError`;
 * either way nothing of the patch counts.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new JsonPatchSyntaxError('a JSON patch must be a list of operations');
  const root = { document: cloneJson(document) };
  for (const operation of patch) {
    if (!isJsonObject(operation)) throw new JsonPatchSyntaxError('an operation must be an object');
    applyOperation(root, operation);
  }
  return root.document;
}

interface Root {
  document: unknown;
}

function applyOperation(root: Root, operation: JsonObject): void {
  const path = pointerOf(operation, 'path');
  switch (operation.op) {
    case 'add':
      addAt(root, path, cloneJson(memberOf(operation)));
      break;
    case 'remove':
      removeAt(root, path);
      break;
    case 'replace':
      readAt(root, path);
      replaceAt(root, path, cloneJson(memberOf(operation)));
      break;
    case 'test':
      if (!isEqualJson(readAt(root, path), memberOf(operation))) {
        throw new JsonPatchConflictError(`testing value ${String(operation.path)} failed`);
      }
      break;
    case 'copy':
      addAt(root, path, cloneJson(readAt(root, pointerOf(operation, 'from'))));
      break;
    case 'move': {
      const from = pointerOf(operation, 'from');
      if (isPrefix(from, path)) throw new JsonPatchConflictError('a value cannot be moved into itself');
      addAt(root, path, removeAt(root, from));
      break;
    }
    default:
      throw new JsonPatchSyntaxError(`unexpected kind: ${String(operation.op)}`);
  }
}

function memberOf(operation: JsonObject): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new JsonPatchSyntaxError(`${String(operation.op)} needs a value`);
  return operation.value;
}

function pointerOf(operation: JsonObject, key: 'path' | 'from'): string[] {
  const pointer = operation[key];
  if (typeof pointer !== 'string') throw new JsonPatchSyntaxError(`${String(operation.op)} needs a ${key}`);
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new JsonPatchSyntaxError(`${key} must begin with '/': ${pointer}`);
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function isPrefix(from: readonly string[], path: readonly string[]): boolean {
  return path.length > from.length && from.every((part, at) => part === path[at]);
}

function readAt(root: Root, path: readonly string[]): unknown {
  let value = root.document;
  for (const part of path) {
    if (Array.isArray(value)) value = value[indexIn(value, part, value.length - 1)];
    else if (isJsonObject(value) && Object.hasOwn(value, part)) value = value[part];
    else throw missing(path);
  }
  return value;
}

function addAt(root: Root, path: readonly string[], value: unknown): void {
  const key = path.at(-1);
  if (key === undefined) {
    root.document = value;
    return;
  }
  const parent = readAt(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : indexIn(parent, key, parent.length), 0, value);
  else if (isJsonObject(parent)) setMember(parent, key, value);
  else throw missing(path);
}

function replaceAt(root: Root, path: readonly string[], value: unknown): void {
  const key = path.at(-1);
  if (key === undefined) {
    root.document = value;
    return;
  }
  const parent = readAt(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent[indexIn(parent, key, parent.length - 1)] = value;
  else if (isJsonObject(parent)) setMember(parent, key, value);
  else throw missing(path);
}

function removeAt(root: Root, path: readonly string[]): unknown {
  const removed = readAt(root, path);
  const key = path.at(-1);
  const parent = readAt(root, path.slice(0, -1));
  if (key === undefined) root.document = null;
  else if (Array.isArray(parent)) parent.splice(indexIn(parent, key, parent.length - 1), 1);
  else if (isJsonObject(parent)) delete parent[key];
  return removed;
}

function indexIn(list: readonly unknown[], part: string, last: number): number {
  if (!/^(0|[1-9]\d*)$/.test(part) || Number(part) > last) {
    throw new JsonPatchConflictError(`index ${part} is out of bounds of a list of ${list.length}`);
  }
  return Number(part);
}

function missing(path: readonly string[]): JsonPatchConflictError {
  return new JsonPatchConflictError(`path /${path.join('/')} does not exist`);
}
