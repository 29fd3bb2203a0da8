/** The messages that all streams of objects have. */
export interface ObjectMessage {
  readonly type: string;
  readonly item: { readonly id: string; readonly name: string; readonly resourceVersion: string } | null;
}

export interface Folded {
  /** Versions by name, as somebody knows them who has only the stream. */
  readonly objects: ReadonlyMap<string, string>;
  /** What a stream must never do: change or delete what it has not shown, show twice as new. */
  readonly faults: readonly string[];
}

/** What a client holds that has read all these messages from the beginning. */
export function foldObjects(messages: Iterable<ObjectMessage>): Folded {
  const objects = new Map<string, string>();
  const faults: string[] = [];
  for (const { type, item } of messages) {
    if (type === 'RESYNC') objects.clear();
    if (!item) continue;
    const isKnown = objects.has(item.name);
    if (type === 'ADDED' ? isKnown : !isKnown) faults.push(`${type} ${item.name}`);
    if (type === 'DELETED') objects.delete(item.name);
    else objects.set(item.name, item.resourceVersion);
  }
  return { objects, faults };
}
