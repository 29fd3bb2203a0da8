import type { PodObject } from '../../api.ts';
import { holdsResources } from '../nodes/node-allocation.ts';

/** An image, and how many pods have it. */
export interface ImageUse {
  readonly image: string;
  readonly podCount: number;
}

/** The images of pods that have not ended, each pod once for each of its images; the most used first, then by name. Pure. */
export function imagesOf(pods: readonly PodObject[]): readonly ImageUse[] {
  const counts = new Map<string, number>();
  for (const pod of pods.filter(holdsResources)) {
    const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
    for (const image of new Set(containers.flatMap((container) => container.image || []))) {
      counts.set(image, (counts.get(image) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([image, podCount]) => ({ image, podCount }))
    .sort((a, b) => b.podCount - a.podCount || (a.image < b.image ? -1 : 1));
}
