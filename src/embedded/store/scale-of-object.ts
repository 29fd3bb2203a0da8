import { ensureObject, isJsonObject, type JsonObject, readPath } from '../machinery/json.ts';
import { parseSelectorObject, printLabelSelector } from '../machinery/label-selector.ts';
import type { Draft, ScalePaths } from '../registry/resource-strategy.ts';
import type { ClusterObject } from './types.ts';

/** The label selector of a scale in its string form, whichever form the object has; undefined when it has none. */
export function scaleSelector(object: ClusterObject, paths: ScalePaths): string | undefined {
  const selector = paths.selector === undefined ? undefined : readPath(object, ...paths.selector);
  if (isJsonObject(selector)) return printLabelSelector(parseSelectorObject(selector));
  return typeof selector === 'string' ? selector : undefined;
}

export function setReplicas(draft: Draft, paths: ScalePaths, replicas: number): void {
  let parent: JsonObject = draft;
  for (const key of paths.specReplicas.slice(0, -1)) parent = ensureObject(parent, key);
  parent[paths.specReplicas.at(-1) ?? 'replicas'] = replicas;
}
