import { asObject, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { appArmorPrefix } from './adopt-app-armor-annotations.ts';
import { mirrorAnnotation } from './problem-of-mirror-pod.ts';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

/** Annotations of a pod that mean something to the server; what `current` says of some of them is for ever. */
export function validatePodAnnotations(
  metadata: JsonObject,
  spec: JsonObject,
  current: Readonly<Record<string, unknown>> | undefined,
  errors: FieldErrors,
): void {
  const annotations = asObject(metadata.annotations) ?? {};
  const place = (key: string): string => `metadata.annotations[${key}]`;
  if (current !== undefined) {
    for (const [key, value] of Object.entries(current)) {
      if (annotations[key] === value) continue;
      if (key.startsWith(appArmorPrefix)) errors.forbidden(place(key), 'may not remove or update AppArmor annotations');
      if (key === mirrorAnnotation) errors.forbidden(place(key), 'may not remove or update mirror pod annotation');
    }
    for (const key of Object.keys(annotations).filter((each) => current[each] === undefined)) {
      if (key.startsWith(appArmorPrefix)) errors.forbidden(place(key), 'may not add AppArmor annotations');
      if (key === mirrorAnnotation) errors.forbidden(place(key), 'may not add mirror pod annotation');
    }
  }
  const mirror = annotations[mirrorAnnotation];
  if (mirror !== undefined && (spec.nodeName ?? '') === '') {
    errors.invalid(place(mirrorAnnotation), mirror, 'must set spec.nodeName if mirror pod annotation is set');
  }
  const cost = annotations[deletionCost];
  if (cost !== undefined && !isInt32(String(cost))) {
    errors.invalid(place(deletionCost), cost, 'must be a 32bit integer');
  }
}

/** Without a sign before what is not negative and without leading zeros. */
function isInt32(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(Number(text) + 0.5) < 2_147_483_648.5;
}
