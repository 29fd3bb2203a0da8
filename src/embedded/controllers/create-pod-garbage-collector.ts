import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, Pod } from './kubernetes-shapes.ts';
import { isFinished } from './pod-state.ts';
import { findCondition, setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

/** A node that is missing may be about to come. */
const quarantineMs = 40_000;
const outOfService = 'node.kubernetes.io/out-of-service';

/** Removes pods that no kubelet will ever end: those of nodes that are gone, or out of service for good. */
export function createPodGarbageCollector(context: ClusterContext): Controller {
  const { store, clock } = context;
  const pods = createKindClient<Pod>(store, 'kube-controller-manager', '', 'pods');
  const nodes = createKindClient<Node>(store, 'kube-controller-manager', '', 'nodes');
  const missingSince = new Map<string, number>();

  function remove(pod: Pod, isOrphan: boolean): void {
    const { generation } = pod.metadata;
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    } as const;
    const known = pod.status?.conditions ?? [];
    const conditions = isOrphan ? setCondition(known, condition, timestamp(clock.now())) : known;
    const phase = isFinished(pod) ? (pod.status?.phase ?? 'Failed') : 'Failed';
    pods.delete(pods.updateStatus(pod, { ...pod.status, phase, conditions }), { gracePeriodSeconds: 0 });
  }

  function collectOrphans(node: string): number | undefined {
    const orphans = context.podIndex.onNode(node);
    if (orphans.length === 0) {
      missingSince.delete(node);
      return undefined;
    }
    const since = missingSince.get(node) ?? clock.now();
    missingSince.set(node, since);
    const leftMs = since + quarantineMs - clock.now();
    if (leftMs > 0) return leftMs;
    for (const pod of orphans) remove(pod, true);
    missingSince.delete(node);
    return undefined;
  }

  return {
    name: 'pod-garbage-collector',
    keysOf: keysByResource({
      nodes: (object) => [object.metadata.name],
      pods: (object, { type }) => {
        const node = (object as Pod).spec.nodeName ?? '';
        if (type === 'DELETED' || node === '') return [];
        const isLeaving = object.metadata.deletionTimestamp !== undefined;
        return isLeaving || nodes.get(undefined, node) === undefined ? [node] : [];
      },
    }),
    reconcile(name) {
      const node = nodes.get(undefined, name);
      if (node === undefined) return collectOrphans(name);
      missingSince.delete(name);
      const isReady = findCondition(node.status?.conditions, 'Ready')?.status === 'True';
      if (isReady || node.spec?.taints?.some(({ key }) => key === outOfService) !== true) return undefined;
      for (const pod of context.podIndex.onNode(name)) {
        if (pod.metadata.deletionTimestamp !== undefined) remove(pod, false);
      }
      return undefined;
    },
  };
}
