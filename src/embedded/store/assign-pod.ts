import { asObject, asObjectList, isJsonObject } from '../machinery/json.ts';
import type { ClusterObject } from './types.ts';

/** What a binding says of the pod besides its node. */
export interface Assignment {
  readonly node: string;
  /** RFC 3339 in whole seconds. */
  readonly now: string;
  /** Of the node; those of its topology are copied onto the pod (KEP-4742). */
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const copiedLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** The pod with its node and the condition PodScheduled, for a write on the subresource `binding`. */
export function assignPod(pod: ClusterObject, { node, now, nodeLabels, annotations }: Assignment): ClusterObject {
  const labels: Record<string, string> = {};
  for (const label of copiedLabels) {
    const value = nodeLabels?.[label];
    if (value !== undefined) labels[label] = value;
  }
  const { nominatedNodeName: _fulfilled, ...status } = asObject(pod.status) ?? {};
  const known = asObjectList(status.conditions);
  const before = known.find(({ type }) => type === 'PodScheduled');
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: before?.status === 'True' ? before.lastTransitionTime : now,
  };
  const conditions =
    before === undefined ? [...known, scheduled] : known.map((each) => (each === before ? scheduled : each));
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(Object.keys(labels).length === 0 ? {} : { labels: { ...pod.metadata.labels, ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...pod.metadata.annotations, ...annotations } }),
    },
    spec: { ...(isJsonObject(pod.spec) ? pod.spec : {}), nodeName: node },
    status: { ...status, conditions },
  };
}
