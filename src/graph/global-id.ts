import { type KubeObject, origin } from '../kube/kube-object.ts';

/** What a global id names: an object of a cluster, or a row of a plugin's table. */
export type GlobalId =
  | {
      readonly of: 'kubernetes';
      readonly cluster: string;
      readonly group: string;
      readonly kind: string;
      readonly namespace: string | undefined;
      readonly name: string;
    }
  | { readonly of: 'row'; readonly plugin: string; readonly type: string; readonly key: string };

/** Longest id accepted; real ones are far below (253 characters a name). */
const maxIdLength = 2048;

/** Global Object Identification: no version and no uid in it, so it survives restarts, upgrades and re-creation. */
export function encodeGlobalId(id: GlobalId): string {
  const parts =
    id.of === 'kubernetes'
      ? ['k8s', id.cluster, id.group, id.kind, id.namespace ?? '', id.name]
      : [id.plugin, id.type, id.key];
  return Buffer.from(parts.map(encodeURIComponent).join('|'), 'utf8').toString('base64url');
}

/** Undefined for anything that `encodeGlobalId` cannot have made: to the caller such a thing does not exist. */
export function parseGlobalId(text: string): GlobalId | undefined {
  if (text.length === 0 || text.length > maxIdLength || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const parts = decodeParts(Buffer.from(text, 'base64url').toString('utf8'));
  if (!parts) return undefined;
  const parsed = fromParts(parts);
  // One object has one id: a second spelling of it would defeat caches and comparisons.
  return parsed && encodeGlobalId(parsed) === text ? parsed : undefined;
}

export function idOfObject(object: Pick<KubeObject, 'metadata' | typeof origin>): string {
  const from = object[origin];
  return encodeGlobalId({
    of: 'kubernetes',
    cluster: from.cluster,
    group: from.group,
    kind: from.kind,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
  });
}

function decodeParts(text: string): string[] | undefined {
  try {
    return text.split('|').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function fromParts(parts: string[]): GlobalId | undefined {
  if (parts.length === 6 && parts[0] === 'k8s') {
    const [, cluster = '', group = '', kind = '', namespace = '', name = ''] = parts;
    if (cluster === '' || kind === '' || name === '') return undefined;
    return { of: 'kubernetes', cluster, group, kind, namespace: namespace === '' ? undefined : namespace, name };
  }
  if (parts.length === 3) {
    const [plugin = '', type = '', key = ''] = parts;
    if (plugin === '' || plugin === 'k8s' || type === '' || key === '') return undefined;
    return { of: 'row', plugin, type, key };
  }
  return undefined;
}
