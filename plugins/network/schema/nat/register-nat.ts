import type { LongshoreBuilder } from 'longshore/sdk';
import { registerAddSnatRules } from './add-snat-rules.ts';
import { registerCreateDnatRule } from './create-dnat-rule.ts';
import { registerCreateNatGateway } from './create-nat-gateway.ts';
import { registerDnatRule } from './dnat-rule.ts';
import { registerElasticIp, registerElasticIpType } from './elastic-ip.ts';
import { registerElasticIpMutations } from './elastic-ip-mutations.ts';
import { registerNatDeletions } from './nat-deletions.ts';
import { registerNatGateway, registerNatGatewayType } from './nat-gateway.ts';
import { registerNatParts } from './nat-parts.ts';
import { registerNetworkMode } from './network-mode.ts';
import { registerPodInternetAccess } from './pod-internet-access.ts';
import { registerSnatRule } from './snat-rule.ts';

/** NAT gateways, SNAT and DNAT rules, elastic IPs. */
export function registerNat(builder: LongshoreBuilder): void {
  registerNatParts(builder);
  registerNatGateway(builder);
  registerElasticIp(builder);
  registerSnatRule(builder);
  registerDnatRule(builder);
  registerNatGatewayType(builder);
  registerElasticIpType(builder);
  registerCreateNatGateway(builder);
  registerAddSnatRules(builder);
  registerCreateDnatRule(builder);
  registerElasticIpMutations(builder);
  registerNatDeletions(builder);
  registerNetworkMode(builder);
  registerPodInternetAccess(builder);
}
