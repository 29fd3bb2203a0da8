import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { PlainObject, PlainValue } from './plain-value.ts';
import { resolvePlainScalar } from './resolve-plain-scalar.ts';

/** What all documents of one text may grow to once their aliases are filled in. */
export interface ExpansionBudget {
  nodes: number;
  /** UTF-16 units of keys and texts. */
  characters: number;
}

/** Generous for hand-written text, and far below what would hurt: 3 MiB is what an API server takes in one request. */
export const createExpansionBudget = (): ExpansionBudget => ({ nodes: 100_000, characters: 3 * 1024 * 1024 });

/** Levels of lists and maps; the deepest schema of Kubernetes itself has about thirty. */
const maxDepth = 100;

export type Path = readonly (string | number)[];
export type Report = (code: string, message: string, node: Node | undefined, path: Path) => void;

/** Nothing further of this document can be read. */
export class UnreadableDocument extends Error {
  readonly code: string;
  readonly node: Node;
  readonly path: Path;
  constructor(code: string, message: string, node: Node, path: Path) {
    super(message);
    this.code = code;
    this.node = node;
    this.path = path;
  }
}

/**
 * A parsed document as plain JSON. Tells duplicate keys, values JSON does not have and unknown tags to `report`; throws
 * `UnreadableDocument` for aliases without end and for what outgrows the budget.
 */
export function toPlainValue(root: Node | null, budget: ExpansionBudget, report: Report): PlainValue {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  const open = new Set<Node>();

  function spend(node: Node, path: Path, characters: number): void {
    budget.nodes -= 1;
    budget.characters -= characters;
    if (budget.nodes >= 0 && budget.characters >= 0) return;
    throw new UnreadableDocument(
      'too_large',
      'The manifest has too many values once its aliases are filled in',
      node,
      path,
    );
  }

  /** An alias means the nearest anchor before it, also where it is met again inside another alias. */
  function targetOf(alias: Alias): Node | undefined {
    if (!targets.has(alias)) targets.set(alias, anchors.get(alias.source));
    return targets.get(alias);
  }

  function read(node: Node | null, path: Path, isExpansion: boolean): PlainValue {
    if (node === null) return null;
    if (isAlias(node)) return readAlias(node, path);
    if (!isExpansion && 'anchor' in node && node.anchor) anchors.set(node.anchor, node);
    if (path.length > maxDepth) {
      throw new UnreadableDocument(
        'too_deep',
        `A manifest may nest at most ${maxDepth} levels`,
        node,
        path.slice(0, maxDepth),
      );
    }
    if (isScalar(node)) return readScalar(node, path);
    spend(node, path, 0);
    open.add(node);
    const value = isMap(node)
      ? readMap(node, path, isExpansion)
      : isSeq(node)
        ? readItems(node.items, path, isExpansion)
        : null;
    open.delete(node);
    if (node.tag && !containerTags.has(node.tag))
      report('unknown_tag', `${describeTag(node.tag)} has no meaning here`, node, path);
    return value;
  }

  const readItems = (items: readonly unknown[], path: Path, isExpansion: boolean): PlainValue =>
    items.map((item, index) => read(item as Node | null, [...path, index], isExpansion));

  function readAlias(alias: Alias, path: Path): PlainValue {
    const target = targetOf(alias);
    if (!target) {
      throw new UnreadableDocument(
        'unknown_alias',
        'There is no anchor of this name before this alias; quote it if it is text',
        alias,
        path,
      );
    }
    if (open.has(target)) {
      throw new UnreadableDocument('endless_alias', 'The anchor of this alias contains itself', alias, path);
    }
    return read(target, path, true);
  }

  function readScalar(node: Scalar, path: Path): PlainValue {
    const text = typeof node.value === 'string' ? node.value : '';
    spend(node, path, text.length);
    const value = resolveScalar(node, text);
    if (value === undefined) {
      report('unknown_tag', `${describeTag(node.tag ?? '')} has no meaning for this text`, node, path);
      return text;
    }
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (!Number.isSafeInteger(number)) {
        report('number_too_large', 'This number is too large to be kept exactly; quote it if it is text', node, path);
      }
      return number;
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      report('not_a_number', `${text} cannot be sent to a cluster; quote it if it is text`, node, path);
      return 0;
    }
    return value;
  }

  function readKey(key: unknown, path: Path): string | undefined {
    const node = isAlias(key) ? targetOf(key) : (key as Node | null);
    if (!node || !isScalar(node)) {
      report('invalid_key', 'A key must be a text', node ?? undefined, path);
      return undefined;
    }
    if (!isAlias(key) && node.anchor) anchors.set(node.anchor, node);
    const value = readScalar(node, path);
    if (value === null) {
      report('invalid_key', 'A key must be a text, not null', node, path);
      return undefined;
    }
    return String(value);
  }

  function readMap(map: YAMLMap, path: Path, isExpansion: boolean): PlainObject {
    const result: Record<string, PlainValue> = {};
    const merged: PlainValue[] = [];
    for (const { key: keyNode, value: valueNode } of map.items) {
      if (isMergeKey(keyNode)) {
        merged.push(...readMerged(valueNode as Node | null, path, isExpansion));
        continue;
      }
      const key = readKey(keyNode, path);
      if (key === undefined) continue;
      const here = [...path, key];
      if (Object.hasOwn(result, key)) {
        report('duplicate_key', `The key ${JSON.stringify(shorten(key))} stands here twice`, keyNode as Node, here);
      }
      setOwn(result, key, read(valueNode as Node | null, here, isExpansion));
    }
    for (const source of merged) {
      for (const [key, value] of Object.entries(source as PlainObject)) {
        if (!Object.hasOwn(result, key)) setOwn(result, key, value);
      }
    }
    return result;
  }

  /** `<<: *base` and `<<: [*first, *second]`; what stands earlier wins. */
  function readMerged(node: Node | null, path: Path, isExpansion: boolean): PlainValue[] {
    const here = [...path, '<<'];
    const value = read(node, here, isExpansion);
    const sources = Array.isArray(value) ? (value as readonly PlainValue[]) : [value];
    return sources.filter((source) => {
      const isMapping = typeof source === 'object' && source !== null && !Array.isArray(source);
      if (!isMapping) report('invalid_merge', 'Only mappings can be merged with <<', node ?? undefined, here);
      return isMapping;
    });
  }

  return read(root, [], false);
}

