import { CapabilityMissingError, type RequestContext } from 'longshore/sdk';
import { type PodAddressing, podAddressingRef } from '../../api.ts';

/** How chosen addresses are asked for; undefined where no plugin drives the network. */
export function addressingOf(context: RequestContext): PodAddressing | undefined {
  try {
    return context.service(podAddressingRef);
  } catch (error) {
    if (error instanceof CapabilityMissingError) return undefined;
    throw error;
  }
}
