import { isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Path } from './to-plain-value.ts';

/** A place in a text; both count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a path of an object stands in its text: its value or the key before it, or the nearest thing above that is
 * there.
 */
export type Locate = (path: Path, what?: 'key' | 'value') => TextPosition;

export function createLocator(root: Node | null, lines: LineCounter, startOffset: number): Locate {
  const pairOf = createPairFinder();
  return (path, what = 'value') => {
    let offset = root?.range?.[0] ?? startOffset;
    let node: unknown = root;
    for (const [depth, segment] of path.entries()) {
      const next = step(node, segment, pairOf);
      if (!next) break;
      const isAsked = what === 'key' && depth === path.length - 1;
      offset = (isAsked ? next.keyOffset : undefined) ?? next.offset ?? offset;
      node = next.node;
    }
    return positionOf(lines, offset);
  };
}

export function positionOf(lines: LineCounter, offset: number): TextPosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Many places of one map may be asked for: each map is gone through once. Of a key that stands there twice the first counts. */
function createPairFinder(): (map: YAMLMap, key: string) => Pair | undefined {
  const known = new Map<YAMLMap, ReadonlyMap<unknown, Pair>>();
  return (map, key) => {
    let pairs = known.get(map);
    if (!pairs) {
      const scalars = map.items.filter((pair) => isScalar(pair.key)).reverse();
      pairs = new Map(scalars.map((pair) => [(pair.key as Scalar).value, pair]));
      known.set(map, pairs);
    }
    return pairs.get(key);
  };
}

function step(
  node: unknown,
  segment: string | number,
  pairOf: ReturnType<typeof createPairFinder>,
):
  | { readonly node: unknown; readonly offset: number | undefined; readonly keyOffset?: number | undefined }
  | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)];
    return item === undefined ? undefined : { node: item, offset: (item as Node | null)?.range?.[0] };
  }
  if (!isMap(node)) return undefined;
  const pair = pairOf(node, String(segment));
  if (!pair) return undefined;
  const value = pair.value as Node | null;
  const keyOffset = (pair.key as Node).range?.[0];
  return { node: value, offset: value?.range?.[0] ?? keyOffset, keyOffset };
}
