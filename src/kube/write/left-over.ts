/** The object that finalizers or a grace period keep around; undefined where it is gone. */
export function leftOver(
  body: unknown,
): { readonly uid: string | undefined; readonly resourceVersion: string | undefined } | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const details =
    'details' in body && typeof body.details === 'object' && body.details !== null ? body.details : undefined;
  if (details !== undefined) return { uid: textAt(details, 'uid'), resourceVersion: undefined };
  const metadata =
    'metadata' in body && typeof body.metadata === 'object' && body.metadata !== null ? body.metadata : undefined;
  if (metadata === undefined || textAt(metadata, 'uid') === undefined) return undefined;
  // Without a deletion timestamp the answer shows the last state of what is gone.
  const isLeft = textAt(metadata, 'deletionTimestamp') !== undefined;
  return { uid: textAt(metadata, 'uid'), resourceVersion: isLeft ? textAt(metadata, 'resourceVersion') : undefined };
}

function textAt(object: object, key: string): string | undefined {
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'string' ? value : undefined;
}
