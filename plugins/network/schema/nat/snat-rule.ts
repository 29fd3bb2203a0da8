import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  origin,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  subjectOf,
} from 'longshore/sdk';
import { elasticIpTypeRef, natGatewayTypeRef, snatRuleTypeRef } from '../../api.ts';
import { type SnatRuleObject, snatRuleKind } from '../../services/nat/nat-kinds.ts';
import { standingOfRule } from '../../services/nat/nat-state.ts';
import { readRule } from '../../services/nat/read-nat.ts';
import { standingFields } from './nat-parts.ts';

const allow = { action: 'READ', subject: subjectOf(snatRuleKind) };

/** SNAT rules (NET-36). */
export function registerSnatRule(builder: LongshoreBuilder): void {
  const list = defineKubernetesList(builder, {
    name: 'SnatRule',
    node: snatRuleTypeRef,
    plural: 'SNAT rules',
    isNamespaced: false,
    filter: (t) => ({ elasticIp: t.string({ description: 'Only those by the elastic IP with this name.' }) }),
    matches: ({ elasticIp }) => (({ spec }: SnatRuleObject) => !elasticIp || spec?.eip === elasticIp) as never,
  });
  registerList(builder, {
    name: 'snatRules',
    description: 'SNAT rules of all clusters, those of your workspaces.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([snatRuleKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'snatRuleChanges',
    description: 'SNAT rules as they come, change and go.',
    allow,
    kinds: [snatRuleKind],
    itemField: 'snatRule',
    itemType: snatRuleTypeRef,
    itemDescription: 'The rule after the change; of a deleted one the last state known.',
    list,
  });
  registerKubernetesType(builder, {
    ref: snatRuleTypeRef,
    kind: snatRuleKind,
    description:
      "Lets the containers of a subnet out by an elastic IP, as far as they have none of their own (Kube-OVN's IptablesSnatRule).",
    fields: (t) => ({
      ...standingFields(t, (rule, patience, context) =>
        mapMaybe(readRule(context.kube(rule[origin].cluster), rule), (view) => standingOfRule(rule, view, patience)),
      ),
      range: t.string({
        description: 'Addresses that go out by it, e.g. `10.0.1.0/24`.',
        resolve: ({ spec }) => spec?.internalCIDR ?? '',
      }),
      elasticIp: t.field({
        type: elasticIpTypeRef,
        nullable: true,
        description: 'The elastic IP by which they go out; null where it is gone.',
        resolve: (rule, _args, context) =>
          mapMaybe(readRule(context.kube(rule[origin].cluster), rule), ({ eips }) => eips[0] ?? null),
      }),
      natGateway: t.field({
        type: natGatewayTypeRef,
        nullable: true,
        description: 'The gateway of its elastic IP; null where that is gone.',
        resolve: (rule, _args, context) =>
          mapMaybe(readRule(context.kube(rule[origin].cluster), rule), ({ gateways }) => gateways[0] ?? null),
      }),
    }),
  });
}
