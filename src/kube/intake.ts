import { apiVersionOf, type KindRef } from './kind-ref.ts';
import { type KubeObject, type Origin, origin } from './kube-object.ts';
import { sealSecret } from './sealed-secret.ts';
import { ConnectionError } from './transport/connection-error.ts';
import { keepUpdateTime, tellsUpdateTime } from './update-time.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Takes a freshly parsed object in, in place and once: what nobody reads and what nobody may read leaves here, before
 * the object is stored, delivered or logged anywhere. `undefined` instead of `delete` keeps the object's fast shape.
 * Throws where it is not an object with a name.
 */
export function takeIn<T>(parsed: unknown, from: Origin): KubeObject<T> {
  if (!isObject(parsed) || !isObject(parsed.metadata) || typeof parsed.metadata.name !== 'string') {
    throw new ConnectionError('garbage', `what it sent as ${from.kind} has no metadata.name`);
  }
  const metadata = parsed.metadata;
  if (tellsUpdateTime(from)) keepUpdateTime(parsed, metadata.managedFields);
  if (metadata.managedFields !== undefined) metadata.managedFields = undefined;
  if (isObject(metadata.annotations) && lastApplied in metadata.annotations) {
    const { [lastApplied]: _dropped, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  if (from.kind === 'Secret' && from.group === '') sealSecret(parsed);
  // Items of a list of a built-in kind carry neither.
  parsed.apiVersion ??= apiVersionOf(from);
  parsed.kind ??= from.kind;
  Object.defineProperty(parsed, origin, { value: from, enumerable: false });
  return parsed as KubeObject<T>;
}

/** The origin shared by all objects of a (cluster, kind). */
export function originOf(cluster: string, kind: KindRef): Origin {
  const { group, version, plural, isNamespaced } = kind;
  return { cluster, group, version, kind: kind.kind, plural, isNamespaced };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
