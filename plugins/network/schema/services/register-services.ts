import { serviceKind, serviceTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { registerCreateService } from './create-service.ts';
import { registerInstanceAddresses } from './instance-addresses.ts';
import { registerServiceDetails } from './service-details.ts';
import { registerServiceInputs } from './service-inputs.ts';
import { registerInstanceBinding } from './set-instance-binding.ts';
import { registerUpdateService } from './update-service.ts';

/** Services: how they are made, changed and deleted. */
export function registerServices(builder: LongshoreBuilder): void {
  registerServiceInputs(builder);
  registerServiceDetails(builder);
  registerInstanceAddresses(builder);
  registerCreateService(builder);
  registerUpdateService(builder);
  registerInstanceBinding(builder);
  registerDeletion(builder, {
    kind: serviceKind,
    ref: serviceTypeRef,
    description:
      'While something leads requests to it, such as an Ingress or a backend group, the answer is an `InUseError` with what the caller may see of that as `references` (NET-13).',
  });
}
