import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { networkPolicyKind, networkPolicyTypeRef } from '../../api.ts';
import { registerCreatePolicy } from './create-policy.ts';
import { registerPolicyInputs } from './policy-inputs.ts';
import { registerPolicyType } from './policy-type.ts';
import { registerUpdatePolicy } from './update-policy.ts';

/** NetworkPolicies: who may reach which pods, in every cluster (NET-33). */
export function registerPolicies(builder: LongshoreBuilder): void {
  registerPolicyType(builder);
  registerPolicyInputs(builder);
  registerCreatePolicy(builder);
  registerUpdatePolicy(builder);
  registerDeletion(builder, {
    kind: networkPolicyKind,
    ref: networkPolicyTypeRef,
    plural: 'NetworkPolicies',
    description: 'Pods that no other policy selects are open from then on.',
  });
}
