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
    const isOurs = ({ name: volume }: Json): boolean => String(volume).startsWith(prefix);
    const mine = listAt(container.object, 'volumeMounts').filter(isOurs);
    const gone = new Set(mine.map((mount) => mount.name));
    const volumes = listAt(spec.object, 'volumes').filter((volume) => !gone.has(volume.name));
    const mounts = listAt(container.object, 'volumeMounts').filter((mount) => !isOurs(mount));
    for (const [index, path] of (paths ?? []).entries()) {
      const volume = `${prefix}${createHash('sha256').update(`${name}:${path}`).digest('hex').slice(0, 10)}`;
      if (!volumes.some((one) => one.name === volume)) volumes.push({ name: volume, emptyDir: {} });
      mounts.push({ name: volume, mountPath: path });
      container.trace(['volumeMounts', mounts.length - 1], [field, index]);
      spec.trace(['volumes', volumes.length - 1], []);
    }
    setList(spec.object, 'volumes', volumes);
    setList(container.object, 'volumeMounts', mounts);
  }
}

function setList(object: Json, key: string, list: readonly Json[]): void {
  if (list.length > 0) object[key] = list;
  else delete object[key];
}
