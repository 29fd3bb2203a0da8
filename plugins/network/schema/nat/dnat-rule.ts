import { podTypeRef } from 'longshore/plugins/compute';
import {
  defineKubernetesList,
  type FieldBuilder,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  named,
  nodeRef,
  origin,
  registerEnum,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  resolveTypeOfNode,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { dnatRuleTypeRef, elasticIpTypeRef, natGatewayTypeRef } from '../../api.ts';
import { chainMaybe } from '../../services/nat/chain-maybe.ts';
import { type DnatRuleObject, dnatRuleKind, type FipRuleObject, fipRuleKind } from '../../services/nat/nat-kinds.ts';
import { standingOfRule } from '../../services/nat/nat-state.ts';
import { readPodAt, readRule } from '../../services/nat/read-nat.ts';
import { standingFields } from './nat-parts.ts';

type Rule = DnatRuleObject | FipRuleObject;

const portRuleRef = typeRef<DnatRuleObject>('DnatPortRule');
const instanceRuleRef = typeRef<FipRuleObject>('DnatInstanceRule');
const kinds = [dnatRuleKind, fipRuleKind] as const;
const allow = { action: 'READ', subject: kinds.map(subjectOf) };

/** DNAT rules: of one port, and of all ports of an elastic IP (NET-37). */
export function registerDnatRule(builder: LongshoreBuilder): void {
  registerEnum(builder, 'DnatMapping', 'What of an elastic IP a DNAT rule leads in.', {
    PORT: 'One port of one protocol (port mapping).',
    ALL_PORTS: 'All ports to one instance, which also goes out by it (IP mapping).',
  });
  const list = defineKubernetesList(builder, {
    name: 'DnatRule',
    node: dnatRuleTypeRef,
    plural: 'DNAT rules',
    isNamespaced: false,
    filter: (t) => ({
      elasticIp: t.string({ description: 'Only those of the elastic IP with this name.' }),
      mapping: t.field({ type: named('DnatMapping'), description: 'Only those of single ports, or of all.' }),
    }),
    matches: ({ elasticIp, mapping }) =>
      ((rule: Rule) =>
        (!elasticIp || rule.spec?.eip === elasticIp) && (!mapping || mappingOf(rule) === mapping)) as never,
  });
  registerList(builder, {
    name: 'dnatRules',
    description: 'DNAT rules of all clusters, those of your workspaces.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects(kinds as never, args, context) as never,
  });
  registerKubernetesChanges(builder, {
    name: 'dnatRuleChanges',
    description: 'DNAT rules as they come, change and go.',
    allow,
    kinds: kinds as never,
    itemField: 'dnatRule',
    itemType: dnatRuleTypeRef,
    itemDescription: 'The rule after the change; of a deleted one the last state known.',
    list: list as never,
  });
  builder.interfaceType(dnatRuleTypeRef, {
    description: 'Leads what reaches an elastic IP to an instance inside.',
    interfaces: [nodeRef, kubernetesObjectRef] as never,
    resolveType: resolveTypeOfNode as never,
    fields: ruleFields as never,
  });
  registerKubernetesType(builder, {
    ref: portRuleRef,
    kind: dnatRuleKind,
    description: "Leads one port of an elastic IP to a port of an instance (Kube-OVN's IptablesDnatRule).",
    interfaces: [dnatRuleTypeRef] as never,
    fields: (t) => ({
      protocol: t.field({
        type: named('NatProtocol'),
        nullable: true,
        description: 'Its protocol; null where the cluster has one that is none.',
        resolve: ({ spec }) =>
          (['TCP', 'UDP'].find((known) => known === spec?.protocol?.toUpperCase()) ?? null) as never,
      }),
      elasticIpPort: t.int({
        nullable: true,
        description: 'The port outside, 1 to 65535; null where the cluster has no number.',
        resolve: ({ spec }) => portOf(spec?.externalPort),
      }),
      instancePort: t.int({
        nullable: true,
        description: 'The port of the instance, 1 to 65535; null where the cluster has no number.',
        resolve: ({ spec }) => portOf(spec?.internalPort),
      }),
    }),
  });
  registerKubernetesType(builder, {
    ref: instanceRuleRef,
    kind: fipRuleKind,
    description:
      "Leads all ports of an elastic IP to one instance, which also goes out by it: that instance's own address (Kube-OVN's IptablesFIPRule).",
    interfaces: [dnatRuleTypeRef] as never,
    fields: () => ({}),
  });
}

function ruleFields(t: FieldBuilder<KubeObject>) {
  const of = t as unknown as FieldBuilder<Rule>;
  return {
    ...standingFields(t, (rule, patience, context) =>
      mapMaybe(readRule(context.kube(rule[origin].cluster), rule as Rule), (view) =>
        standingOfRule(rule as Rule, view, patience),
      ),
    ),
    mapping: of.field({ type: named('DnatMapping'), description: 'One port, or all.', resolve: mappingOf as never }),
    instanceAddress: of.string({
      description: 'The address inside that it leads to.',
      resolve: ({ spec }) => spec?.internalIp ?? '',
    }),
    pod: of.field({
      type: podTypeRef,
      nullable: true,
      description: 'The pod that has this address now; null where none has, or you may not see it.',
      resolve: (rule, _args, context) => {
        const reader = context.kube(rule[origin].cluster);
        return chainMaybe(readRule(reader, rule), ({ gateways }) =>
          mapMaybe(readPodAt(reader, gateways[0]?.spec?.vpc, rule.spec?.internalIp), (pod) => pod ?? null),
        );
      },
    }),
    elasticIp: of.field({
      type: elasticIpTypeRef,
      nullable: true,
      description: 'The elastic IP outside; null where it is gone.',
      resolve: (rule, _args, context) =>
        mapMaybe(readRule(context.kube(rule[origin].cluster), rule), ({ eips }) => eips[0] ?? null),
    }),
    natGateway: of.field({
      type: natGatewayTypeRef,
      nullable: true,
      description: 'The gateway of its elastic IP; null where that is gone.',
      resolve: (rule, _args, context) =>
        mapMaybe(readRule(context.kube(rule[origin].cluster), rule), ({ gateways }) => gateways[0] ?? null),
    }),
  };
}

const mappingOf = ({ kind }: { readonly kind?: string }): 'PORT' | 'ALL_PORTS' =>
  kind === fipRuleKind.kind ? 'ALL_PORTS' : 'PORT';

function portOf(text: string | undefined): number | null {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null;
}
