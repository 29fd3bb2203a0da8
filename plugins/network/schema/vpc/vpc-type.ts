import { type Workspace, workspaceTypeRef } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  encodeGlobalId,
  type KubeObject,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  named,
  origin,
  type RequestContext,
  readObject,
  registerEnum,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  resolveNode,
  subjectOf,
  workspaceOf,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { printCidr } from '../../services/vpc/cidr.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { descriptionOf, displayNameOf, isPlannedVpc, rangesOfVpc, vpcStateOf } from '../../services/vpc/vpc-facts.ts';
import { matchesNetwork } from './matches-network.ts';

const allow = { action: 'READ', subject: subjectOf(vpcKind) };

/** The workspace that an object is of by its label, as the caller sees it. */
export async function workspaceOfObject(
  object: Pick<KubeObject, 'metadata'>,
  context: RequestContext,
): Promise<Workspace | null> {
  const key = workspaceOf(object);
  if (key === undefined) return null;
  return (await resolveNode(
    encodeGlobalId({ of: 'row', plugin: 'core', type: 'Workspace', key }),
    context,
  )) as Workspace | null;
}

export function registerVpcType(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NetworkState', 'Where a VPC or a subnet stands.', {
    CREATING: 'Its engine has not made it yet.',
    ENABLED: 'It can be used.',
    FAILED: 'Its engine refuses it; `stateReason` says why.',
    DELETING: 'It is going, as soon as nothing holds it any more.',
  });
  registerKubernetesType(builder, {
    ref: vpcTypeRef,
    kind: vpcKind,
    description:
      'A virtual private cloud: a network that is isolated from every other one (kubeovn.io/v1). Its `name` is made by the platform; people call it by `displayName`.',
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where nobody said.',
        resolve: displayNameOf,
      }),
      description: t.string({ nullable: true, description: 'What it is for.', resolve: descriptionOf }),
      state: t.field({
        type: named('NetworkState'),
        description: 'ENABLED once its router is there.',
        resolve: (vpc) => vpcStateOf(vpc) as never,
      }),
      cidr: t.string({
        nullable: true,
        description: 'The range that its subnets lie in, for good; null for one that was made without one.',
        resolve: (vpc) => rangesOfVpc(vpc).map(printCidr).join(',') || null,
      }),
      isPlanned: t.boolean({
        description: 'Whether the platform has planned it for everybody, so that nobody deletes it.',
        resolve: isPlannedVpc,
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace that it is of; null for one of the platform.',
        resolve: (vpc, _args, context) => workspaceOfObject(vpc, context),
      }),
      namespaces: t.stringList({
        description: 'Namespaces whose pods may lie in it, by their subnets; empty where that is open.',
        resolve: ({ spec }) => [...(spec?.namespaces ?? [])],
      }),
      defaultSubnet: t.field({
        type: subnetTypeRef,
        nullable: true,
        description: 'The subnet of pods for which no other one was chosen.',
        resolve: ({ spec, status, [origin]: { cluster } }, _args, context) => {
          const name = spec?.defaultSubnet || status?.defaultLogicalSwitch;
          return name
            ? mapMaybe(context.kube(cluster).get(subnetKind, undefined, name), (found) => found ?? null)
            : null;
        },
      }),
    }),
  });
  builder.objectField(
    vpcTypeRef,
    'subnets',
    (t) =>
      relationField<VpcObject, SubnetObject>(builder, t as never, {
        description: 'Its subnets.',
        of: 'Subnet',
        rows: ({ metadata, [origin]: { cluster } }, context) =>
          relatedRows(context, cluster, (reader) => reader.byIndex(subnetKind, 'vpc', metadata.name)),
      }) as never,
  );
  const list = defineKubernetesList(builder, {
    name: 'Vpc',
    node: vpcTypeRef,
    plural: 'VPCs',
    isNamespaced: false,
    filter: (t) => ({
      displayName: t.field({ type: 'StringFilter' as never, description: 'Test of what people call it.' }),
      workspaceId: t.id({ description: 'Only those of this workspace.' }),
    }),
    matches: (filter) => matchesNetwork(filter as never),
    orders: { DISPLAY_NAME: { description: 'By `displayName`.', value: displayNameOf } },
  });
  registerQuery(builder, {
    name: 'vpc',
    description: 'One VPC by its name in the cluster; null where it is not there for you.',
    allow,
    type: vpcTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, vpcKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'vpcs',
    description: 'VPCs of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([vpcKind], args as never, context) as never,
  });
  registerKubernetesChanges(builder, {
    name: 'vpcChanges',
    description: 'VPCs as they come, change and go.',
    allow,
    kinds: [vpcKind],
    itemField: 'vpc',
    itemType: vpcTypeRef,
    itemDescription: 'The VPC after the change; of a deleted one the last state known.',
    list: list as never,
  });
}
