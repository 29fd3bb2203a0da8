const texts = new WeakMap<object, string>();

/**
 * The object as JSON text, printed once per object: lists and every watcher of a change share it. Only for stored
 * objects, which are never changed in place.
 */
export function jsonTextOf(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}

const itemTexts = new WeakMap<object, string>();

/** The object as it stands in a list of its kind: without apiVersion and kind. Printed once per object, too. */
export function itemTextOf(object: object): string {
  let text = itemTexts.get(object);
  if (text === undefined) {
    const { apiVersion: _version, kind: _kind, ...item } = object as { apiVersion?: unknown; kind?: unknown };
    text = JSON.stringify(item);
    itemTexts.set(object, text);
  }
  return text;
}
