import { canonicalJson } from './canonical-json.ts';
import { safeEncode } from './random-suffix.ts';

/**
 * A short name for the content of a pod template, stable across processes. `collisions` makes another name where two
 * templates share one (the `collisionCount` of Deployments).
 */
export function templateHash(template: unknown, collisions = 0): string {
  const text = collisions === 0 ? canonicalJson(template) : `${canonicalJson(template)}#${collisions}`;
  return safeEncode(String(fnv1a32(text)));
}

/** FNV-1a over UTF-16 code units, 32 bits. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
