import type { LongshoreBuilder } from 'longshore/sdk';
import { registerBackendGroup } from './backend-group.ts';
import { registerBalancerEnums } from './balancer-enums.ts';
import { registerBalancerQuotas } from './balancer-quotas.ts';
import { registerLoadBalancerChanges } from './change-load-balancer.ts';
import { registerCreateLoadBalancer } from './create-load-balancer.ts';
import { registerGroupMutations } from './group-mutations.ts';
import { registerListener } from './listener.ts';
import { registerBalancerInputs } from './listener-input.ts';
import { registerListenerMutations } from './listener-mutations.ts';
import { registerLoadBalancer } from './load-balancer.ts';
import { registerLoadBalancerClass } from './load-balancer-class.ts';

/** Load balancers, their listeners and backend groups (NET-15 to NET-23). */
export function registerBalancers(builder: LongshoreBuilder): void {
  registerBalancerEnums(builder);
  registerLoadBalancerClass(builder);
  registerBackendGroup(builder);
  registerListener(builder);
  registerLoadBalancer(builder);
  registerBalancerQuotas(builder);
  registerBalancerInputs(builder);
  registerCreateLoadBalancer(builder);
  registerLoadBalancerChanges(builder);
  registerListenerMutations(builder);
  registerGroupMutations(builder);
}
