import {
  asObject,
  asObjectList,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../machinery/json.ts';
import { DecodeError, decodeTyped } from '../../openapi/decode-typed.ts';
import { defaultPodTemplate } from '../../registry/pod-spec/validate-pod-template.ts';
import type { ClusterObject } from '../../store/types.ts';

/**
 * What the webhooks of OpenKruise do to the parts of a spec that its definitions leave open: the pod template and the
 * claim templates get the types of Go, so that unknown fields go and quantities become canonical, and the defaults of
 * pods and claims. A template that an update leaves alone is not defaulted anew. Answers what cannot be read.
 */
export function readTemplates(spec: JsonObject, current: ClusterObject | undefined): string | undefined {
  const problem = decode('core/v1.PodTemplateSpec', spec.template) ?? decodeClaims(spec);
  if (problem !== undefined) return problem;
  const before = asObject(current?.spec)?.template;
  if (before !== undefined && isEqualJson(spec.template, before)) return undefined;
  defaultPodTemplate(spec);
  for (const claim of asObjectList(spec.volumeClaimTemplates)) {
    setDefault(claim, 'apiVersion', 'v1');
    setDefault(claim, 'kind', 'PersistentVolumeClaim');
    setDefault(ensureObject(claim, 'spec'), 'volumeMode', 'Filesystem');
    setDefault(ensureObject(claim, 'status'), 'phase', 'Pending');
  }
  return undefined;
}

function decodeClaims({ volumeClaimTemplates }: JsonObject): string | undefined {
  if (volumeClaimTemplates === undefined || volumeClaimTemplates === null) return undefined;
  if (!Array.isArray(volumeClaimTemplates)) {
    return 'json: cannot unmarshal object into Go struct field .spec.volumeClaimTemplates of type []v1.PersistentVolumeClaim';
  }
  return volumeClaimTemplates
    .map((claim) => decode('core/v1.PersistentVolumeClaim', claim))
    .find((problem) => problem !== undefined);
}

function decode(typeName: string, value: unknown): string | undefined {
  const object = asObject(value);
  if (object === undefined) return `json: cannot unmarshal into Go value of type v1.${typeName.split('.')[1] ?? ''}`;
  try {
    decodeTyped(typeName, object, 'json');
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}
