import { ingressKind, ingressTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { registerCreateIngress } from './create-ingress.ts';
import { registerIngressInputs } from './ingress-inputs.ts';
import { registerUpdateIngress } from './update-ingress.ts';

/** Ingresses: how they are made, changed and deleted. */
export function registerIngresses(builder: LongshoreBuilder): void {
  registerIngressInputs(builder);
  registerCreateIngress(builder);
  registerUpdateIngress(builder);
  registerDeletion(builder, {
    kind: ingressKind,
    ref: ingressTypeRef,
    plural: 'Ingresses',
    description: 'The Services that it leads to stay.',
  });
}
