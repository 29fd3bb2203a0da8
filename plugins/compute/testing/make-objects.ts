import { type KindRef, type KubeObject, origin } from 'longshore/sdk';
import {
  type ConfigMapObject,
  type CronJobObject,
  configMapKind,
  cronJobKind,
  type DaemonSetObject,
  type DeploymentObject,
  daemonSetKind,
  deploymentKind,
  type JobObject,
  jobKind,
  type NodeObject,
  nodeKind,
  type PodObject,
  podKind,
  type ReplicaSetObject,
  replicaSetKind,
  type ServiceObject,
  type StatefulSetObject,
  serviceKind,
  statefulSetKind,
} from '../api.ts';

/** What a test cares about; the rest is filled in. */
export interface Draft {
  readonly cluster?: string;
  readonly metadata?: object;
  readonly [field: string]: unknown;
}

/** An object of a cluster as intake would make it, for tests. */
export function makeObject<T>(kind: KindRef<T>, draft: Draft): KubeObject<T> {
  const { cluster = 'c1', metadata, ...rest } = draft;
  const { group, version, plural, isNamespaced } = kind;
  const name = (metadata as { name?: string } | undefined)?.name ?? 'thing';
  const object = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: kind.kind,
    ...rest,
    metadata: {
      name,
      ...(isNamespaced ? { namespace: 'shop' } : {}),
      uid: `uid-${kind.kind}-${name}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
  };
  Object.defineProperty(object, origin, {
    value: { cluster, group, version, kind: kind.kind, plural, isNamespaced },
    enumerable: false,
  });
  return object as unknown as KubeObject<T>;
}

/** The reference by which `owner` controls an object. */
export function controlledBy(owner: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): object {
  const { apiVersion, kind, metadata } = owner;
  return { ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }] };
}

export const makePod = (draft: Draft): PodObject => makeObject(podKind, draft);
export const makeNode = (draft: Draft): NodeObject => makeObject(nodeKind, draft);
export const makeDeployment = (draft: Draft): DeploymentObject => makeObject(deploymentKind, draft);
export const makeStatefulSet = (draft: Draft): StatefulSetObject => makeObject(statefulSetKind, draft);
export const makeDaemonSet = (draft: Draft): DaemonSetObject => makeObject(daemonSetKind, draft);
export const makeReplicaSet = (draft: Draft): ReplicaSetObject => makeObject(replicaSetKind, draft);
export const makeJob = (draft: Draft): JobObject => makeObject(jobKind, draft);
export const makeCronJob = (draft: Draft): CronJobObject => makeObject(cronJobKind, draft);
export const makeService = (draft: Draft): ServiceObject => makeObject(serviceKind, draft);
export const makeConfigMap = (draft: Draft): ConfigMapObject => makeObject(configMapKind, draft);
