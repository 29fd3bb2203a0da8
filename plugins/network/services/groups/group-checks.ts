import { anyWorkloadKinds, podKind } from 'longshore/plugins/compute';
import {
  type DeletionCheck,
  type KindRef,
  type KubeObject,
  type ManifestCheck,
  type ManifestMisfit,
  nameUsers,
  type RequestContext,
  readEveryUser,
  subjectOf,
  type WrittenObject,
} from 'longshore/sdk';
import { displayNameOf } from '../vpc/vpc-facts.ts';
import { checkGroupSpec } from './check-group.ts';
import {
  groupNamesIn,
  groupsAnnotation,
  groupVpcAnnotation,
  type OvnSecurityGroup,
  type SecurityGroupObject,
  securityGroupKind,
} from './group-kinds.ts';
import { usersOfGroup } from './group-users.ts';

/** Groups stay while pods are in them or rules name them (NET-32): Kube-OVN would leave those pods without any rule, so open. */
export const securityGroupDeletionCheck: DeletionCheck = {
  subjects: [subjectOf(securityGroupKind)],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    const group = object as SecurityGroupObject;
    const users = await readEveryUser<KubeObject>(group, context, (reader) => usersOfGroup(group, reader));
    if (users.length === 0) return undefined;
    const { words, references } = nameUsers(users, context);
    const message = `Security group '${displayNameOf(group)}' is used by ${words}: take it away there first.`;
    return { isRefused: true, message, references };
  },
};

/** What forms refuse of groups, YAML does not bring in either; nor another VPC for one that is there. */
export const securityGroupManifestCheck: ManifestCheck = {
  subjects: [subjectOf(securityGroupKind)],
  async check({ cluster, object, existing, road }, context) {
    const { spec, metadata } = object as OvnSecurityGroup & { metadata?: { annotations?: Record<string, unknown> } };
    const before = (existing as KubeObject | undefined)?.metadata.annotations?.[groupVpcAnnotation];
    const after = metadata?.annotations?.[groupVpcAnnotation];
    const isKept = after === before || (road === 'APPLY' && after === undefined);
    const moved: readonly ManifestMisfit[] =
      before === undefined || isKept
        ? []
        : [
            {
              path: ['metadata', 'annotations', groupVpcAnnotation],
              code: 'immutable',
              message: `The VPC of a security group can never be changed: it is ${before}`,
            },
          ];
    if (typeof spec !== 'object' || spec === null) return moved;
    const named = (['ingressRules', 'egressRules'] as const).flatMap((field) =>
      (Array.isArray(spec[field]) ? spec[field] : []).flatMap((rule, index) =>
        rule?.remoteType === 'securityGroup' && rule.remoteSecurityGroup
          ? [{ name: String(rule.remoteSecurityGroup), path: ['spec', field, index, 'remoteSecurityGroup'] }]
          : [],
      ),
    );
    const unknown = await unknownGroups(cluster, named, context);
    return [...moved, ...checkGroupSpec(spec), ...unknown];
  },
};

/**
 * Groups that pods ask for as text: Kube-OVN asks nobody whose a group is, so a pod would come into any, and through the rules for its
 * members.
 */
export const podGroupsCheck: ManifestCheck = {
  subjects: [...anyWorkloadKinds, podKind as KindRef].map(subjectOf),
  async check(written, context) {
    const { after, before, path } = annotationsOf(written);
    const standing = new Set(groupNamesIn(before));
    const added = groupNamesIn(after).filter((name) => !standing.has(name));
    if (added.length === 0) return [];
    const { capabilities } = context.cluster(written.cluster);
    if (capabilities.find(({ name }) => name === 'vpc-network')?.isInstalled === false) return [];
    return unknownGroups(
      written.cluster,
      added.map((name) => ({ name, path: [...path, groupsAnnotation] })),
      context,
    );
  },
};

/** A group that the caller does not see is as one that is not there. */
async function unknownGroups(
  cluster: string,
  named: readonly { readonly name: string; readonly path: readonly (string | number)[] }[],
  context: RequestContext,
): Promise<readonly ManifestMisfit[]> {
  const found = await Promise.all(
    named.map(({ name }) => context.kube(cluster).get(securityGroupKind, undefined, name)),
  );
  return named.flatMap(({ name, path }, index) => {
    const group = found[index];
    if (group && context.access.allowed('READ', group)) return [];
    return [{ path, code: 'unknown_group', message: `There is no security group '${name.slice(0, 100)}' here` }];
  });
}

function annotationsOf({ kind, object, existing }: WrittenObject) {
  const template = kind.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  const path = [...(kind.kind === 'Pod' ? [] : template), 'metadata', 'annotations'];
  const at = (value: unknown) =>
    path.reduce<unknown>(
      (found, step) => (found as Readonly<Record<string, unknown>> | null | undefined)?.[step],
      value,
    ) as Readonly<Record<string, unknown>> | undefined;
  return { after: at(object), before: at(existing), path };
}
