import { type ClusterReader, type MaybePromise, mapMaybe, origin } from 'longshore/sdk';
import { currentConditions } from './condition-outcome.ts';
import { type GatewayCondition, gatewayKind, type ParentRef, type RouteObject } from './gateway-kinds.ts';
import { isGatewayRef, type Listener, listenerNamed } from './listeners.ts';

/** One parent of a route, and what the controller of that says (`status.parents`). */
export interface GroupBinding {
  readonly cluster: string;
  readonly namespace: string;
  readonly gateway: string;
  /** Undefined for all listeners of the Gateway that speak the protocol. */
  readonly listener: string | undefined;
  readonly controllerName: string | undefined;
  /** Undefined while no controller has looked at the route as it is now. */
  readonly isAccepted: boolean | undefined;
  readonly isResolved: boolean | undefined;
  readonly conditions: readonly GatewayCondition[];
}

/** The Gateways that a route names as parents, in its order. Pure. */
export function groupBindingsOf(route: RouteObject): readonly GroupBinding[] {
  const { metadata, spec, status } = route;
  const own = metadata.namespace ?? '';
  return (spec?.parentRefs ?? []).filter(isGatewayRef).map((ref) => {
    const told = status?.parents?.find(({ parentRef }) => isSame(parentRef, ref, own));
    const current = currentConditions(told?.conditions, metadata);
    const isMet = (type: string): boolean | undefined => {
      const condition = current.get(type);
      return condition && condition.status === 'True';
    };
    return {
      cluster: route[origin].cluster,
      namespace: ref.namespace ?? own,
      gateway: ref.name,
      listener: ref.sectionName,
      controllerName: told?.controllerName,
      isAccepted: isMet('Accepted'),
      isResolved: isMet('ResolvedRefs'),
      conditions: told?.conditions ?? [],
    };
  });
}

const isSame = (one: ParentRef, other: ParentRef, own: string): boolean =>
  one.name === other.name &&
  (one.namespace ?? own) === (other.namespace ?? own) &&
  one.sectionName === other.sectionName &&
  one.port === other.port;

/** The listener that is named, as far as the reader sees it. */
export function listenerOfBinding(
  reader: ClusterReader,
  { namespace, gateway, listener }: GroupBinding,
): MaybePromise<Listener | undefined> {
  if (listener === undefined) return undefined;
  return mapMaybe(reader.get(gatewayKind, namespace, gateway), (found) => found && listenerNamed(found, listener));
}
