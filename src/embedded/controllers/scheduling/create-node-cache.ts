import type { ClusterObject, ResourceDefinition, StoreEvent } from '../../store/types.ts';
import { keyOf } from '../controller.ts';
import type { Node, Pod } from '../kubernetes-shapes.ts';
import { isFinished } from '../pod-state.ts';
import { findCondition } from '../set-condition.ts';
import { NodeInfo } from './node-info.ts';

/** The nodes with their pods, kept up to date change by change, so that a decision need not read the whole cluster. */
export interface NodeCache {
  observe(change: StoreEvent, resource: ResourceDefinition): void;
  /** All nodes, by name. */
  nodes(): readonly NodeInfo[];
}

export function createNodeCache(): NodeCache {
  const nodes = new Map<string, Node>();
  const podsByNode = new Map<string, Map<string, Pod>>();
  const infos = new Map<string, NodeInfo>();
  let sorted: readonly NodeInfo[] | undefined;

  /** Names in order; undefined after a node came or went. */
  let names: readonly string[] | undefined;

  function forget(node: string): void {
    infos.delete(node);
    sorted = undefined;
  }

  function observePod(change: StoreEvent): void {
    const key = keyOf(change.object);
    const pod = change.object as Pod;
    const before = change.previous as Pod | undefined;
    if (before !== undefined && change.type === 'MODIFIED' && !concernsScheduling(before, pod)) return;
    for (const version of [before, pod]) {
      const node = version?.spec.nodeName ?? '';
      if (node === '' || podsByNode.get(node)?.delete(key) !== true) continue;
      forget(node);
    }
    const node = pod.spec.nodeName ?? '';
    if (change.type === 'DELETED' || node === '' || isFinished(pod)) return;
    const pods = podsByNode.get(node) ?? new Map<string, Pod>();
    podsByNode.set(node, pods.set(key, pod));
    forget(node);
  }

  return {
    observe(change, resource) {
      if (resource.group !== '') return;
      if (resource.plural === 'pods') observePod(change);
      if (resource.plural !== 'nodes') return;
      const { name } = change.object.metadata;
      if (change.type !== 'MODIFIED') names = undefined;
      if (change.type === 'DELETED') nodes.delete(name);
      else nodes.set(name, change.object as Node);
      forget(name);
    },
    nodes() {
      if (sorted !== undefined) return sorted;
      names ??= [...nodes.keys()].sort((left, right) => (left < right ? -1 : 1));
      sorted = names.flatMap((name) => {
        const node = nodes.get(name);
        if (node === undefined) return [];
        const info = infos.get(name) ?? new NodeInfo(node, [...(podsByNode.get(name)?.values() ?? [])]);
        infos.set(name, info);
        return info;
      });
      return sorted;
    },
  };
}

/** Most changes of a running pod are its status, which the scheduler does not look at. */
function concernsScheduling(before: Pod, after: Pod): boolean {
  return (
    before.spec !== after.spec ||
    before.metadata.labels !== after.metadata.labels ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    before.metadata.uid !== after.metadata.uid ||
    isFinished(before) !== isFinished(after) ||
    before.status?.startTime !== after.status?.startTime ||
    allocation(before) !== allocation(after) ||
    isDisrupted(before) !== isDisrupted(after)
  );
}

function allocation(pod: Pod): string {
  return JSON.stringify((pod.status?.containerStatuses ?? []).map((status) => status.allocatedResources));
}

function isDisrupted(pod: ClusterObject & Pod): boolean {
  return findCondition(pod.status?.conditions, 'DisruptionTarget') !== undefined;
}
