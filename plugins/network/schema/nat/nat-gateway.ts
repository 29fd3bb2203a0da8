import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  origin,
  readObject,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  subjectOf,
} from 'longshore/sdk';
import { natGatewayTypeRef } from '../../api.ts';
import { type NatGatewayObject, natGatewayKind } from '../../services/nat/nat-kinds.ts';
import { standingOfGateway } from '../../services/nat/nat-state.ts';
import { readGateway } from '../../services/nat/read-nat.ts';
import { standingFields } from './nat-parts.ts';

const allow = { action: 'READ', subject: subjectOf(natGatewayKind) };

/** NAT gateways with their elastic IPs and rules (NET-34, NET-39). */
export function registerNatGateway(builder: LongshoreBuilder): void {
  const list = defineKubernetesList(builder, {
    name: 'NatGateway',
    node: natGatewayTypeRef,
    plural: 'NAT gateways',
    isNamespaced: false,
    filter: (t) => ({ vpc: t.string({ description: 'Only that of the VPC with this name.' }) }),
    matches: ({ vpc }) => ((object: NatGatewayObject) => !vpc || object.spec?.vpc === vpc) as never,
    orders: { VPC: { description: "By the VPC's name.", value: ({ spec }) => spec?.vpc ?? null } },
  });
  registerQuery(builder, {
    name: 'natGateway',
    description: 'One NAT gateway by its name; null where it is not there for you.',
    allow,
    type: natGatewayTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, natGatewayKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'natGateways',
    description: 'NAT gateways of all clusters, those of your workspaces (NET-39).',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([natGatewayKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'natGatewayChanges',
    description: 'NAT gateways as they come, change and go.',
    allow,
    kinds: [natGatewayKind],
    itemField: 'natGateway',
    itemType: natGatewayTypeRef,
    itemDescription: 'The gateway after the change; of a deleted one the last state known.',
    list,
  });
}

/** Once all the lists are there that it refers to. */
export function registerNatGatewayType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: natGatewayTypeRef,
    kind: natGatewayKind,
    description:
      "The way out of a VPC, and into it: its subnets go out by SNAT rules, and ports of its elastic IPs lead in by DNAT rules (Kube-OVN's VpcNatGateway). A VPC has one at most. It is a single pod, and any change of its spec starts it anew.",
    fields: (t) => ({
      ...standingFields(t, (gateway, patience, context) =>
        mapMaybe(readGateway(context.kube(gateway[origin].cluster), gateway), (view) =>
          standingOfGateway(gateway, view, patience),
        ),
      ),
      vpcName: t.string({ description: 'Name of its VPC.', resolve: ({ spec }) => spec?.vpc ?? '' }),
      subnetName: t.string({
        description: 'Name of the subnet that it stands in itself.',
        resolve: ({ spec }) => spec?.subnet ?? '',
      }),
      privateAddress: t.string({
        nullable: true,
        description: "Its address inside, to which the VPC's default route leads.",
        resolve: ({ spec }) => spec?.lanIp ?? null,
      }),
      publicAddresses: t.stringList({
        description: 'Addresses of its elastic IPs, as far as they have one yet, by their names.',
        resolve: (gateway, _args, context) =>
          mapMaybe(readGateway(context.kube(gateway[origin].cluster), gateway), ({ eips }) =>
            [...eips]
              .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
              .flatMap(({ status }) => status?.ip || []),
          ) as never,
      }),
      elasticIps: relationField(builder, t, {
        description: 'The elastic IPs that lie on it.',
        of: 'ElasticIp',
        rows: (gateway, context) =>
          relatedRows(context, gateway[origin].cluster, (reader) =>
            mapMaybe(readGateway(reader, gateway), ({ eips }) => eips),
          ),
      }),
      snatRules: relationField(builder, t, {
        description: 'Its SNAT rules (NET-39).',
        of: 'SnatRule',
        rows: (gateway, context) =>
          relatedRows(context, gateway[origin].cluster, (reader) =>
            mapMaybe(readGateway(reader, gateway), ({ snatRules }) => snatRules),
          ),
      }),
      dnatRules: relationField(builder, t, {
        description: 'Its DNAT rules, of single ports and of all.',
        of: 'DnatRule',
        rows: (gateway, context) =>
          relatedRows(context, gateway[origin].cluster, (reader) =>
            mapMaybe(readGateway(reader, gateway), ({ dnatRules, fipRules }) => [...dnatRules, ...fipRules]),
          ),
      }),
    }),
  });
}
