import { asObject, asObjectList, cloneJson, ensureObject, type JsonObject } from '../../machinery/json.ts';

/** The spec as validation sees it: mounts may name a claim template, which becomes a volume of that name at run time. */
export function withClaimVolumes(spec: JsonObject): JsonObject {
  const claims = asObjectList(spec.volumeClaimTemplates).map((claim) => asObject(claim.metadata)?.name);
  if (claims.length === 0) return spec;
  const copy = cloneJson(spec);
  const podSpec = ensureObject(ensureObject(copy, 'template'), 'spec');
  const volumes = asObjectList(podSpec.volumes).filter((volume) => !claims.includes(volume.name));
  podSpec.volumes = [...volumes, ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))];
  return copy;
}
