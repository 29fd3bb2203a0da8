import type { PodObject } from '../../api.ts';
import { type ContainerView, containersOf, ephemeralContainersOf, initContainersOf } from '../containers.ts';
import { directoryVolumePrefixes } from '../rules/check-volumes.ts';

/** A directory that a container was given for its log files (CMP-55). */
export interface LogDirectory {
  readonly container: string;
  /** Where it is in the container: absolute, without a slash at its end. */
  readonly path: string;
}

/** The log directories of a pod's containers, main containers first: mounts of volumes that forms make for them. */
export function logDirectoriesOf(pod: PodObject): LogDirectory[] {
  const all = [...containersOf(pod), ...initContainersOf(pod), ...ephemeralContainersOf(pod)];
  const volumes = new Set(
    (pod.spec?.volumes ?? [])
      .map(({ name }) => name)
      .filter((name) => name.startsWith(directoryVolumePrefixes.LOG_DIRECTORY)),
  );
  return all.flatMap(({ spec }) => directoriesOf(spec, volumes));
}

function directoriesOf({ name, volumeMounts }: ContainerView['spec'], volumes: ReadonlySet<string>): LogDirectory[] {
  const mounts = (volumeMounts ?? []).filter((mount) => volumes.has(mount.name));
  return mounts.map(({ mountPath }) => ({ container: name, path: `/${stepsOf(mountPath).join('/')}` }));
}

/** The names on the way of a path. */
export function stepsOf(path: string): string[] {
  return path.split('/').filter((step) => step !== '' && step !== '.');
}
