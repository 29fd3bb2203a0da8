import { type KubeObject, origin } from 'longshore/sdk';
import {
  type AdvancedStatefulSetObject,
  type CloneSetObject,
  type CronJobObject,
  type DaemonSetObject,
  type DeploymentObject,
  type JobObject,
  type ReplicaSetObject,
  type StatefulSetObject,
  type WorkloadObject,
  workloadKinds,
} from '../api.ts';

export type WorkloadKindName = keyof typeof workloadKinds;

export const workloadKindNames = Object.keys(workloadKinds) as readonly WorkloadKindName[];

/** A workload with its kind told apart, so that a `switch` narrows it. */
export type TaggedWorkload =
  | { readonly kind: 'DEPLOYMENT'; readonly object: DeploymentObject }
  | { readonly kind: 'STATEFUL_SET'; readonly object: StatefulSetObject }
  | { readonly kind: 'DAEMON_SET'; readonly object: DaemonSetObject }
  | { readonly kind: 'REPLICA_SET'; readonly object: ReplicaSetObject }
  | { readonly kind: 'JOB'; readonly object: JobObject }
  | { readonly kind: 'CRON_JOB'; readonly object: CronJobObject }
  | { readonly kind: 'CLONE_SET'; readonly object: CloneSetObject }
  | { readonly kind: 'ADVANCED_STATEFUL_SET'; readonly object: AdvancedStatefulSetObject };

export function workloadKindOf(object: Pick<KubeObject, typeof origin>): WorkloadKindName | undefined {
  const { group, kind } = object[origin];
  return workloadKindNames.find((name) => workloadKinds[name].kind === kind && workloadKinds[name].group === group);
}

export function isWorkload(node: unknown): node is WorkloadObject {
  if (typeof node !== 'object' || node === null || !(origin in node)) return false;
  return workloadKindOf(node as Pick<KubeObject, typeof origin>) !== undefined;
}

export function tagWorkload(object: WorkloadObject): TaggedWorkload {
  const kind = workloadKindOf(object);
  if (kind === undefined) throw new Error(`compute.tag-workload: ${object.kind} is no workload`);
  return { kind, object } as TaggedWorkload;
}

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** The one owner that makes and replaces it; undefined for what nobody controls. */
export function controllerOf(object: Pick<KubeObject, 'metadata'>): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Which kind of workload an owner reference names; undefined for any other kind. */
export function workloadKindOfOwner(owner: OwnerReference): WorkloadKindName | undefined {
  const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  return workloadKindNames.find(
    (name) => workloadKinds[name].kind === owner.kind && workloadKinds[name].group === group,
  );
}

/** Whether another workload controls it: a Deployment's ReplicaSet, a CronJob's Job. */
export function isOwnedByWorkload(object: Pick<KubeObject, 'metadata'>): boolean {
  const owner = controllerOf(object);
  return owner !== undefined && workloadKindOfOwner(owner) !== undefined;
}
