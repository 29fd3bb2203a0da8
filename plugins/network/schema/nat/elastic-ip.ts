import { podTypeRef } from 'longshore/plugins/compute';
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
import { elasticIpTypeRef, natGatewayTypeRef } from '../../api.ts';
import { chainMaybe } from '../../services/nat/chain-maybe.ts';
import { type EipObject, eipKind, natGatewayKind } from '../../services/nat/nat-kinds.ts';
import { standingOfEip } from '../../services/nat/nat-state.ts';
import { readBandwidth, readEip, readPodAt } from '../../services/nat/read-nat.ts';
import { standingFields } from './nat-parts.ts';

const allow = { action: 'READ', subject: subjectOf(eipKind) };

/** Elastic IPs (NET-35, NET-40). */
export function registerElasticIp(builder: LongshoreBuilder): void {
  const list = defineKubernetesList(builder, {
    name: 'ElasticIp',
    node: elasticIpTypeRef,
    plural: 'elastic IPs',
    isNamespaced: false,
    filter: (t) => ({
      natGateway: t.string({ description: 'Only those on the NAT gateway with this name.' }),
      isUsed: t.boolean({ description: 'Only those that some rule uses, or that none does.' }),
    }),
    matches: ({ natGateway, isUsed }) =>
      (({ spec, status }: EipObject) =>
        (!natGateway || spec?.natGwDp === natGateway) &&
        (isUsed === null || isUsed === undefined || ((status?.nat ?? '') !== '') === isUsed)) as never,
    orders: { ADDRESS: { description: 'By address, as text.', value: ({ status }) => status?.ip ?? null } },
  });
  registerQuery(builder, {
    name: 'elasticIp',
    description: 'One elastic IP by its name; null where it is not there for you.',
    allow,
    type: elasticIpTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, eipKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'elasticIps',
    description: 'Elastic IPs of all clusters, those of your workspaces.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([eipKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'elasticIpChanges',
    description: 'Elastic IPs as they come, change and go.',
    allow,
    kinds: [eipKind],
    itemField: 'elasticIp',
    itemType: elasticIpTypeRef,
    itemDescription: 'The elastic IP after the change; of a deleted one the last state known.',
    list,
  });
}

/** Once all the lists are there that it refers to. */
export function registerElasticIpType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: elasticIpTypeRef,
    kind: eipKind,
    description:
      "An address of the network outside, on a NAT gateway (Kube-OVN's IptablesEIP). SNAT rules and port mappings may share it; one whose ports all lead to one instance is that instance's own.",
    fields: (t) => ({
      ...standingFields(t, (eip, patience, context) =>
        mapMaybe(readEip(context.kube(eip[origin].cluster), eip), (view) => standingOfEip(eip, view, patience)),
      ),
      address: t.string({
        nullable: true,
        description: 'The address; null until one is allocated.',
        resolve: ({ status }) => status?.ip || null,
      }),
      bandwidthMbps: t.int({
        nullable: true,
        description: 'Mbit/s that it is held to, both ways; null where nothing holds it.',
        resolve: (eip, _args, context) => readBandwidth(context.kube(eip[origin].cluster), eip),
      }),
      natGateway: t.field({
        type: natGatewayTypeRef,
        nullable: true,
        description: 'The gateway that it lies on; null where that is gone.',
        resolve: (eip, _args, context) =>
          readObject(context, natGatewayKind, eip[origin].cluster, undefined, eip.spec?.natGwDp ?? ''),
      }),
      pod: t.field({
        type: podTypeRef,
        nullable: true,
        description: 'The pod that it is bound to, with all ports, in and out (NET-40); null where there is none.',
        resolve: (eip, _args, context) => {
          const reader = context.kube(eip[origin].cluster);
          return chainMaybe(readEip(reader, eip), ({ gateways, fipRules }) =>
            mapMaybe(
              readPodAt(reader, gateways[0]?.spec?.vpc, fipRules[0]?.spec?.internalIp),
              (found) => found ?? null,
            ),
          );
        },
      }),
      snatRules: relationField(builder, t, {
        description: 'SNAT rules by which subnets go out with this address.',
        of: 'SnatRule',
        rows: (eip, context) =>
          relatedRows(context, eip[origin].cluster, (reader) =>
            mapMaybe(readEip(reader, eip), ({ snatRules }) => snatRules),
          ),
      }),
      dnatRules: relationField(builder, t, {
        description: 'DNAT rules by which this address leads in.',
        of: 'DnatRule',
        rows: (eip, context) =>
          relatedRows(context, eip[origin].cluster, (reader) =>
            mapMaybe(readEip(reader, eip), ({ dnatRules, fipRules }) => [...dnatRules, ...fipRules]),
          ),
      }),
    }),
  });
}
