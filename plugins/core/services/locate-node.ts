import { isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Path } from './to-plain-value.ts';

/** A place in a text; both count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Finds paths of a parsed document in its text: the value of the path, or the nearest thing above it that is there. */
export function createLocator(
  root: Node | null,
  lines: LineCounter,
  startOffset: number,
): (path: Path) => TextPosition {
  return (path) => {
    let offset = root?.range?.[0] ?? startOffset;
    let node: unknown = root;
    for (const segment of path) {
      const next = step(node, segment);
      if (!next) break;
      offset = next.offset ?? offset;
      node = next.node;
    }
    return positionOf(lines, offset);
  };
}

export function positionOf(lines: LineCounter, offset: number): TextPosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function step(
  node: unknown,
  segment: string | number,
): { readonly node: unknown; readonly offset: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)];
    return item === undefined ? undefined : { node: item, offset: (item as Node | null)?.range?.[0] };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === String(segment));
  if (!pair) return undefined;
  const value = pair.value as Node | null;
  return { node: value, offset: value?.range?.[0] ?? (pair.key as Node).range?.[0] };
}
