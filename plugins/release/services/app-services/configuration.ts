import { createHash } from 'node:crypto';
import type { Json } from './place-pods.ts';
import type { ConfigurationSnapshot } from './version-spec.ts';

export type ConfigKind = ConfigurationSnapshot['kind'];

/** A ConfigMap or Secret that pods take their configuration from. */
export interface ConfigReference {
  readonly kind: ConfigKind;
  readonly name: string;
  /** Whether pods start without it, wherever they name it. */
  readonly isOptional: boolean;
}

/** Which name stands for another one; the same where nothing does. */
export type Rename = (kind: ConfigKind, name: string, isOptional: boolean) => string;

/**
 * The pod template with other ConfigMaps and Secrets: in variables, in all variables at once, as volumes and as parts of projected ones. What
 * is no configuration stays: pull secrets and the secrets of volume drivers are renewed without a release.
 */
export function renameConfiguration(template: Json, rename: Rename): Json {
  const spec = objectAt(template, 'spec');
  if (!spec) return template;
  const source = named('name', rename);
  const container = (one: Json): Json => ({
    ...one,
    ...listed(one, 'env', (variable) => ({
      ...variable,
      ...below(variable, 'valueFrom', (from) => ({
        ...from,
        ...below(from, 'configMapKeyRef', source('ConfigMap')),
        ...below(from, 'secretKeyRef', source('Secret')),
      })),
    })),
    ...listed(one, 'envFrom', (from) => ({
      ...from,
      ...below(from, 'configMapRef', source('ConfigMap')),
      ...below(from, 'secretRef', source('Secret')),
    })),
  });
  const volume = (one: Json): Json => ({
    ...one,
    ...below(one, 'configMap', source('ConfigMap')),
    ...below(one, 'secret', named('secretName', rename)('Secret')),
    ...below(one, 'projected', (projected) => ({
      ...projected,
      ...listed(projected, 'sources', (part) => ({
        ...part,
        ...below(part, 'configMap', source('ConfigMap')),
        ...below(part, 'secret', source('Secret')),
      })),
    })),
  });
  return {
    ...template,
    spec: {
      ...spec,
      ...listed(spec, 'initContainers', container),
      ...listed(spec, 'containers', container),
      ...listed(spec, 'volumes', volume),
    },
  };
}

/** What a pod template takes its configuration from, each once, in the order in which it names them. */
export function configurationOf(template: Json): readonly ConfigReference[] {
  const found = new Map<string, ConfigReference>();
  renameConfiguration(template, (kind, name, isOptional) => {
    const key = `${kind} ${name}`;
    found.set(key, { kind, name, isOptional: isOptional && (found.get(key)?.isOptional ?? true) });
    return name;
  });
  return [...found.values()];
}

/** The template with the snapshots in place of what the form named. */
export function withSnapshots(template: Json, snapshots: readonly ConfigurationSnapshot[]): Json {
  const names = new Map(snapshots.map(({ kind, name, snapshot }) => [`${kind} ${name}`, snapshot]));
  return renameConfiguration(template, (kind, name) => names.get(`${kind} ${name}`) ?? name);
}

/** The template as the form named things: what a draft begins with, and what is compared. */
export function withoutSnapshots(template: Json, snapshots: readonly ConfigurationSnapshot[]): Json {
  const names = new Map(snapshots.map(({ kind, name, snapshot }) => [`${kind} ${snapshot}`, name]));
  return renameConfiguration(template, (kind, name) => names.get(`${kind} ${name}`) ?? name);
}

/** Most characters of a name in Kubernetes. */
const longest = 253;

/** One for each version: a snapshot never changes. A name that is too long is cut, and made its own again. */
export function snapshotNameOf(name: string, versionUuid: string): string {
  const mark = versionUuid.replaceAll('-', '').slice(0, 10);
  if (name.length + 1 + mark.length <= longest) return `${name}-${mark}`;
  const cut = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const head = name.slice(0, longest - mark.length - cut.length - 2).replace(/[-.]+$/, '');
  return `${head}-${cut}-${mark}`;
}

const named =
  (field: 'name' | 'secretName', rename: Rename) =>
  (kind: ConfigKind) =>
  (source: Json): Json => {
    const name = source[field];
    return typeof name === 'string' ? { ...source, [field]: rename(kind, name, source.optional === true) } : source;
  };

function objectAt(object: Json, key: string): Json | undefined {
  const value = object[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function below(object: Json, key: string, change: (inner: Json) => Json): Json {
  const inner = objectAt(object, key);
  return inner ? { [key]: change(inner) } : {};
}

function listed(object: Json, key: string, change: (entry: Json) => Json): Json {
  const list = object[key];
  return Array.isArray(list) ? { [key]: list.map((entry) => change(entry as Json)) } : {};
}
