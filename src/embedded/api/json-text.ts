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
