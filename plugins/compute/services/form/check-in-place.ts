import type { ManifestMisfit } from 'longshore/sdk';
import { type SeenWorkload, valueAt } from '../rules/seen-workload.ts';
import { differingPaths } from './differing-paths.ts';
import { podUpdatePolicies } from './in-place.ts';

/**
 * A workload of OpenKruise that changes its pods in place only takes new images, and nothing else that is new. The engine says so of
 * the whole object; this of the field.
 */
export function checkInPlaceOnly(
  { object, podSpec, kind, word }: SeenWorkload,
  existing: unknown,
): readonly ManifestMisfit[] {
  if (word !== 'TAPP' || existing === undefined) return [];
  const strategy = ['spec', 'updateStrategy'];
  const policy = valueAt(
    object,
    kind === 'CloneSet' ? [...strategy, 'type'] : [...strategy, 'rollingUpdate', 'podUpdatePolicy'],
  );
  if (policy !== podUpdatePolicies.IN_PLACE_ONLY) return [];
  return differingPaths(valueAt(existing, podSpec), valueAt(object, podSpec)).flatMap((path) => {
    if (path[0] === 'containers' && path[2] === 'image' && path.length === 3) return [];
    const message = `Pods that are changed IN_PLACE_ONLY get new images and keep the rest: ${path.join('.')} cannot be changed`;
    return [{ path: [...podSpec, ...path], code: 'in_place_only', message }];
  });
}
