import type { LongshoreBuilder, RaisedWarning } from 'longshore/sdk';
import { dnatRuleTypeRef, elasticIpTypeRef, natGatewayTypeRef, snatRuleTypeRef } from '../../api.ts';
import {
  dnatRuleKind,
  type EipObject,
  eipKind,
  fipRuleKind,
  type NatGatewayObject,
  natGatewayKind,
  type SnatRuleObject,
  snatRuleKind,
} from '../../services/nat/nat-kinds.ts';
import { podsBehind } from '../../services/nat/stranded-pods.ts';
import { deleteBandwidth, takeDownBefore } from '../../services/nat/take-down-gateway.ts';
import { registerNatDeletion } from './register-nat-deletion.ts';

export function registerNatDeletions(builder: LongshoreBuilder): void {
  registerNatDeletion(builder, {
    name: 'deleteSnatRule',
    batch: 'deleteSnatRules',
    field: 'snatRule',
    what: 'SNAT rule',
    thing: 'SNAT_RULE',
    kinds: [snatRuleKind],
    ref: snatRuleTypeRef as never,
    description:
      'Containers of its subnet without an elastic IP of their own lose the Internet then: where there are such, that must be acknowledged (`INTERNET_ACCESS_LOST`, NET-36).',
    consequence: 'Containers of the subnet that have no elastic IP of their own lose the Internet.',
    codes: ['INTERNET_ACCESS_LOST'],
    warn: async (object, context) => {
      const rule = object as unknown as SnatRuleObject;
      const { vpc, count } = await podsBehind(rule, context);
      return count === 0 ? [] : [internetLost(rule, vpc, count)];
    },
  });
  registerNatDeletion(builder, {
    name: 'deleteDnatRule',
    batch: 'deleteDnatRules',
    field: 'dnatRule',
    what: 'DNAT rule',
    thing: 'DNAT_RULE',
    kinds: [dnatRuleKind, fipRuleKind],
    ref: dnatRuleTypeRef as never,
    description: 'What reaches the elastic IP there leads nowhere then.',
  });
  registerNatDeletion(builder, {
    name: 'deleteNatGateway',
    batch: 'deleteNatGateways',
    field: 'natGateway',
    what: 'NAT gateway',
    thing: 'NAT_GATEWAY',
    kinds: [natGatewayKind],
    ref: natGatewayTypeRef as never,
    description:
      "While it has SNAT or DNAT rules, or elastic IPs that were made later, the answer is an `InUseError` with them as `references` (NET-38). The VPC's default route to it and the elastic IP that was made with it go first.",
    before: (object, ticket, context) => takeDownBefore(object as unknown as NatGatewayObject, ticket, context),
  });
  registerNatDeletion(builder, {
    name: 'deleteElasticIp',
    batch: 'deleteElasticIps',
    field: 'elasticIp',
    what: 'elastic IP',
    thing: 'ELASTIC_IP',
    kinds: [eipKind],
    ref: elasticIpTypeRef as never,
    description: 'While a rule uses it, or a pod has it, the answer is an `InUseError` with the rules as `references`.',
    after: (object, ticket, context) => deleteBandwidth(object as unknown as EipObject, ticket, context),
  });
}

function internetLost({ spec, metadata }: SnatRuleObject, vpc: string, count: number): RaisedWarning {
  const pods = count === 1 ? '1 pod' : `${count} pods`;
  return {
    code: 'INTERNET_ACCESS_LOST',
    message: `Without the SNAT rule '${metadata.name}', ${pods} in ${spec?.internalCIDR ?? ''} of the VPC '${vpc}' lose the Internet.`,
    path: ['id'],
  };
}
