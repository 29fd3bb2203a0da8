import type { ServiceObject } from 'longshore/plugins/compute';
import type { ServiceEndpoint } from '../services/endpoints-of-service.ts';
import { because, good, type Outcome } from './condition-outcome.ts';

export type MemberState = 'READY' | 'DEGRADED' | 'UNAVAILABLE' | 'MISSING' | 'UNKNOWN';

/** How the instances behind a Service of a backend group do. */
export interface MemberHealth extends Outcome<MemberState> {
  /** Those that take traffic at the group's port; undefined where they cannot be read. */
  readonly endpoints: readonly ServiceEndpoint[] | undefined;
}

/**
 * How one Service of a group does, from its EndpointSlices: load balancers send to ready endpoints alone (NET-20). Neither is told apart
 * whether a Service is not there, or not for the reader. Pure.
 */
export function memberHealth(
  port: number | undefined,
  service: ServiceObject | undefined,
  all: readonly ServiceEndpoint[] | undefined,
): MemberHealth {
  if (!service) {
    const missing = { reason: 'BackendNotFound', message: 'The Service is not there.' };
    return { ...because('MISSING', missing), endpoints: undefined };
  }
  const own = (service.spec?.ports ?? []).find((each) => each.port === port);
  if (port !== undefined && own === undefined) {
    const missing = { reason: 'PortNotFound', message: `The Service has no port ${port}.` };
    return { ...because('MISSING', missing), endpoints: undefined };
  }
  if (all === undefined) {
    const unknown = { reason: 'EndpointsUnknown', message: 'Its EndpointSlices cannot be read.' };
    return { ...because('UNKNOWN', unknown), endpoints: undefined };
  }
  const endpoints = all.filter(
    ({ ports }) => own === undefined || ports.some(({ name }) => (name ?? '') === (own.name ?? '')),
  );
  const ready = endpoints.filter(({ isReady }) => isReady).length;
  if (endpoints.length === 0) {
    const none = { reason: 'NoEndpoints', message: 'Its selector finds no instance that takes traffic at the port.' };
    return { ...because('UNAVAILABLE', none), endpoints };
  }
  if (ready === endpoints.length) return { ...good('READY'), endpoints };
  const some = { reason: 'EndpointsNotReady', message: `${ready} of ${endpoints.length} endpoints are ready.` };
  return { ...because(ready === 0 ? 'UNAVAILABLE' : 'DEGRADED', some), endpoints };
}
