import type { Draft, Json } from './draft.ts';
import { type Maybe, mapped, type Removable } from './maybe.ts';

/** A key of a ConfigMap or Secret as a file. */
export interface FileForm {
  readonly key: string;
  /** Path below the mount; the key's own name where absent. */
  readonly path?: Maybe<string>;
}

interface FilesForm {
  readonly name: string;
  readonly items?: Maybe<readonly FileForm[]>;
  readonly isOptional?: Maybe<boolean>;
}

/** What a volume is made of: exactly one of them. */
export interface VolumeSourceForm {
  readonly emptyDir?: Maybe<{ readonly medium?: Maybe<'DISK' | 'MEMORY'>; readonly sizeLimit?: Maybe<string> }>;
  readonly configMap?: Maybe<FilesForm>;
  readonly secret?: Maybe<FilesForm>;
  readonly hostPath?: Maybe<{ readonly path: string; readonly type?: Maybe<string> }>;
  readonly persistentVolumeClaim?: Maybe<{ readonly claimName: string; readonly isReadOnly?: Maybe<boolean> }>;
}

export interface VolumeForm extends Removable {
  readonly name: string;
  readonly source?: Maybe<VolumeSourceForm>;
}

export interface MountForm extends Removable {
  readonly name?: Maybe<string>;
  readonly mountPath: string;
  readonly subPath?: Maybe<string>;
  readonly isReadOnly?: Maybe<boolean>;
}

const nameOf = ({ name }: Json): string => String(name);

/** Volumes that the containers of a pod may mount (CMP-52, CMP-53). */
export function writeVolumes(spec: Draft, volumes: Maybe<readonly VolumeForm[]>): void {
  spec.merge('volumes', volumes, nameOf, (volume, { name, source }, isNew) => {
    volume.set('name', name);
    if (!source) {
      if (isNew) volume.refuse(['source'], 'required', `source must say what the volume '${name}' is made of`);
      return;
    }
    const [field, value] = toSource(source);
    for (const other of Object.keys(volume.object))
      if (other !== 'name' && other !== field) delete volume.object[other];
    // What the form does not know of a source of the same kind, e.g. the mode of its files, stays.
    volume.inside(field, ['source', field], (draft) => {
      for (const [key, part] of Object.entries(value)) draft.set(key, part);
    });
    if (volume.object[field] === undefined) volume.object[field] = {};
  });
}

function toSource(source: VolumeSourceForm): readonly [string, Readonly<Record<string, unknown>>] {
  const { emptyDir, configMap, secret, hostPath, persistentVolumeClaim } = source;
  if (configMap) return ['configMap', { name: configMap.name, ...toFiles(configMap) }];
  if (secret) return ['secret', { secretName: secret.name, ...toFiles(secret) }];
  if (hostPath) return ['hostPath', { path: hostPath.path, type: hostPath.type }];
  if (persistentVolumeClaim) {
    const { claimName, isReadOnly } = persistentVolumeClaim;
    return ['persistentVolumeClaim', { claimName, readOnly: orNothing(isReadOnly) }];
  }
  const { medium, sizeLimit } = emptyDir ?? {};
  return ['emptyDir', { medium: medium && (medium === 'MEMORY' ? 'Memory' : null), sizeLimit }];
}

function toFiles({ items, isOptional }: FilesForm): object {
  return {
    items: mapped(items, ({ key, path }) => ({ key, path: path ?? key })),
    optional: orNothing(isOptional),
  };
}

/** Kubernetes leaves out what is false. */
const orNothing = (value: Maybe<boolean>): Maybe<boolean> => (value === false ? null : value);

/** Where a container sees the volumes of its pod; the path tells mounts apart. */
export function writeMounts(container: Draft, mounts: Maybe<readonly MountForm[]>): void {
  container.merge('volumeMounts', mounts, pathOf, (mount, { name, mountPath, subPath, isReadOnly }, isNew) => {
    if (isNew && !name) mount.refuse(['name'], 'required', `name must say which volume is mounted at '${mountPath}'`);
    mount.set('name', name ?? undefined);
    mount.set('mountPath', mountPath);
    mount.set('subPath', subPath);
    mount.set('readOnly', orNothing(isReadOnly), ['isReadOnly']);
  });
}

const pathOf = ({ mountPath }: Json): string => String(mountPath);
