import { forbidden } from '../../api/status-error.ts';
import { asList, asObject, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { StrategyEnvironment } from '../resource-strategy.ts';

/**
 * Merges what a pod's RuntimeClass brings, overhead and scheduling, as the admission plugin RuntimeClass does.
 * Throws `StatusError` 403.
 */
export function admitRuntimeClass(spec: JsonObject, name: string, environment: StrategyEnvironment): void {
  const wanted = asString(spec.runtimeClassName);
  const forbid = (why: string): Error => forbidden({ group: '', plural: 'pods' }, name, why);
  const refuse = (why: string): Error => forbid(`pod rejected: ${why}`);
  if (wanted === undefined) {
    if (spec.overhead === undefined) return;
    throw refuse('Pod Overhead set without corresponding RuntimeClass defined Overhead');
  }
  const found = environment.find('node.k8s.io', 'runtimeclasses', wanted);
  if (found === undefined) throw refuse(`RuntimeClass "${wanted}" not found`);
  const overhead = asObject(found.overhead)?.podFixed;
  if (overhead !== undefined && spec.overhead === undefined) spec.overhead = overhead;
  else if (!isEqualJson(spec.overhead, overhead)) {
    throw refuse("Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  const scheduling = asObject(found.scheduling);
  const selector = asObject(scheduling?.nodeSelector) ?? {};
  const own = asObject(spec.nodeSelector) ?? {};
  for (const [key, value] of Object.entries(selector)) {
    if (own[key] === undefined || own[key] === value) continue;
    throw forbid(
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${String(value)}; pod.spec.nodeSelector[${key}] = ${String(own[key])}`,
    );
  }
  if (Object.keys(selector).length > 0) spec.nodeSelector = { ...own, ...selector };
  const added = asList(scheduling?.tolerations);
  if (added.length > 0) spec.tolerations = [...asList(spec.tolerations), ...added];
}
