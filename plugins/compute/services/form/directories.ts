import { createHash } from 'node:crypto';
import type { ContainerDirectories } from '../../api.ts';
import { directoryVolumePrefixes } from '../rules/check-volumes.ts';
import { type Draft, type Json, listAt } from './draft.ts';
import type { Maybe } from './maybe.ts';

export interface DirectoriesForm {
  readonly logDirectories?: Maybe<readonly string[]>;
  readonly dataDirectories?: Maybe<readonly string[]>;
}

const kinds = { logDirectories: 'LOG_DIRECTORY', dataDirectories: 'DATA_DIRECTORY' } as const;

/**
 * Directories of a container that are directories of its host (CMP-55): faster than its own file system, and what is in them
 * survives a restart of the container. They are folders that the kubelet makes for the pod and takes away with it, since a path of
 * the node that anybody chose would be everybody's.
 */
export function writeDirectories(spec: Draft, container: Draft, name: string, form: DirectoriesForm): void {
  for (const field of ['logDirectories', 'dataDirectories'] as const) {
    const paths = form[field];
    if (paths === undefined) continue;
    const prefix = directoryVolumePrefixes[kinds[field]];
    const wanted = new Map((paths ?? []).map((path, index) => [volumeName(prefix, name, path), { path, index }]));
    // What stays keeps its place: another order would be another version of the template.
    const stays = (volume: unknown): boolean => !String(volume).startsWith(prefix) || wanted.has(String(volume));
    const before = listAt(container.object, 'volumeMounts');
    const mine = new Set(before.map((mount) => mount.name));
    const volumes = listAt(spec.object, 'volumes').filter((volume) => !mine.has(volume.name) || stays(volume.name));
    const mounts = before.filter((mount) => stays(mount.name));
    const [madeOf, mounted] = [new Set(volumes.map(nameOf)), new Map(mounts.map((mount, at) => [nameOf(mount), at]))];
    for (const [volume, { path, index }] of wanted) {
      if (!madeOf.has(volume)) volumes.push({ name: volume, emptyDir: {} });
      const place = mounted.get(volume) ?? mounts.push({ name: volume, mountPath: path }) - 1;
      container.trace(['volumeMounts', place], [field, index]);
    }
    setList(spec.object, 'volumes', volumes);
    setList(container.object, 'volumeMounts', mounts);
  }
}

/** The same for a spec of a pod that no form makes. */
export function withDirectories(spec: Json, directories: readonly ContainerDirectories[]): Json {
  const volumes = [...listAt(spec, 'volumes')];
  const containers = listAt(spec, 'containers').map((container) => {
    const mounts = [...listAt(container, 'volumeMounts')];
    for (const { container: name, log, data } of directories) {
      if (name !== nameOf(container)) continue;
      for (const [prefix, paths] of [
        [directoryVolumePrefixes.LOG_DIRECTORY, log],
        [directoryVolumePrefixes.DATA_DIRECTORY, data],
      ] as const) {
        for (const path of new Set(paths)) {
          const volume = volumeName(prefix, name, path);
          if (volumes.some((each) => nameOf(each) === volume)) continue;
          volumes.push({ name: volume, emptyDir: {} });
          mounts.push({ name: volume, mountPath: path });
        }
      }
    }
    return mounts.length === 0 ? container : { ...container, volumeMounts: mounts };
  });
  return { ...spec, containers, ...(volumes.length === 0 ? {} : { volumes }) };
}

/** Tells where the input has the volumes that directories are made of; once all volumes have their place. */
export function traceDirectories(
  spec: Draft,
  list: 'containers' | 'initContainers',
  containers: Maybe<readonly (DirectoriesForm & { readonly name: string; readonly newName?: Maybe<string> })[]>,
): void {
  const places = new Map(listAt(spec.object, 'volumes').map((volume, place) => [nameOf(volume), place]));
  for (const [at, container] of (containers ?? []).entries()) {
    for (const field of ['logDirectories', 'dataDirectories'] as const) {
      const prefix = directoryVolumePrefixes[kinds[field]];
      for (const [index, path] of (container[field] ?? []).entries()) {
        const place = places.get(volumeName(prefix, container.newName ?? container.name, path));
        if (place !== undefined) spec.trace(['volumes', place], [list, at, field, index]);
      }
    }
  }
}

/** Takes the directories of containers that are gone away with them. */
export function dropDirectories(spec: Draft): void {
  const containers = [...listAt(spec.object, 'initContainers'), ...listAt(spec.object, 'containers')];
  const mounted = new Set(containers.flatMap((container) => listAt(container, 'volumeMounts')).map(nameOf));
  const prefixes = Object.values(directoryVolumePrefixes);
  const isLeft = (volume: string): boolean =>
    !mounted.has(volume) && prefixes.some((prefix) => volume.startsWith(prefix));
  setList(
    spec.object,
    'volumes',
    listAt(spec.object, 'volumes').filter((volume) => !isLeft(nameOf(volume))),
  );
}

const nameOf = ({ name }: Json): string => String(name);

/** The same for the same directory, so that it can be found again. */
function volumeName(prefix: string, container: string, path: string): string {
  return `${prefix}${createHash('sha256').update(`${container}:${path}`).digest('hex').slice(0, 10)}`;
}

function setList(object: Json, key: string, list: readonly Json[]): void {
  if (list.length > 0) object[key] = list;
  else delete object[key];
}
