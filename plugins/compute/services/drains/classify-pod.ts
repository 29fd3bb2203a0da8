import type { PodObject } from '../../api.ts';
import { holdsResources } from '../nodes/node-allocation.ts';
import { controllerOf } from '../workload-kinds.ts';

/** What draining a node means for one of its pods. */
export type DrainClass =
  | { readonly do: 'stay'; readonly why: string }
  /** `needs`: what has to be acknowledged before it is ended. */
  | { readonly do: 'go'; readonly needs: readonly DrainWarning[] };

export const drainWarnings = {
  LOCAL_DATA_LOST: 'Pods have data in emptyDir volumes, which end with them.',
  PODS_NOT_REMADE: 'Pods have no controller: nothing makes them anew elsewhere.',
  NO_ROOM_ELSEWHERE: 'The other nodes have no room for all pods, as far as can be told; some will wait for one.',
} as const;
type DrainWarning = 'LOCAL_DATA_LOST' | 'PODS_NOT_REMADE';

const daemonGroups = new Set(['apps', 'apps.kruise.io']);

/** By the rules of `kubectl drain` (k8s.io/kubectl/pkg/drain), which does not know the DaemonSets of OpenKruise. Pure. */
export function classifyPod(pod: PodObject): DrainClass {
  const { annotations } = pod.metadata;
  if (annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    return { do: 'stay', why: 'Its kubelet runs it by itself (a static pod).' };
  }
  // What has ended has nothing to lose.
  const hasEnded = !holdsResources(pod);
  const owner = controllerOf(pod);
  const isDaemon = owner?.kind === 'DaemonSet' && daemonGroups.has(owner.apiVersion.split('/')[0] ?? '');
  if (isDaemon && !hasEnded) return { do: 'stay', why: `DaemonSet '${owner.name}' would make it anew here.` };
  if (hasEnded) return { do: 'go', needs: [] };
  const hasLocalData = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined) ?? false;
  return {
    do: 'go',
    needs: [...(hasLocalData ? (['LOCAL_DATA_LOST'] as const) : []), ...(owner ? [] : (['PODS_NOT_REMADE'] as const))],
  };
}
