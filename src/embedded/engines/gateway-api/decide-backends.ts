import type { Service } from '../../controllers/kubernetes-shapes.ts';
import type { DecidedCondition } from '../merge-conditions.ts';
import { isGranted } from './is-granted.ts';
import { type BackendRef, backendsOf, group, type ReferenceGrant, type Route } from './kinds.ts';

export interface BackendView {
  readonly grants: readonly ReferenceGrant[];
  findService(namespace: string, name: string): Service | undefined;
  /** Whether at least one endpoint of the Service takes traffic. */
  hasReadyEndpoints(namespace: string, name: string): boolean;
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

/**
 * Whether what a route sends traffic to can be found (condition ResolvedRefs), and, only where it is not so, that
 * something behind it is ready (BackendsAvailable, an addition of Envoy Gateway's).
 */
export function decideBackends(route: Route, view: BackendView): DecidedCondition[] {
  const backends = backendsOf(route);
  const problem = backends.map((backend) => problemOf(backend, route, view)).find((each) => each !== undefined);
  const resolved: DecidedCondition =
    problem === undefined
      ? {
          type: 'ResolvedRefs',
          status: 'True',
          reason: 'ResolvedRefs',
          message: 'Resolved all the Object references for the Route',
        }
      : { type: 'ResolvedRefs', status: 'False', ...problem };
  const empty = backends.find((backend) => {
    const { namespace, name } = placeOf(backend, route);
    const isService = problemOf(backend, route, view) === undefined;
    return isService && (backend.weight ?? 1) > 0 && !view.hasReadyEndpoints(namespace, name);
  });
  if (empty === undefined) return [resolved];
  const { namespace, name } = placeOf(empty, route);
  const message = `Failed to find endpoints: no ready endpoints for the related Service ${namespace}/${name}`;
  return [resolved, { type: 'BackendsAvailable', status: 'False', reason: 'EndpointsNotFound', message }];
}

function problemOf(backend: BackendRef, route: Route, { grants, findService }: BackendView): Problem | undefined {
  const ofGroup = backend.group ?? '';
  const kind = backend.kind ?? 'Service';
  if (ofGroup !== '' || kind !== 'Service') {
    return {
      reason: 'InvalidKind',
      message: `Group "${ofGroup}", kind "${kind}" of backend ${backend.name} is unsupported`,
    };
  }
  const { namespace, name } = placeOf(backend, route);
  const from = { group, kind: route.kind, namespace: route.metadata.namespace ?? '' };
  if (!isGranted({ from, to: { group: '', kind, namespace, name } }, grants)) {
    return {
      reason: 'RefNotPermitted',
      message: `Backend ref to Service ${namespace}/${name} not permitted by any ReferenceGrant`,
    };
  }
  const service = findService(namespace, name);
  if (service === undefined) {
    return { reason: 'BackendNotFound', message: `Service ${namespace}/${name} not found` };
  }
  const port = service.spec.ports?.find((each) => each.port === backend.port);
  if (port === undefined) {
    return { reason: 'BackendNotFound', message: `Port ${backend.port} not found on Service ${namespace}/${name}` };
  }
  const protocol = route.kind === 'UDPRoute' ? 'UDP' : 'TCP';
  if ((port.protocol ?? 'TCP') === protocol) return undefined;
  const message = `${protocol} Port ${backend.port} not found on Service ${namespace}/${name}`;
  return { reason: 'UnsupportedProtocol', message };
}

function placeOf(backend: BackendRef, route: Route): { readonly namespace: string; readonly name: string } {
  return { namespace: backend.namespace ?? route.metadata.namespace ?? '', name: backend.name };
}
