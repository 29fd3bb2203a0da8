import { encodeStreamCursor } from './stream-cursor.ts';

/** Encodes where readers stand. Those who read along stand at the same place, so the last text often serves again. */
export interface CursorEncoder {
  encode(
    topic: string,
    scope: string,
    sources: readonly { readonly name: string; readonly position: string | undefined }[],
  ): string;
}

/** So many scopes have their last cursor kept; a scope is one filter under the same rights. */
const keptScopes = 1_000;

export function createCursorEncoder(epoch: string): CursorEncoder {
  const last = new Map<string, { readonly key: string; readonly text: string }>();
  return {
    encode(topic, scope, sources) {
      const place = `${topic} ${scope}`;
      let key = '';
      for (const { name, position } of sources) if (position !== undefined) key += `${name}\n${position}\n`;
      const known = last.get(place);
      if (known?.key === key) return known.text;
      const positions = new Map<string, string>();
      for (const { name, position } of sources) if (position !== undefined) positions.set(name, position);
      const text = encodeStreamCursor({ topic, epoch, scope, positions });
      if (last.size >= keptScopes) last.clear();
      last.set(place, { key, text });
      return text;
    },
  };
}
