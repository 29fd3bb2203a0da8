import { anyWorkloadKinds, podKind } from 'longshore/plugins/compute';
import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';
import type { VpcObject } from '../vpc/kube-ovn-kinds.ts';
import { groupDirections } from './check-group.ts';
import { type SecurityGroupObject, securityGroupKind } from './group-kinds.ts';

const byGroup = (reader: ClusterReader, kind: KindRef, name: string) => reader.byIndex(kind, 'securityGroup', name);

/** Workloads whose pods are in a group by their template, without those that another workload owns; from indexes alone (NET-32). */
export function workloadsOfGroup(reader: ClusterReader, name: string): MaybePromise<readonly KubeObject[]> {
  const found = allMaybe(anyWorkloadKinds.map((kind) => byGroup(reader, kind, name)));
  return mapMaybe(found, (lists) => (lists.flat() as readonly KubeObject[]).filter((workload) => !isOwned(workload)));
}

export const podsOfGroup = (reader: ClusterReader, name: string) => reader.byIndex(podKind, 'securityGroup', name);

/** What keeps a group: workloads, pods that none of these make, and groups whose rules name it. */
export async function usersOfGroup(group: SecurityGroupObject, reader: ClusterReader): Promise<readonly KubeObject[]> {
  const { name } = group.metadata;
  const [workloads, pods, groups] = await Promise.all([
    workloadsOfGroup(reader, name),
    podsOfGroup(reader, name),
    reader.list(securityGroupKind),
  ]);
  const left = pods.filter((pod) => workloads.length === 0 || !isOwned(pod as KubeObject));
  const naming = groups.items.filter(
    (other) => other.metadata.name !== name && groupDirections.some(({ rules }) => names(other, rules, name)),
  );
  return [...workloads, ...left, ...naming] as readonly KubeObject[];
}

function names({ spec }: SecurityGroupObject, rules: 'ingressRules' | 'egressRules', name: string): boolean {
  return (spec?.[rules] ?? []).some((rule) => rule.remoteType === 'securityGroup' && rule.remoteSecurityGroup === name);
}

const isOwned = ({ metadata }: KubeObject): boolean =>
  metadata.ownerReferences?.some(({ controller }) => controller === true) === true;

/** Groups are of one VPC, and go before it. */
export const groupUses = {
  ofVpc: async ({ metadata }: VpcObject, reader: ClusterReader): Promise<readonly KubeObject[]> =>
    (await reader.byIndex(securityGroupKind, 'vpc', metadata.name)) as readonly KubeObject[],
};
