/** What its author says of a manifest; the rest is the cluster's. */
export function authoredManifest({
  status: _status,
  metadata,
  ...manifest
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { name, namespace, labels, annotations } = metadata as Readonly<Record<string, unknown>>;
  return { ...manifest, metadata: { name, namespace, labels, annotations } };
}
