import { asObject, asObjectList, type JsonObject } from '../../machinery/json.ts';

export const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** Why a mirror pod, the picture of a pod that a node runs by itself, has no business with what only the server has. */
export function problemOfMirrorPod(spec: JsonObject): string | undefined {
  if ((spec.serviceAccountName ?? '') !== '') return 'a mirror pod may not reference service accounts';
  if (namesSecrets(spec)) return 'a mirror pod may not reference secrets';
  const usesToken = asObjectList(spec.volumes)
    .flatMap((volume) => asObjectList(asObject(volume.projected)?.sources))
    .some(({ serviceAccountToken }) => serviceAccountToken !== undefined);
  return usesToken ? 'a mirror pod may not use ServiceAccountToken volume projections' : undefined;
}

function namesSecrets(spec: JsonObject): boolean {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    asObjectList(spec[list]),
  );
  return (
    asObjectList(spec.imagePullSecrets).length > 0 ||
    asObjectList(spec.volumes).some(hasSecret) ||
    containers.some(
      ({ env, envFrom }) =>
        asObjectList(env).some(({ valueFrom }) => asObject(valueFrom)?.secretKeyRef !== undefined) ||
        asObjectList(envFrom).some(({ secretRef }) => secretRef !== undefined),
    )
  );
}

function hasSecret(volume: JsonObject): boolean {
  if (volume.secret !== undefined) return true;
  if (asObjectList(asObject(volume.projected)?.sources).some(({ secret }) => secret !== undefined)) return true;
  // Drivers that take a reference to a secret.
  return Object.values(volume).some((source) =>
    ['secretRef', 'secretName', 'nodePublishSecretRef'].some((key) => (asObject(source)?.[key] ?? '') !== ''),
  );
}
