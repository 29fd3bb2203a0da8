import type { Profile, ValidationIssue } from 'longshore/sdk';
import { accessHealthCheckAlways } from '../../profile-keys/access.ts';
import { serviceLbHealthCheck } from '../../profile-keys/services.ts';
import { lbAnnotation, readLbOption } from '../services/lb-annotations.ts';
import type { LoadBalancerForm } from '../services/service-form.ts';
import type { AccessPortForm } from './access-form.ts';
import type { AnnotatedService } from './linked-balancer.ts';

type Checks = Pick<LoadBalancerForm, 'hasHealthCheck' | 'healthCheckPorts'>;

/** Whether the load balancer of a Service checks what is behind a port; undefined where the platform has no word for it. */
export function readHealthCheck(service: AnnotatedService, port: number, profile: Profile): boolean | undefined {
  const annotations = service.metadata?.annotations;
  const word = service.spec?.type === 'LoadBalancer' ? readLbOption(annotations, 'HEALTH_CHECK', profile) : undefined;
  if (word !== 'ON') return word === undefined ? undefined : false;
  const some = readLbOption(annotations, 'HEALTH_CHECK_PORTS', profile);
  return some === undefined || some.split(',').includes(String(port));
}

/** What the load balancer is told of its checks: of all ports at once, or which of them where they differ (NET-06, CON-21). */
export function writeHealthChecks(
  ports: readonly AccessPortForm[],
  existing: AnnotatedService | undefined,
  profile: Profile,
): Checks {
  if (lbAnnotation(profile, 'HEALTH_CHECK') === undefined) return {};
  const always = profile.get(accessHealthCheckAlways) as readonly string[];
  const isChecked = ({ port, protocol, hasHealthCheck }: AccessPortForm): boolean =>
    hasHealthCheck ??
    (always.includes(protocol ?? 'TCP') ||
      ((existing && readHealthCheck(existing, port, profile)) ?? profile.get(serviceLbHealthCheck)));
  const checked = ports.filter(isChecked).map(({ port }) => port);
  const isMixed = checked.length > 0 && checked.length < ports.length;
  return { hasHealthCheck: checked.length > 0, healthCheckPorts: isMixed ? checked : null };
}

/** What stands against the checks of one port. Paths begin at the port. */
export function checkHealthCheck(
  { protocol, hasHealthCheck }: AccessPortForm,
  isBalanced: boolean,
  profile: Profile,
): readonly ValidationIssue[] {
  const path = ['hasHealthCheck'];
  if (hasHealthCheck === undefined || hasHealthCheck === null) return [];
  if (!isBalanced) {
    return [{ path, code: 'other_type', message: 'hasHealthCheck belongs to the ports of a load balancer' }];
  }
  const spoken = protocol ?? 'TCP';
  const isAlways = (profile.get(accessHealthCheckAlways) as readonly string[]).includes(spoken);
  if (isAlways && !hasHealthCheck) {
    const message = `By the profile '${profile.name}' the health check of a ${spoken} port of a load balancer cannot be turned off`;
    return [{ path, code: 'always_on', message }];
  }
  if (!isAlways && hasHealthCheck && lbAnnotation(profile, 'HEALTH_CHECK') === undefined) {
    const message = `By the profile '${profile.name}' load balancers cannot be told to check a ${spoken} port: service.lbAnnotations has none for HEALTH_CHECK`;
    return [{ path, code: 'not_offered', message }];
  }
  return [];
}
