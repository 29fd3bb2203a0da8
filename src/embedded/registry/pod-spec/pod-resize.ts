import { forbidden } from '../../api/status-error.ts';
import { asObject, asObjectList, asString, cloneJson, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities, nanosPerMilli, nanosPerUnit, stepsOf } from '../../machinery/quantity.ts';
import type { ClusterObject } from '../../store/types.ts';
import { podTotals } from '../quota/pod-totals.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { mirrorAnnotation } from './problem-of-mirror-pod.ts';
import { qualityOfService } from './quality-of-service.ts';

const lists = ['containers', 'initContainers'] as const;
const resizable = ['cpu', 'memory'] as const;
const podResource = { group: '', plural: 'pods' };

/** Of a write to `pods/resize` only the containers' resources count (KEP-1287). Other resize policies are refused below. */
export function keepResources(draft: Draft, current: ClusterObject): void {
  const sent = asObject(draft.spec) ?? {};
  const before = asObject(current.spec) ?? {};
  const isSameList = (list: string): boolean => asObjectList(sent[list]).length === asObjectList(before[list]).length;
  // Containers that were added or removed stay in the draft, for the validation to refuse them.
  if (!lists.every(isSameList)) return;
  const spec: JsonObject = { ...before };
  for (const list of lists) {
    if (before[list] !== undefined) spec[list] = withResources(asObjectList(sent[list]), asObjectList(before[list]));
  }
  draft.spec = spec;
}

function withResources(next: readonly JsonObject[], before: readonly JsonObject[]): readonly JsonObject[] {
  if (next.some(({ name }, at) => name !== before[at]?.name)) return next;
  return before.map((container, at) => {
    const merged: JsonObject = { ...container, resources: next[at]?.resources ?? {} };
    const policy = next[at]?.resizePolicy;
    if (policy === undefined) delete merged.resizePolicy;
    else merged.resizePolicy = policy;
    return merged;
  });
}

/** What a resize may not do: another quality of service, resources taken away, others than processor and memory. */
export function validateResize(draft: Draft, current: ClusterObject, errors: FieldErrors): void {
  if (current.metadata.annotations?.[mirrorAnnotation] !== undefined) {
    errors.forbidden('', 'static pods cannot be resized');
    return;
  }
  const spec = asObject(draft.spec) ?? {};
  const before = asObject(current.spec) ?? {};
  if (asObject(before.os)?.name === 'windows') {
    errors.forbidden('', 'windows pods cannot be resized');
    return;
  }
  const quality = asObject(current.status)?.qosClass ?? qualityOfService(before);
  if (quality !== qualityOfService(spec)) {
    errors.invalid('spec', quality, 'Pod QOS Class may not change as a result of resizing');
  }
  if (!validateOrder(spec, before, errors)) return;
  for (const list of ['initContainers', 'containers'] as const) {
    asObjectList(spec[list]).forEach((container, at) => {
      const old = asObjectList(before[list])[at] ?? {};
      validateNothingRemoved(container, old, `spec.${list}[${at}].resources`, errors);
    });
  }
  asObjectList(spec.containers).forEach((container, at) => {
    const old = asObjectList(before.containers)[at] ?? {};
    if (!isEqualJson(fixedPart(container), fixedPart(old))) {
      errors.forbidden('spec', 'only cpu and memory resources are mutable');
    }
  });
  asObjectList(spec.initContainers).forEach((container, at) => {
    const old = asObjectList(before.initContainers)[at] ?? {};
    if (isEqualJson(container, old)) return;
    const place = `spec.initContainers[${at}]`;
    if (!isEqualJson(fixedPart(container), fixedPart(old))) {
      errors.forbidden(place, 'only cpu and memory resources for init or sidecar containers are mutable');
    }
  });
}

/** What no node can give is refused at once; what it cannot give now waits. Throws `StatusError` 403. */
export function admitResize(draft: Draft, environment: StrategyEnvironment): void {
  const spec = asObject(draft.spec) ?? {};
  const node = environment.find('', 'nodes', asString(spec.nodeName) ?? '');
  if (node === undefined) return;
  const allocatable = asObject(asObject(node.status)?.allocatable) ?? {};
  const requests = podTotals(spec, 'requests');
  const units = { cpu: nanosPerMilli, memory: nanosPerUnit };
  const lacks = resizable.filter((name) => compareQuantities(requests[name] ?? '0', allocatable[name] ?? '0') > 0);
  if (lacks.length === 0) return;
  const words = lacks.map((name) => {
    const inUnits = (quantity: unknown): bigint => stepsOf(quantity, units[name]);
    return `${name}, requested: ${inUnits(requests[name])}, allocatable: ${inUnits(allocatable[name])}`;
  });
  const why = `node didn't have enough allocatable resources: ${words.join('; ')}`;
  throw forbidden(podResource, String(draft.metadata.name), why, [{ reason: 'NodeCapacity', message: '' }]);
}

function validateOrder(spec: JsonObject, before: JsonObject, errors: FieldErrors): boolean {
  const count = errors.causes.length;
  for (const list of lists) {
    const next = asObjectList(spec[list]);
    const old = asObjectList(before[list]);
    if (next.length !== old.length) {
      errors.forbidden(`spec.${list}`, `${list} may not be added or removed on resize`);
      continue;
    }
    old.forEach(({ name }, at) => {
      if (next[at]?.name === name) return;
      errors.forbidden(`spec.${list}[${at}].name`, `${list} may not be renamed or reordered on resize`);
    });
  }
  return errors.causes.length === count;
}

function validateNothingRemoved(container: JsonObject, old: JsonObject, field: string, errors: FieldErrors): void {
  for (const kind of ['requests', 'limits']) {
    const next = asObject(asObject(container.resources)?.[kind]) ?? {};
    const before = asObject(asObject(old.resources)?.[kind]) ?? {};
    const isMissing = Object.keys(before).some((name) => !Object.hasOwn(next, name));
    if (isMissing) errors.forbidden(`${field}.${kind}`, `resource ${kind} cannot be removed`);
  }
}

/** The container without what a resize may change. */
function fixedPart(container: JsonObject): JsonObject {
  const part = cloneJson(container);
  const resources = asObject(part.resources) ?? {};
  for (const kind of ['requests', 'limits']) {
    const quantities = asObject(resources[kind]);
    if (quantities === undefined) continue;
    for (const name of resizable) delete quantities[name];
    if (Object.keys(quantities).length === 0) delete resources[kind];
  }
  return part;
}
