import { type PodObject, podTypeRef, type WorkloadObject, workloadTypeRef } from 'longshore/plugins/compute';
import { workspaceTypeRef } from 'longshore/plugins/core';
import {
  allMaybe,
  defineKubernetesList,
  enumValue,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  named,
  origin,
  parseGlobalId,
  readObject,
  registerEnum,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { securityGroupTypeRef, vpcTypeRef } from '../../api.ts';
import {
  groupNamesIn,
  groupNamesOf,
  type OvnSecurityRule,
  type SecurityGroupObject,
  securityGroupKind,
  vpcNameOfGroup,
} from '../../services/groups/group-kinds.ts';
import { groupStateOf } from '../../services/groups/group-state.ts';
import { podsOfGroup, workloadsOfGroup } from '../../services/groups/group-users.ts';
import { vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { descriptionOf, displayNameOf } from '../../services/vpc/vpc-facts.ts';
import { matchesNetwork } from '../vpc/matches-network.ts';
import { workspaceOfObject } from '../vpc/vpc-type.ts';

const allow = { action: 'READ', subject: subjectOf(securityGroupKind) };

interface SeenRule extends OvnSecurityRule {
  readonly cluster: string;
}
const ruleRef = typeRef<SeenRule>('SecurityGroupRule');

const protocols = { all: 'ALL', icmp: 'ICMP', tcp: 'TCP', udp: 'UDP' } as const;
const actions = { allow: 'ALLOW', drop: 'DROP' } as const;

/** Security groups, their rules, and who is in them (NET-32). */
export function registerGroupType(builder: LongshoreBuilder): void {
  registerRule(builder);
  registerKubernetesType(builder, {
    ref: securityGroupTypeRef,
    kind: securityGroupKind,
    description:
      'What may reach the pods of a VPC that are in it, and what they may reach: only what its rules let through, and the answers to that (kubeovn.io/v1). Its `name` is made by the platform; people call it by `displayName`.',
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where nobody said.',
        resolve: displayNameOf,
      }),
      description: t.string({ nullable: true, description: 'What it is for.', resolve: descriptionOf }),
      state: t.field({
        type: named('NetworkState'),
        description: 'ENABLED once its rules are in force; FAILED where its engine could not see to that.',
        resolve: (group) => groupStateOf(group) as never,
      }),
      allowsSameGroup: t.boolean({
        description: 'Whether its pods reach one another, whatever its rules say.',
        resolve: ({ spec }) => spec?.allowSameGroupTraffic === true,
      }),
      ingress: t.field({
        type: [ruleRef],
        description: 'What reaches its pods, the rules that count first at the beginning.',
        resolve: ({ spec, [origin]: { cluster } }) => inOrder(spec?.ingressRules, cluster),
      }),
      egress: t.field({
        type: [ruleRef],
        description: 'What its pods reach, the rules that count first at the beginning.',
        resolve: ({ spec, [origin]: { cluster } }) => inOrder(spec?.egressRules, cluster),
      }),
      vpc: t.field({
        type: vpcTypeRef,
        nullable: true,
        description: 'The VPC that it is for; null where that is not there for you, or nobody said.',
        resolve: (group, _args, context) => {
          const name = vpcNameOfGroup(group);
          const reader = context.kube(group[origin].cluster);
          return name ? mapMaybe(reader.get(vpcKind, undefined, name), (found) => found ?? null) : null;
        },
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace that it is of; null for one of the platform.',
        resolve: (group, _args, context) => workspaceOfObject(group, context),
      }),
    }),
  });
  registerRelations(builder);
  const list = defineKubernetesList(builder, {
    name: 'SecurityGroup',
    node: securityGroupTypeRef,
    plural: 'security groups',
    isNamespaced: false,
    filter: (t) => ({
      displayName: t.field({ type: 'StringFilter' as never, description: 'Test of what people call it.' }),
      workspaceId: t.id({ description: 'Only those of this workspace.' }),
      vpcId: t.id({ description: 'Only those of this VPC.' }),
    }),
    matches: (filter) => {
      const isOne = matchesNetwork(filter as never);
      const { vpcId } = filter as { readonly vpcId?: string | null };
      const vpc = vpcId ? parseGlobalId(String(vpcId)) : null;
      return (group: SecurityGroupObject) => {
        if (!isOne(group)) return false;
        if (vpc === null) return true;
        return vpc?.of === 'kubernetes' && vpc.cluster === group[origin].cluster && vpc.name === vpcNameOfGroup(group);
      };
    },
    orders: { DISPLAY_NAME: { description: 'By `displayName`.', value: displayNameOf } },
  });
  registerQuery(builder, {
    name: 'securityGroup',
    description: 'One security group by its name in the cluster; null where it is not there for you.',
    allow,
    type: securityGroupTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, securityGroupKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'securityGroups',
    description: 'Security groups of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([securityGroupKind], args as never, context) as never,
  });
  registerKubernetesChanges(builder, {
    name: 'securityGroupChanges',
    description: 'Security groups as they come, change and go.',
    allow,
    kinds: [securityGroupKind],
    itemField: 'securityGroup',
    itemType: securityGroupTypeRef,
    itemDescription: 'The group after the change; of a deleted one the last state known.',
    list: list as never,
  });
}

