import { serviceKind, type WorkloadObject } from 'longshore/plugins/compute';
import { ForbiddenError, origin, type RequestContext, subjectOf } from 'longshore/sdk';
import { gatewayKind } from '../balancers/gateway-kinds.ts';
import { makesBalancer } from './linked-balancer.ts';
import type { AccessStep } from './plan-access.ts';

/**
 * Throws `ForbiddenError` where the caller may not do one of these to a Service, or where a load balancer had to be made and the caller may
 * not make any (0.4): then one that is there has to be named.
 */
export function requireAccessRights(
  steps: readonly AccessStep[],
  { metadata, [origin]: { cluster } }: WorkloadObject,
  { access, services }: RequestContext,
): void {
  const { namespace } = metadata;
  for (const { action, name, existing, before, after } of steps) {
    if (action === 'KEEP') continue;
    access.requireAllowed(action, existing ?? { subject: subjectOf(serviceKind), cluster, namespace, name });
    if (!makesBalancer(before, after)) continue;
    if (access.allowed('CREATE', { subject: subjectOf(gatewayKind), cluster, namespace, name })) continue;
    const profile = services.profiles.at({ cluster, namespace });
    throw new ForbiddenError(
      `By the profile '${profile.name}' you may not have a load balancer made for Service '${name}': name one that is there in loadBalancer.existingId`,
    );
  }
}