const prefix = 'tag:yaml.org,2002:';
const containerTags = new Set([`${prefix}map`, `${prefix}seq`]);

/** Undefined where the tag and the text do not go together. */
function resolveScalar(node: Scalar, text: string): ReturnType<typeof resolvePlainScalar> | undefined {
  const { tag } = node;
  if (!tag) return node.type === 'PLAIN' ? resolvePlainScalar(text) : text;
  if (tag === `${prefix}str` || tag === '!') return text;
  const value = resolvePlainScalar(text);
  if (tag === `${prefix}null` && value === null) return null;
  if (tag === `${prefix}bool` && typeof value === 'boolean') return value;
  if (tag === `${prefix}int` && typeof value === 'bigint') return value;
  if (tag === `${prefix}float` && (typeof value === 'bigint' || typeof value === 'number')) return Number(value);
  return undefined;
}

function isMergeKey(node: unknown): boolean {
  return isScalar(node) && node.value === '<<' && node.type === 'PLAIN' && !node.tag;
}

/** `__proto__` is a key like any other here. */
function setOwn(target: Record<string, PlainValue>, key: string, value: PlainValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A tag of YAML's own by its name. Any other may be the beginning of a password that nobody quoted. */
function describeTag(tag: string): string {
  return /^tag:yaml\.org,2002:[a-z]+$/.test(tag) ? `The tag ${tag}` : 'This tag';
}

/** Messages quote keys and the words of the library, never values: those may be a Secret's. */
export function shorten(text: string, length = 60): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
