import { diffFields, type FieldChange } from 'longshore/sdk';
import { isPlainObject } from './plain-value.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the cluster keeps by itself, and no editor changes. */
const keptMetadata = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

export interface Edit {
  /** The object as the cluster has it now. */
  readonly current: object;
  /** What the editor wrote. */
  readonly edited: object;
  /** What the editor had read; undefined where only its version is known. */
  readonly original: object | undefined;
  /** The version that the editor had read. */
  readonly resourceVersion: string;
  readonly currentVersion: string | undefined;
}

export type EditDecision =
  /** Nobody was faster, or only the cluster itself was: status and bookkeeping. */
  | { readonly do: 'patch'; readonly patch: Json }
  /** Somebody was faster; `theirs` is undefined where what the editor had read is not known. */
  | {
      readonly do: 'conflict';
      readonly yours: readonly FieldChange[];
      readonly theirs: readonly FieldChange[] | undefined;
    };

/** What becomes of an edited text (CORE-29): a merge patch (RFC 7386) on the object as it is now, or a conflict. */
export function decideEdit({ current, edited, original, resourceVersion, currentVersion }: Edit): EditDecision {
  const now = editableOf(current);
  const wanted = editableOf(edited);
  if (resourceVersion === currentVersion) return { do: 'patch', patch: mergePatch(now, wanted) };
  if (original === undefined) return { do: 'conflict', yours: diffFields(now, wanted), theirs: undefined };
  const before = editableOf(original);
  const theirs = diffFields(before, now);
  if (theirs.length === 0) return { do: 'patch', patch: mergePatch(now, wanted) };
  return { do: 'conflict', yours: diffFields(before, wanted), theirs };
}

/** The part of an object that an editor may change. */
export function editableOf(object: object): Json {
  const { apiVersion: _version, kind: _kind, status: _status, metadata, ...rest } = object as Json;
  const kept = isPlainObject(metadata)
    ? Object.entries(metadata).filter(([name, value]) => keptMetadata.has(name) && !isNothing(value))
    : [];
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** What must be merged into `from` so that `to` comes of it: what is gone is null, lists are replaced. */
export function mergePatch(from: Json, to: Json): Json {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const before = from[key];
    const after = to[key];
    if (isNothing(after)) {
      if (!isNothing(before)) set(patch, key, null);
    } else if (isPlainObject(before) && isPlainObject(after)) {
      const inner = mergePatch(before, after);
      if (Object.keys(inner).length > 0) set(patch, key, inner);
    } else if (JSON.stringify(before) !== JSON.stringify(after))
      set(patch, key, isPlainObject(after) ? bare(after) : after);
  }
  return patch;
}

/** A new object must not carry nulls of its text: they would mean that something goes. */
function bare(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isNothing(member))
      .map(([key, member]) => [key, isPlainObject(member) ? bare(member) : member]),
  );
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** `__proto__` is a key like any other here. */
function set(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
