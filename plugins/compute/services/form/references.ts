import { secretKind } from 'longshore/plugins/core';
import {
  allMaybe,
  type ClusterReader,
  type KubeObject,
  type ManifestMisfit,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';
import { configMapKind, nodeKind, persistentVolumeClaimKind } from '../../api.ts';
import type { ClaimFacts } from '../read-write-once.ts';
import { isGiven, itemsAt, type Path, valueAt } from '../rules/seen-workload.ts';

type Kind = 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'Node';

/** Something that a manifest names and that must be there before its pods can run. */
interface Reference {
  readonly kind: Kind;
  readonly name: string;
  /** A key that it must have. */
  readonly key: string | undefined;
  readonly path: Path;
}

/** What was found of what a manifest names. */
export interface FoundReferences {
  /** What is missing; paths point into the manifest. */
  readonly missing: readonly ManifestMisfit[];
  readonly claims: readonly ClaimFacts[];
}

/**
 * Looks for the ConfigMaps, Secrets, claims and nodes that a manifest names, with their keys, in its own namespace (CMP-53, CMP-100).
 * What the workload that is there names already is not asked for again.
 */
export function findReferences(
  reader: ClusterReader,
  namespace: string,
  manifest: unknown,
  podSpec: Path,
  existing: unknown,
): MaybePromise<FoundReferences> {
  const known = new Set(referencesIn(existing, podSpec).map(signOf));
  const references = referencesIn(manifest, podSpec);
  const reads = references.map((reference) => load(reader, namespace, reference));
  return mapMaybe(allMaybe(reads), (objects) => {
    const missing = references.flatMap((reference, index) =>
      known.has(signOf(reference)) ? [] : misfitOf(reference, objects[index], namespace),
    );
    const claims = references.flatMap(({ kind, name }, index) => {
      const object = objects[index];
      if (kind !== 'PersistentVolumeClaim' || !object) return [];
      return [{ name, accessModes: itemsAt(object, ['spec', 'accessModes']).map(String) }];
    });
    return { missing, claims };
  });
}

const signOf = ({ kind, name, key }: Reference): string => JSON.stringify([kind, name, key ?? null]);

function load(
  reader: ClusterReader,
  namespace: string,
  { kind, name }: Reference,
): MaybePromise<KubeObject | undefined> {
  switch (kind) {
    case 'ConfigMap':
      return reader.get(configMapKind, namespace, name) as MaybePromise<KubeObject | undefined>;
    case 'Secret':
      return reader.get(secretKind, namespace, name) as MaybePromise<KubeObject | undefined>;
    case 'PersistentVolumeClaim':
      return reader.get(persistentVolumeClaimKind, namespace, name) as MaybePromise<KubeObject | undefined>;
    case 'Node':
      return reader.get(nodeKind, undefined, name) as MaybePromise<KubeObject | undefined>;
  }
}

function misfitOf(
  { kind, name, key, path }: Reference,
  object: KubeObject | undefined,
  namespace: string,
): readonly ManifestMisfit[] {
  const where = kind === 'Node' ? 'in the cluster' : `in the namespace '${namespace}'`;
  if (!object) return [{ path, code: 'not_found', message: `There is no ${kind} '${name}' ${where}` }];
  if (key === undefined || hasKey(object, key)) return [];
  return [{ path, code: 'no_such_key', message: `${kind} '${name}' has no key '${key}'` }];
}

function hasKey(object: KubeObject, key: string): boolean {
  return ['data', 'binaryData'].some((field) => isGiven(valueAt(object, [field, key])));
}

function referencesIn(manifest: unknown, podSpec: Path): readonly Reference[] {
  const containers = ['initContainers', 'containers'].flatMap((field) =>
    itemsAt(manifest, [...podSpec, field]).flatMap((container, index) =>
      inEnvironment(container, [...podSpec, field, index]),
    ),
  );
  const volumes = itemsAt(manifest, [...podSpec, 'volumes']).flatMap((volume, index) =>
    inVolume(volume, [...podSpec, 'volumes', index]),
  );
  const pulls = itemsAt(manifest, [...podSpec, 'imagePullSecrets']).flatMap((secret, index) =>
    reference('Secret', secret, 'name', [...podSpec, 'imagePullSecrets', index]),
  );
  return [...containers, ...volumes, ...pulls, ...namedHost(manifest, podSpec)];
}

function inEnvironment(container: unknown, path: Path): readonly Reference[] {
  const single = itemsAt(container, ['env']).flatMap((variable, index) => {
    const place = [...path, 'env', index];
    const key = (kind: Kind, field: string) => {
      const source = valueAt(variable, ['valueFrom', field]);
      return reference(kind, source, 'name', place, String(valueAt(source, ['key'])));
    };
    return [...key('ConfigMap', 'configMapKeyRef'), ...key('Secret', 'secretKeyRef')];
  });
  const all = itemsAt(container, ['envFrom']).flatMap((source, index) => [
    ...reference('ConfigMap', valueAt(source, ['configMapRef']), 'name', [...path, 'envFrom', index]),
    ...reference('Secret', valueAt(source, ['secretRef']), 'name', [...path, 'envFrom', index]),
  ]);
  return [...single, ...all];
}

function inVolume(volume: unknown, path: Path): readonly Reference[] {
  const files = (kind: Kind, source: unknown, field: string): readonly Reference[] => {
    const items = itemsAt(source, ['items']);
    if (items.length === 0) return reference(kind, source, field, path);
    return items.flatMap((item) => reference(kind, source, field, path, String(valueAt(item, ['key']))));
  };
  return [
    ...files('ConfigMap', valueAt(volume, ['configMap']), 'name'),
    ...files('Secret', valueAt(volume, ['secret']), 'secretName'),
    ...reference('PersistentVolumeClaim', valueAt(volume, ['persistentVolumeClaim']), 'claimName', path),
  ];
}

/** What may be missing is not asked for. */
function reference(kind: Kind, source: unknown, field: string, path: Path, key?: string): readonly Reference[] {
  const name = valueAt(source, [field]);
  if (typeof name !== 'string' || valueAt(source, ['optional']) === true) return [];
  return [{ kind, name, key, path }];
}

/** A host that was picked by its name (CMP-58). */
function namedHost(manifest: unknown, podSpec: Path): readonly Reference[] {
  const path = [...podSpec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'];
  return itemsAt(manifest, [...path, 'nodeSelectorTerms']).flatMap((term) =>
    itemsAt(term, ['matchFields']).flatMap((field) =>
      valueAt(field, ['key']) === 'metadata.name' && valueAt(field, ['operator']) === 'In'
        ? itemsAt(field, ['values']).map((name) => ({
            kind: 'Node' as const,
            name: String(name),
            key: undefined,
            path,
          }))
        : [],
    ),
  );
}
