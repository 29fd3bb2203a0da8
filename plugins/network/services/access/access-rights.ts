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
  workload: WorkloadObject,
  context: RequestContext,
): void {
  const { access, services } = context;
  const { cluster } = workload[origin];
  const { namespace } = workload.metadata;
  for (const { action, name, existing, before, after } of steps) {
    if (action === 'KEEP') continue;
    access.requireAllowed(action, existing ?? { subject: subjectOf(serviceKind), cluster, namespace, name });
    if (!makesBalancer(before, after) || mayMakeBalancer(workload, context)) continue;
    const profile = services.profiles.at({ cluster, namespace });
    throw new ForbiddenError(
      `By the profile '${profile.name}' you may not have a load balancer made for Service '${name}': name one that is there in loadBalancer.existingId`,
    );
  }
}

/** Whether the caller may have a load balancer made in the namespace of a workload, by `lb.createBy` of the profile (0.4). */
export function mayMakeBalancer(
  { metadata, [origin]: { cluster } }: WorkloadObject,
  { access }: RequestContext,
): boolean {
  const { namespace } = metadata;
  return access.allowed('CREATE', { subject: subjectOf(gatewayKind), cluster, namespace });
}
