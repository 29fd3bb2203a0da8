import type { WorkspaceKind } from 'longshore/sdk';
import { dnatRuleKind, eipKind, fipRuleKind, natGatewayKind, qosPolicyKind, snatRuleKind } from './nat-kinds.ts';

/**
 * What members may say of their gateways, addresses and rules. Which node a gateway runs on, what else its pod gets and how it speaks
 * to routers outside is for administrators (Kube-OVN 1.16). The outside network of an EIP is filled in by the engine.
 */
export const natWorkspaceKinds: readonly WorkspaceKind[] = [
  { kind: natGatewayKind, fields: { vpc: 'any', subnet: 'any', lanIp: 'any', qosPolicy: 'any', noDefaultEIP: 'any' } },
  {
    kind: eipKind,
    fields: {
      natGwDp: 'any',
      v4ip: 'any',
      v6ip: 'any',
      macAddress: 'any',
      qosPolicy: 'any',
      externalSubnet: ['ovn-vpc-external-network'],
    },
  },
  { kind: snatRuleKind, fields: { eip: 'any', internalCIDR: 'any' } },
  {
    kind: dnatRuleKind,
    fields: { eip: 'any', externalPort: 'any', internalPort: 'any', internalIp: 'any', protocol: 'any' },
  },
  { kind: fipRuleKind, fields: { eip: 'any', internalIp: 'any' } },
  { kind: qosPolicyKind, fields: { shared: 'any', bindingType: ['EIP'], bandwidthLimitRules: 'any' } },
];
