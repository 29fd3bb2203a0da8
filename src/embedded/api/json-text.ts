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

/** The object as it stands in a list of its kind: without apiVersion and kind. Cut from the shared text, which it keeps. */
export function itemTextOf(object: { readonly apiVersion: string; readonly kind: string }): string {
  const text = jsonTextOf(object);
  const head = `{"kind":"${object.kind}","apiVersion":"${object.apiVersion}",`;
  if (text.startsWith(head)) return `{${text.slice(head.length)}`;
  const { apiVersion: _version, kind: _kind, ...item } = object;
  return JSON.stringify(item);
}