const inOrder = (rules: readonly OvnSecurityRule[] | undefined, cluster: string): SeenRule[] =>
  (rules ?? [])
    .map((rule) => ({ ...rule, cluster }))
    .toSorted((one, other) => (one.priority ?? 0) - (other.priority ?? 0));

function registerRule(builder: LongshoreBuilder): void {
  registerEnum(builder, 'SecurityGroupProtocol', 'What a rule of a security group is about.', {
    ALL: 'Everything.',
    ICMP: 'ICMP, such as pings.',
    TCP: 'TCP, at some ports.',
    UDP: 'UDP, at some ports.',
    UNKNOWN: 'One that this version does not know.',
  });
  registerEnum(builder, 'SecurityGroupAction', 'What becomes of what a rule is about.', {
    ALLOW: 'It passes, with the answers to it.',
    DROP: 'It does not.',
    UNKNOWN: 'One that this version does not know.',
  });
  builder.objectType(ruleRef, {
    description:
      'A rule of a security group. Of several that are about the same, the one of the lowest priority counts.',
    fields: (t) => ({
      priority: t.int({ nullable: true, description: '1 to 16384.', resolve: ({ priority }) => priority ?? null }),
      action: t.field({
        type: named('SecurityGroupAction'),
        description: 'Whether it passes.',
        resolve: ({ policy }) => enumValue(actions, policy) as never,
      }),
      protocol: t.field({
        type: named('SecurityGroupProtocol'),
        description: 'What it is about.',
        resolve: ({ protocol }) => enumValue(protocols, protocol) as never,
      }),
      family: t.field({
        type: named('AddressFamily'),
        description: 'For which addresses it is.',
        resolve: ({ ipVersion }) => (ipVersion === 'ipv6' ? 'IPV6' : 'IPV4') as never,
      }),
      address: t.string({
        nullable: true,
        description: 'Address or network on the other side; null where that is a group.',
        resolve: ({ remoteType, remoteAddress }) => (remoteType === 'securityGroup' ? null : remoteAddress || null),
      }),
      securityGroup: t.field({
        type: securityGroupTypeRef,
        nullable: true,
        description: 'The group whose pods are on the other side; null where that is an address, or not there for you.',
        resolve: ({ cluster, remoteType, remoteSecurityGroup }, _args, context) =>
          remoteType === 'securityGroup' && remoteSecurityGroup
            ? readObject(context, securityGroupKind, cluster, undefined, remoteSecurityGroup)
            : null,
      }),
      portMin: t.int({
        nullable: true,
        description: 'First port of a range; null where it is not about ports.',
        resolve: ({ portRangeMin }) => portRangeMin || null,
      }),
      portMax: t.int({
        nullable: true,
        description: 'Last port of a range; null where it is not about ports.',
        resolve: ({ portRangeMax }) => portRangeMax || null,
      }),
    }),
  });
}

function registerRelations(builder: LongshoreBuilder): void {
  builder.objectField(
    securityGroupTypeRef,
    'workloads',
    (t) =>
      relationField<SecurityGroupObject, WorkloadObject>(builder, t as never, {
        description: 'Workloads whose pods are in it, by their templates.',
        of: 'Workload',
        rows: ({ metadata, [origin]: { cluster } }, context) =>
          relatedRows(context, cluster, (reader) => workloadsOfGroup(reader, metadata.name)) as never,
      }) as never,
  );
  builder.objectField(
    securityGroupTypeRef,
    'pods',
    (t) =>
      relationField<SecurityGroupObject, PodObject>(builder, t as never, {
        description: 'Pods that are in it.',
        of: 'Pod',
        rows: ({ metadata, [origin]: { cluster } }, context) =>
          relatedRows(context, cluster, (reader) => podsOfGroup(reader, metadata.name)),
      }) as never,
  );
  const groupsField = {
    of: 'SecurityGroup',
    description: 'Security groups that its pods are in; none means that all passes.',
  };
  builder.objectField(
    podTypeRef,
    'securityGroups',
    (t) =>
      relationField<PodObject, SecurityGroupObject>(builder, t as never, {
        ...groupsField,
        description: 'Security groups that it is in; none means that all passes.',
        rows: ({ metadata, [origin]: { cluster } }, context) =>
          relatedRows(context, cluster, (reader) => groupsBy(reader, groupNamesIn(metadata.annotations))),
      }) as never,
  );
  builder.interfaceField(
    workloadTypeRef,
    'securityGroups',
    (t) =>
      relationField<WorkloadObject, SecurityGroupObject>(builder, t as never, {
        ...groupsField,
        rows: (workload, context) =>
          relatedRows(context, workload[origin].cluster, (reader) => groupsBy(reader, groupNamesOf(workload))),
      }) as never,
  );
}

function groupsBy(reader: Parameters<typeof podsOfGroup>[0], names: readonly string[]) {
  const found = allMaybe(names.map((name) => reader.get(securityGroupKind, undefined, name)));
  return mapMaybe(found, (groups) => groups.filter((group) => group !== undefined));
}
