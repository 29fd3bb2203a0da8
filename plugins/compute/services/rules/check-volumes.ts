import { volumeClaimKinds, volumeForbiddenMountPaths, volumeTypes } from '../../profile-keys/pods.ts';
import { containersOf, isGiven, itemsAt, valueAt, type WorkloadRule } from './seen-workload.ts';

/** What a volume is called in profiles, by its source; what no profile names is the cluster's matter. */
const words: Readonly<Record<string, readonly string[]>> = {
  emptyDir: ['EMPTY_DIR'],
  configMap: ['CONFIG_MAP'],
  secret: ['SECRET'],
  hostPath: ['HOST_PATH'],
  // Disks of a cloud and data volumes of a platform are claims to Kubernetes.
  persistentVolumeClaim: ['PERSISTENT_VOLUME_CLAIM', 'DATA_VOLUME', 'CLOUD_DISK'],
  ephemeral: ['PERSISTENT_VOLUME_CLAIM', 'DATA_VOLUME', 'CLOUD_DISK'],
};

/** Names of volumes that log, data and monitoring directories are made of (CMP-55, CMP-113). */
export const directoryVolumePrefixes = {
  LOG_DIRECTORY: 'log-directory-',
  DATA_DIRECTORY: 'data-directory-',
  MONITORING_DIRECTORY: 'monitoring-directory-',
} as const;

/** CMP-52, CON-12: what volumes may be made of, and which kinds of workloads may mount a claim. */
export const checkVolumes: WorkloadRule = (seen) => {
  const { object, podSpec, profile, word, kind } = seen;
  const offered: readonly string[] = profile.get(volumeTypes);
  const claimKinds: readonly string[] = profile.get(volumeClaimKinds);
  return itemsAt(object, [...podSpec, 'volumes']).flatMap((volume, index) => {
    const name = String(valueAt(volume, ['name']));
    const path = [...podSpec, 'volumes', index];
    const source = Object.keys(words).find((field) => isGiven(valueAt(volume, [field])));
    if (source === undefined) return [];
    const types = wordsOf(source, name);
    if (!types.some((type) => offered.includes(type))) {
      const message = `The volume '${name}' must be one of ${offered.join(', ')} by the profile '${profile.name}', got ${types[0]}`;
      return [{ path, code: 'not_offered', message }];
    }
    if (source !== 'persistentVolumeClaim' || claimKinds.includes(word)) return [];
    const message = `By the profile '${profile.name}' a ${kind} mounts no claim, as the volume '${name}' does`;
    return [{ path, code: 'not_offered', message }];
  });
};

/** CMP-52: claims that a workload makes for each of its pods, of a StorageClass. */
export const checkClaimTemplates: WorkloadRule = ({ object, profile, kind }) => {
  const path = ['spec', 'volumeClaimTemplates'];
  const offered: readonly string[] = profile.get(volumeTypes);
  if (itemsAt(object, path).length === 0 || claimTypes.some((type) => offered.includes(type))) return [];
  const message = `By the profile '${profile.name}' a ${kind} makes no claims for its pods; volumes must be one of ${offered.join(', ')}`;
  return [{ path, code: 'not_offered', message }];
};
/** Where claims may be mounted as they are, a StatefulSet may make them as well. */
const claimTypes = ['CLASS_TEMPLATE', 'PERSISTENT_VOLUME_CLAIM'];

function wordsOf(source: string, name: string): readonly string[] {
  const directory = Object.entries(directoryVolumePrefixes).find(([, prefix]) => name.startsWith(prefix));
  return source === 'emptyDir' && directory ? ['EMPTY_DIR', directory[0]] : (words[source] ?? []);
}

/** CMP-53: where nothing may be mounted, since containers break without what is there. */
export const checkMounts: WorkloadRule = (seen) => {
  const forbidden = new Set(seen.profile.get(volumeForbiddenMountPaths).map(plainPath));
  return containersOf(seen).flatMap(({ container, path, name }) =>
    itemsAt(container, ['volumeMounts']).flatMap((mount, index) => {
      const mountPath = valueAt(mount, ['mountPath']);
      if (typeof mountPath !== 'string') return [];
      const place = [...path, 'volumeMounts', index, 'mountPath'];
      if (!mountPath.startsWith('/') || mountPath.includes(':') || mountPath.split('/').includes('..')) {
        const message = `mountPath must be an absolute path without ':' and '..', got '${mountPath}' in '${name}'`;
        return [{ path: place, code: 'invalid_path', message }];
      }
      if (!forbidden.has(plainPath(mountPath))) return [];
      const message = `Nothing may be mounted at '${mountPath}' by the profile '${seen.profile.name}': containers break without what is there, in '${name}'`;
      return [{ path: place, code: 'system_directory', message }];
    }),
  );
};

/** `//var/./run/` as `/var/run`. */
export function plainPath(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  return `/${steps.join('/')}`;
}
