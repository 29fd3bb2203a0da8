import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, keysByResource, splitKey } from './controller.ts';
import { decideTaintEviction } from './decide-taint-eviction.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, Pod } from './kubernetes-shapes.ts';
import { setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const component = 'taint-eviction-controller';

/** Ends pods on nodes with the effect NoExecute, at once or when their toleration has run out. */
export function createTaintEvictionController(context: ClusterContext): Controller {
  const { store, clock } = context;
  const pods = createKindClient<Pod>(store, 'kube-controller-manager', '', 'pods');
  const nodes = createKindClient<Node>(store, 'kube-controller-manager', '', 'nodes');
  /** Since when the node's taints have been running out for a pod, by its uid. */
  const since = new Map<string, number>();

  function tell(pod: Pod, words: string): void {
    const message = `${words} Pod ${keyOf(pod)}`;
    context.events.record(pod, { type: 'Normal', reason: 'TaintManagerEviction', message, component });
  }

  function evict(pod: Pod): void {
    tell(pod, 'Marking for deletion');
    const { generation } = pod.metadata;
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    } as const;
    const conditions = setCondition(pod.status?.conditions ?? [], condition, timestamp(clock.now()));
    pods.delete(pods.updateStatus(pod, { ...pod.status, conditions }));
  }

  return {
    name: component,
    keysOf: keysByResource({
      pods: (object, { type, previous }) => {
        const pod = object as Pod;
        const before = previous as Pod | undefined;
        if (type === 'DELETED') since.delete(pod.metadata.uid ?? '');
        const isNews = before === undefined || before.spec !== pod.spec;
        return type !== 'DELETED' && isNews && (pod.spec.nodeName ?? '') !== '' ? [keyOf(pod)] : [];
      },
      nodes: (object, { type, previous }) => {
        const taints = (version: Node | undefined) => JSON.stringify(version?.spec?.taints ?? []);
        const isNews = type === 'MODIFIED' && taints(object as Node) !== taints(previous as Node | undefined);
        return isNews ? context.podIndex.onNode(object.metadata.name).map(keyOf) : [];
      },
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      const node = nodes.get(undefined, pod?.spec.nodeName ?? '');
      if (pod === undefined || node === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
      const uid = pod.metadata.uid ?? '';
      const begunAtMs = since.get(uid);
      const verdict = decideTaintEviction(pod, node);
      if (verdict.do === 'stay') {
        if (since.delete(uid)) tell(pod, 'Cancelling deletion of');
        return undefined;
      }
      const startMs = begunAtMs ?? clock.now();
      const leftMs = startMs + verdict.afterMs - clock.now();
      if (leftMs > 0) {
        since.set(uid, startMs);
        return leftMs;
      }
      since.delete(uid);
      evict(pod);
      return undefined;
    },
  };
}
