import { asObject, asObjectList, ensureObject, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft } from '../resource-strategy.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { mirrorAnnotation } from './problem-of-mirror-pod.ts';

const list = 'spec.ephemeralContainers';
/** What containers of the pod's own have and those that only look at it may not. */
const forbiddenFields = ['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'];

/** Of a write to `pods/ephemeralcontainers` only these containers count (core/v1 PodSpec: ephemeralContainers). */
export function keepEphemeralContainers(draft: Draft, current: ClusterObject): void {
  const sent = asObject(draft.spec)?.ephemeralContainers;
  draft.spec = { ...asObject(current.spec), ...(sent === undefined ? {} : { ephemeralContainers: sent }) };
  if (sent === undefined) delete ensureObject(draft, 'spec').ephemeralContainers;
}

/** Those that are there stay as they are: they can be added to, nothing else. */
export function validateAddedEphemeralContainers(draft: Draft, current: ClusterObject, errors: FieldErrors): void {
  if (current.metadata.annotations?.[mirrorAnnotation] !== undefined) {
    errors.forbidden('', 'static pods do not support ephemeral containers');
    return;
  }
  const next = asObjectList(asObject(draft.spec)?.ephemeralContainers);
  for (const old of asObjectList(asObject(current.spec)?.ephemeralContainers)) {
    const name = JSON.stringify(old.name);
    const same = next.find((container) => container.name === old.name);
    if (same === undefined) errors.forbidden(list, `existing ephemeral containers ${name} may not be removed\n`);
    else if (!isEqualJson(old, same)) {
      errors.forbidden(list, `existing ephemeral containers ${name} may not be changed\n`);
    }
  }
}

/** What an ephemeral container may not be or have, beside the rules of all containers. */
export function validateEphemeralContainer(
  container: JsonObject,
  place: string,
  others: ReadonlySet<unknown>,
  errors: FieldErrors,
): void {
  const target = container.targetContainerName ?? '';
  if (target !== '' && !others.has(target)) errors.notFound(`${place}.targetContainerName`, target);
  for (const key of forbiddenFields) {
    const value = asObject(container[key]) ?? container[key];
    if (value === undefined || isEqualJson(value, {}) || isEqualJson(value, [])) continue;
    errors.forbidden(`${place}.${key}`, 'cannot be set for an Ephemeral Container');
  }
  asObjectList(container.volumeMounts).forEach((mount, at) => {
    for (const key of ['subPath', 'subPathExpr']) {
      if ((mount[key] ?? '') === '') continue;
      errors.forbidden(`${place}.volumeMounts[${at}].${key}`, 'cannot be set for an Ephemeral Container');
    }
  });
}
