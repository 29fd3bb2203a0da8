import { anyWorkloadKinds, type ServiceObject, serviceKind, type WorkloadObject } from 'longshore/plugins/compute';
import {
  allMaybe,
  type ClusterReader,
  type KubeObject,
  type ListRows,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';
import { podLabelsOf, selects } from './workload-labels.ts';

const subjects = new Set(anyWorkloadKinds.map(({ group, kind }) => `${group}/${kind}`));

/** Workloads whose pods a Service leads to, without those that another workload owns. */
export function workloadsOfService(
  reader: ClusterReader,
  { metadata, spec }: ServiceObject,
): MaybePromise<ListRows<WorkloadObject>> {
  const { selector, type } = spec ?? {};
  if (type === 'ExternalName' || Object.keys(selector ?? {}).length === 0) return { items: [] };
  return workloadsIn(reader, metadata.namespace, (labels) => selects(selector, labels));
}

/** Workloads of a namespace by the labels of their pods, without those that another workload owns. */
export function workloadsIn(
  reader: ClusterReader,
  namespace: string | undefined,
  isOne: (labels: Readonly<Record<string, string>>) => boolean,
): MaybePromise<ListRows<WorkloadObject>> {
  const lists = anyWorkloadKinds.map((kind) => reader.list(kind, { namespaces: [namespace ?? ''] }));
  return mapMaybe(allMaybe(lists), (found) => ({
    items: found
      .flatMap(({ items }) => [...(items as readonly unknown[] as readonly WorkloadObject[])])
      .filter((workload) => !isOwned(workload as KubeObject) && isOne(podLabelsOf(workload))),
    problems: found.flatMap(({ problems }) => problems),
  }));
}

/** Services that lead to the pods of a workload; costs the labels of its pods, not the Services there are. */
export function servicesOfWorkload(
  reader: ClusterReader,
  workload: WorkloadObject,
): MaybePromise<readonly ServiceObject[]> {
  const labels = podLabelsOf(workload);
  const reads = Object.entries(labels).map(([key, value]) =>
    reader.byIndex(serviceKind, 'selects', `${workload.metadata.namespace}/${key}=${value}`),
  );
  return mapMaybe(allMaybe(reads), (found) => found.flat().filter(({ spec }) => selects(spec?.selector, labels)));
}

function isOwned({ metadata }: KubeObject): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (!owner) return false;
  const group = owner.apiVersion.includes('/') ? owner.apiVersion.slice(0, owner.apiVersion.indexOf('/')) : '';
  return subjects.has(`${group}/${owner.kind}`);
}
