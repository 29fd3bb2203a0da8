import { asList, asObject, asObjectList, cloneJson, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validateTolerations } from './validate-scheduling.ts';

const unchangeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What an update may do to a pod: other images, a shorter life, further tolerations, fewer gates. */
export function validatePodUpdate(next: JsonObject, before: JsonObject, errors: FieldErrors): void {
  for (const list of ['containers', 'initContainers']) {
    const containers = asObjectList(next[list]);
    if (containers.length !== asList(before[list]).length) {
      errors.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
      return;
    }
    containers.forEach(({ image }, at) => {
      const field = `spec.${list}[${at}].image`;
      if ((image ?? '') === '') errors.required(field);
      else if (image !== String(image).trim()) {
        errors.invalid(field, image, 'must not have leading or trailing whitespace');
      }
    });
  }
  const deadline = next.activeDeadlineSeconds;
  const oldDeadline = before.activeDeadlineSeconds;
  if (typeof deadline === 'number') {
    if (typeof oldDeadline === 'number' && deadline > oldDeadline) {
      errors.invalid('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value');
      return;
    }
  } else if (oldDeadline !== undefined) {
    errors.invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value');
  }
  validateAddedTolerations(next, before, errors);
  validateRemovedGates(next, before, errors);
  if (!isEqualJson(fixedPart(next, before), fixedPart(before, before))) errors.forbidden('spec', unchangeable);
}

function validateAddedTolerations(next: JsonObject, before: JsonObject, errors: FieldErrors): void {
  const withoutSeconds = (toleration: JsonObject): JsonObject => ({ ...toleration, tolerationSeconds: undefined });
  const present = asObjectList(next.tolerations).map(withoutSeconds);
  const isKept = asObjectList(before.tolerations)
    .map(withoutSeconds)
    .every((old) => present.some((toleration) => isEqualJson(old, toleration)));
  if (!isKept) {
    errors.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
  } else validateTolerations(next.tolerations, 'spec.tolerations', errors);
}

function validateRemovedGates(next: JsonObject, before: JsonObject, errors: FieldErrors): void {
  const old = asObjectList(before.schedulingGates).map(({ name }) => name);
  asObjectList(next.schedulingGates).forEach(({ name }, at) => {
    if (old.includes(name)) return;
    errors.forbidden(
      `spec.schedulingGates[${at}].name`,
      `only deletion is allowed, but found new scheduling gate '${String(name)}'`,
    );
  });
}

/** The spec without what an update may change. */
function fixedPart(spec: JsonObject, before: JsonObject): JsonObject {
  const part = cloneJson(spec);
  for (const list of ['containers', 'initContainers']) {
    for (const container of asObjectList(part[list])) delete container.image;
  }
  for (const key of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) delete part[key];
  const grace = before.terminationGracePeriodSeconds;
  if (typeof grace === 'number' && grace < 0 && part.terminationGracePeriodSeconds === 1) {
    part.terminationGracePeriodSeconds = grace;
  }
  // A pod that is held back may still be told where to go.
  if (asList(before.schedulingGates).length > 0) {
    delete part.nodeSelector;
    const affinity = asObject(part.affinity);
    if (affinity !== undefined) delete affinity.nodeAffinity;
    if (affinity !== undefined && Object.keys(affinity).length === 0) delete part.affinity;
  }
  return part;
}
