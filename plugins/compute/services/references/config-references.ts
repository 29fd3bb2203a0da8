import type { PodObject } from '../../api.ts';

export type PodSpec = NonNullable<PodObject['spec']>;
type Container = PodSpec['containers'][number];
type Volume = NonNullable<PodSpec['volumes']>[number];

export type ConfigKind = 'ConfigMap' | 'Secret';

/** In which way a ConfigMap or Secret is used (CMP-93). */
export const configUseWays = {
  ENVIRONMENT_VARIABLE: 'One key is the value of an environment variable.',
  ENVIRONMENT: 'All keys become environment variables.',
  VOLUME: 'Keys are files in a mounted volume.',
  IMAGE_PULL_SECRET: 'It signs in to the registry when images are pulled.',
  VOLUME_DRIVER: 'A volume driver signs in with it.',
  SERVICE_ACCOUNT: 'A service account lists it among the Secrets of its pods.',
  INGRESS_TLS: 'An Ingress serves hosts with the certificate in it.',
} as const;
export type ConfigUseWay = keyof typeof configUseWays;

export interface ConfigReference {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly way: ConfigUseWay;
  /** Which key; undefined where it is all of them, or the thing as a whole. */
  readonly key: string | undefined;
  readonly container: string | undefined;
  /** Name of the environment variable; of all keys the prefix of their names. */
  readonly variable: string | undefined;
  /** Of a volume where the file, or the directory of all files, appears; undefined where no container mounts it. */
  readonly path: string | undefined;
  /** Whether the pod starts without it. */
  readonly isOptional: boolean;
}

/** Everything a pod template needs of ConfigMaps and Secrets (core/v1 PodSpec). */
export function configReferencesOf(spec: PodSpec): readonly ConfigReference[] {
  const containers = [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...((spec.ephemeralContainers ?? []) as readonly Container[]),
  ];
  return [
    ...containers.flatMap(ofEnvironment),
    ...(spec.volumes ?? []).flatMap((volume) => ofVolume(volume, containers)),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }) => (name ? [wholeSecret('IMAGE_PULL_SECRET', name)] : [])),
  ];
}

function ofEnvironment({ name: container, env = [], envFrom = [] }: Container): ConfigReference[] {
  const base = { container, path: undefined };
  const single = env.flatMap(({ name: variable, valueFrom }): ConfigReference[] => {
    const way = 'ENVIRONMENT_VARIABLE';
    return named([
      ['ConfigMap', valueFrom?.configMapKeyRef],
      ['Secret', valueFrom?.secretKeyRef],
    ]).map(({ kind, name, source }) => ({
      ...base,
      kind,
      name,
      way,
      variable,
      key: source.key,
      isOptional: source.optional === true,
    }));
  });
  const all = envFrom.flatMap(({ prefix, configMapRef, secretRef }): ConfigReference[] =>
    named([
      ['ConfigMap', configMapRef],
      ['Secret', secretRef],
    ]).map(({ kind, name, source }) => ({
      ...base,
      kind,
      name,
      way: 'ENVIRONMENT',
      variable: prefix || undefined,
      key: undefined,
      isOptional: source.optional === true,
    })),
  );
  return [...single, ...all];
}

interface Source {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly items: readonly { readonly key: string; readonly path: string }[] | undefined;
  readonly isOptional: boolean;
}

function ofVolume(volume: Volume, containers: readonly Container[]): ConfigReference[] {
  const driver = secretOfDriver(volume);
  if (driver) return [wholeSecret('VOLUME_DRIVER', driver)];
  const sources = sourcesOf(volume);
  if (sources.length === 0) return [];
  const mounts = containers.flatMap(({ name, volumeMounts = [] }) =>
    volumeMounts
      .filter((mount) => mount.name === volume.name)
      .map(({ mountPath, subPath }) => ({ container: name, mountPath, subPath: subPath || undefined })),
  );
  const seats = mounts.length > 0 ? mounts : [undefined];
  return sources.flatMap((source) => seats.flatMap((seat) => filesOf(source, seat)));
}

interface Seat {
  readonly container: string;
  readonly mountPath: string;
  /** Only this file or directory of the volume is mounted, in place of `mountPath`. */
  readonly subPath: string | undefined;
}

function filesOf({ kind, name, items, isOptional }: Source, seat: Seat | undefined): ConfigReference[] {
  const base = { kind, name, way: 'VOLUME', container: seat?.container, variable: undefined, isOptional } as const;
  if (seat?.subPath !== undefined) {
    const { subPath, mountPath } = seat;
    const item = items?.find(({ path }) => path === subPath);
    // Of all keys the file's name is the key; of chosen ones what is not among them is a directory of some, or nothing.
    const key = items ? item?.key : subPath;
    return [{ ...base, key, path: mountPath }];
  }
  const directory = seat?.mountPath.replace(/\/+$/, '');
  if (!items) return [{ ...base, key: undefined, path: seat?.mountPath }];
  return items.map(({ key, path }) => ({
    ...base,
    key,
    path: directory === undefined ? undefined : `${directory}/${path}`,
  }));
}

/** CSI, and the drivers that clusters had built in before. */
function secretOfDriver(volume: Volume): string | undefined {
  const { csi, azureFile, cephfs, cinder, flexVolume, iscsi, rbd, scaleIO, storageos } = volume;
  const others = [cephfs, cinder, flexVolume, iscsi, rbd, scaleIO, storageos].find((driver) => driver?.secretRef?.name);
  return csi?.nodePublishSecretRef?.name || azureFile?.secretName || others?.secretRef?.name;
}

function sourcesOf({ configMap, secret, projected }: Volume): Source[] {
  const all = [{ configMap, secret: secret && { ...secret, name: secret.secretName } }, ...(projected?.sources ?? [])];
  return all.flatMap((source) =>
    named<VolumeSource>([
      ['ConfigMap', source.configMap],
      ['Secret', source.secret],
    ]).map(({ kind, name, source: { items, optional } }) => ({ kind, name, items, isOptional: optional === true })),
  );
}

interface VolumeSource {
  readonly name?: string | undefined;
  readonly items?: readonly { readonly key: string; readonly path: string }[] | undefined;
  readonly optional?: boolean | undefined;
}

/** A Secret that is used as a whole, by no container of its own. */
export const wholeSecret = (way: ConfigUseWay, name: string): ConfigReference => ({
  kind: 'Secret',
  name,
  way,
  key: undefined,
  container: undefined,
  variable: undefined,
  path: undefined,
  isOptional: false,
});

/** Those that are there and name something. */
function named<T extends { readonly name?: string | undefined }>(
  pairs: readonly (readonly [ConfigKind, T | undefined])[],
): { readonly kind: ConfigKind; readonly name: string; readonly source: T }[] {
  return pairs.flatMap(([kind, source]) => (source?.name ? [{ kind, name: source.name, source }] : []));
}
