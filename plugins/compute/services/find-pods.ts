import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';
import { jobKind, type NodeObject, type PodObject, podKind, replicaSetKind, type WorkloadObject } from '../api.ts';
import { controllerOf, tagWorkload } from './workload-kinds.ts';

type Pods = readonly PodObject[];

/** Pods that a workload controls, itself or through its ReplicaSets or Jobs, by ownerReferences and not by labels. */
export function podsOfWorkload(reader: ClusterReader, object: WorkloadObject): MaybePromise<Pods> {
  const { kind } = tagWorkload(object);
  if (kind === 'DEPLOYMENT') return podsThrough(reader, replicaSetKind, object);
  if (kind === 'CRON_JOB') return podsThrough(reader, jobKind, object);
  return controlled(reader, podKind, object.metadata.uid);
}

/** Objects of a kind that this owner controls; other owners may only hold them back from being collected. */
export function controlled<T>(
  reader: ClusterReader,
  kind: KindRef<T>,
  uid: string,
): MaybePromise<readonly KubeObject<T>[]> {
  return mapMaybe(reader.byOwner(kind, uid), (objects) =>
    objects.filter((object) => controllerOf(object)?.uid === uid),
  );
}

function podsThrough<T>(reader: ClusterReader, kind: KindRef<T>, top: WorkloadObject): MaybePromise<Pods> {
  const between = controlled(reader, kind, top.metadata.uid);
  const pods = mapMaybe(between, (objects) =>
    mapMaybe(allMaybe(objects.map((object) => controlled(reader, podKind, object.metadata.uid))), (lists) =>
      lists.flat(),
    ),
  );
  return pods as MaybePromise<Pods>;
}

export function podsOnNode(reader: ClusterReader, node: NodeObject): MaybePromise<Pods> {
  return reader.byIndex(podKind, 'node', node.metadata.name);
}
