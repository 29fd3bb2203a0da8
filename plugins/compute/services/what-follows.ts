import type { PodObject } from '../api.ts';
import { controllerOf } from './workload-kinds.ts';

/** What comes after a pod has ended, in words, where that is not simply another one. */
export function tellWhatFollows(pod: PodObject): readonly string[] {
  const owner = controllerOf(pod);
  if (!owner) return ['Nothing controls this pod: once it has ended, no other one takes its place.'];
  if (owner.kind === 'Node') return ['The pod belongs to its node, which starts it again from its own files.'];
  return [];
}
