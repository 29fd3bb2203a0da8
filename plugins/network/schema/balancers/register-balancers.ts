import type { LongshoreBuilder } from 'longshore/sdk';
import { registerBackendGroup } from './backend-group.ts';
import { registerBalancerEnums } from './balancer-enums.ts';
import { registerBindBackendGroup } from './bind-backend-group.ts';
import { registerLoadBalancerChanges } from './change-load-balancer.ts';
import { registerCreateBackendGroup } from './create-backend-group.ts';
import { registerCreateListener } from './create-listener.ts';
import { registerCreateLoadBalancer } from './create-load-balancer.ts';
import { registerDeleteBackendGroup } from './delete-backend-group.ts';
import { registerDeleteListener } from './delete-listener.ts';
import { registerListener } from './listener.ts';
import { registerBalancerInputs } from './listener-input.ts';
import { registerLoadBalancer } from './load-balancer.ts';
import { registerLoadBalancerClass } from './load-balancer-class.ts';
import { registerUpdateBackendGroup } from './update-backend-group.ts';
import { registerUpdateGroupMembers } from './update-group-members.ts';
import { registerUpdateListener } from './update-listener.ts';

/** Load balancers, their listeners and backend groups (NET-15 to NET-23). */
export function registerBalancers(builder: LongshoreBuilder): void {
  registerBalancerEnums(builder);
  registerLoadBalancerClass(builder);
  registerBackendGroup(builder);
  registerListener(builder);
  registerLoadBalancer(builder);
  registerBalancerInputs(builder);
  registerCreateLoadBalancer(builder);
  registerLoadBalancerChanges(builder);
  registerCreateListener(builder);
  registerUpdateListener(builder);
  registerDeleteListener(builder);
  registerCreateBackendGroup(builder);
  registerUpdateBackendGroup(builder);
  registerUpdateGroupMembers(builder);
  registerBindBackendGroup(builder);
  registerDeleteBackendGroup(builder);
}
