import { createHash } from 'node:crypto';
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
    const wanted = (paths ?? []).map((path) => ({ name: volumeName(prefix, name, path), path }));
    // What stays keeps its place: another order would be another version of the template.
    const stays = (volume: unknown): boolean =>
      !String(volume).startsWith(prefix) || wanted.some((one) => one.name === volume);
    const mine = new Set(listAt(container.object, 'volumeMounts').map((mount) => mount.name));
    const volumes = listAt(spec.object, 'volumes').filter((volume) => !mine.has(volume.name) || stays(volume.name));
    const mounts = listAt(container.object, 'volumeMounts').filter((mount) => stays(mount.name));
    for (const [index, { name: volume, path }] of wanted.entries()) {
      if (!volumes.some((one) => one.name === volume)) volumes.push({ name: volume, emptyDir: {} });
      if (!mounts.some((one) => one.name === volume)) mounts.push({ name: volume, mountPath: path });
      const place = mounts.findIndex((one) => one.name === volume);
      container.trace(['volumeMounts', place], [field, index]);
    }
    setList(spec.object, 'volumes', volumes);
    setList(container.object, 'volumeMounts', mounts);
  }
}

/** The same for the same directory, so that it can be found again. */
function volumeName(prefix: string, container: string, path: string): string {
  return `${prefix}${createHash('sha256').update(`${container}:${path}`).digest('hex').slice(0, 10)}`;
}

function setList(object: Json, key: string, list: readonly Json[]): void {
  if (list.length > 0) object[key] = list;
  else delete object[key];
}
