import { workspaceTypeRef } from 'longshore/plugins/core';
import {
  defineKubernetesList,
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
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { printCidr } from '../../services/vpc/cidr.ts';
import { subnetKind, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import {
  type AddressCounts,
  addressesOf,
  descriptionOf,
  displayNameOf,
  isPlannedSubnet,
  networksOf,
  subnetStateOf,
  zoneAnnotation,
} from '../../services/vpc/vpc-facts.ts';
import { matchesNetwork } from './matches-network.ts';
import { workspaceOfObject } from './vpc-type.ts';

const allow = { action: 'READ', subject: subjectOf(subnetKind) };
const addressesRef = typeRef<AddressCounts>('SubnetAddresses');

export function registerSubnet(builder: LongshoreBuilder): void {
  registerEnum(builder, 'AddressFamily', 'A version of the Internet protocol.', {
    IPV4: 'Addresses of 32 bits.',
    IPV6: 'Addresses of 128 bits.',
  });
  builder.objectType(addressesRef, {
    description:
      'The addresses of a subnet of one family. Numbers are whole and exact, and texts because those of IPv6 have more than 64 bits.',
    fields: (t) => ({
      family: t.field({
        type: named('AddressFamily'),
        description: 'Which family.',
        resolve: ({ family }) => (family === 4 ? 'IPV4' : 'IPV6') as never,
      }),
      cidr: t.exposeString('cidr', { description: 'Its network.' }),
      gateway: t.exposeString('gateway', {
        nullable: true,
        description: 'The address by which what is in it reaches other networks.',
      }),
      usable: t.string({
        description: 'How many can be given out in all: 253 of a /24, less what the platform keeps back.',
        resolve: ({ usable }) => usable.toString(),
      }),
      used: t.string({
        description: 'How many are given out, as its engine counts them.',
        resolve: ({ used }) => used.toString(),
      }),
      available: t.string({ description: 'How many are left.', resolve: ({ available }) => available.toString() }),
    }),
  });
  registerKubernetesType(builder, {
    ref: subnetTypeRef,
    kind: subnetKind,
    description:
      'A part of a VPC: what is in one subnet talks directly, what is in two by routing (kubeovn.io/v1). Its `name` is made by the platform; people call it by `displayName`.',
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where nobody said.',
        resolve: displayNameOf,
      }),
      description: t.string({ nullable: true, description: 'What it is for.', resolve: descriptionOf }),
      state: t.field({
        type: named('NetworkState'),
        description: 'ENABLED once its engine has made it.',
        resolve: (subnet) => subnetStateOf(subnet).state as never,
      }),
      stateReason: t.string({
        nullable: true,
        description: "Why it is FAILED, in the engine's words.",
        resolve: (subnet) => subnetStateOf(subnet).reason,
      }),
      vpcName: t.string({ nullable: true, description: 'Name of its VPC.', resolve: ({ spec }) => spec?.vpc ?? null }),
      vpc: t.field({
        type: vpcTypeRef,
        nullable: true,
        description: 'Its VPC; null where that is not there for you.',
        resolve: ({ spec, [origin]: { cluster } }, _args, context) =>
          spec?.vpc
            ? mapMaybe(context.kube(cluster).get(vpcKind, undefined, spec.vpc), (found) => found ?? null)
            : null,
      }),
      cidr: t.string({
        description: 'Its network; of two families with a comma.',
        resolve: (subnet) => networksOf(subnet).map(printCidr).join(','),
      }),
      addresses: t.field({
        type: [addressesRef],
        description: 'Its addresses: used, left and kept back, for each family.',
        resolve: (subnet) => [...addressesOf(subnet)],
      }),
      zone: t.string({
        nullable: true,
        description: 'The availability zone that it is meant for.',
        resolve: ({ metadata }) => metadata.annotations?.[zoneAnnotation] ?? null,
      }),
      namespaces: t.stringList({
        description: 'Namespaces whose pods lie in it unless they choose another one.',
        resolve: ({ spec }) => [...(spec?.namespaces ?? [])],
      }),
      isPrivate: t.boolean({
        description: 'Whether other subnets cannot reach it.',
        resolve: ({ spec }) => spec?.private === true,
      }),
      isPlanned: t.boolean({
        description: 'Whether the platform has planned it for everybody, so that nobody deletes it.',
        resolve: isPlannedSubnet,
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace that it is of; null for one of the platform.',
        resolve: (subnet, _args, context) => workspaceOfObject(subnet, context),
      }),
    }),
  });
  const list = defineKubernetesList(builder, {
    name: 'Subnet',
    node: subnetTypeRef,
    plural: 'subnets',
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
      return (subnet) => {
        if (!isOne(subnet)) return false;
        if (vpc === null) return true;
        return vpc?.of === 'kubernetes' && vpc.cluster === subnet[origin].cluster && vpc.name === subnet.spec?.vpc;
      };
    },
    orders: { DISPLAY_NAME: { description: 'By `displayName`.', value: displayNameOf } },
  });
  registerQuery(builder, {
    name: 'subnet',
    description: 'One subnet by its name in the cluster; null where it is not there for you.',
    allow,
    type: subnetTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, subnetKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'subnets',
    description: 'Subnets of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([subnetKind], args as never, context) as never,
  });
  registerKubernetesChanges(builder, {
    name: 'subnetChanges',
    description: 'Subnets as they come, change and go, with how many addresses are left.',
    allow,
    kinds: [subnetKind],
    itemField: 'subnet',
    itemType: subnetTypeRef,
    itemDescription: 'The subnet after the change; of a deleted one the last state known.',
    list: list as never,
  });
}
