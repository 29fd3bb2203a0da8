import { encodeStreamCursor, type StreamCursor } from './stream-cursor.ts';

/** Encodes where readers stand. Those who read along stand at the same places one after the other, so a text serves them all. */
export interface CursorEncoder {
  at(place: Omit<StreamCursor, 'positions'>): CursorPlace;
}

/** One stream as one scope sees it. */
export interface CursorPlace {
  /** The cursor at these positions; a source without one is not in it. All sources that the scope has, in any order. */
  encode(sources: readonly { readonly name: string; readonly position: string | undefined }[]): string;
}

/** So many texts are remembered, of a few hundred bytes each; then all are forgotten. */
const keptTexts = 10_000;

export function createCursorEncoder(): CursorEncoder {
  const byPlace = new Map<string, Map<string, string>>();
  let kept = 0;

  function textsOf(name: string): Map<string, string> {
    if (kept >= keptTexts) {
      byPlace.clear();
      kept = 0;
    }
    const texts = byPlace.get(name) ?? new Map<string, string>();
    byPlace.set(name, texts);
    kept += 1;
    return texts;
  }

  return {
    at(place) {
      const name = `${place.topic} ${place.epoch} ${place.scope}`;
      return {
        encode(sources) {
          const key = keyOf(sources);
          const known = byPlace.get(name)?.get(key);
          if (known !== undefined) return known;
          const positions = new Map<string, string>();
          for (const { name: source, position } of sources) if (position !== undefined) positions.set(source, position);
          const text = encodeStreamCursor({ ...place, positions });
          textsOf(name).set(key, text);
          return text;
        },
      };
    },
  };
}

/** Of a single source its position tells all, and is mostly a text that others have too. */
function keyOf(sources: readonly { readonly name: string; readonly position: string | undefined }[]): string {
  if (sources.length === 1) return sources[0]?.position ?? '';
  let key = '';
  for (const { name, position } of sources) if (position !== undefined) key += `${name}\n${position}\n`;
  return key;
}
