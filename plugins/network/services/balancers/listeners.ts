import { encodeGlobalId, type KubeObject, origin, type RowNode } from 'longshore/sdk';
import { listenersOf } from './balancer-facts.ts';
import { because, currentConditions, good, isPassing, type Outcome } from './condition-outcome.ts';
import {
  type GatewayObject,
  type GroupProtocol,
  gatewayGroup,
  type ListenerEntry,
  type ParentRef,
  protocolOfRoute,
  type RouteObject,
} from './gateway-kinds.ts';

export type ListenerState = 'PENDING' | 'RUNNING' | 'NO_BACKEND' | 'FAILED' | 'DELETING';
export const listenerTypeName = 'LoadBalancerListener';

/** A listener as a node of its own: it is an entry of its Gateway, and its id is made of both names. */
export interface Listener extends RowNode {
  readonly gateway: GatewayObject;
  readonly entry: ListenerEntry;
}

/** Where a listener stands. */
export interface ListenerPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly gateway: string;
  readonly name: string;
}

/** The part of a global id that says which listener it is. */
export function listenerKey({ cluster, namespace, gateway, name }: ListenerPlace): string {
  return [cluster, namespace, gateway, name].map(encodeURIComponent).join('/');
}

/** Undefined for what `listenerKey` cannot have made. */
export function parseListenerKey(key: string): ListenerPlace | undefined {
  const parts = key.split('/');
  if (parts.length !== 4) return undefined;
  try {
    const [cluster = '', namespace = '', gateway = '', name = ''] = parts.map(decodeURIComponent);
    const place = { cluster, namespace, gateway, name };
    return listenerKey(place) === key ? place : undefined;
  } catch {
    return undefined;
  }
}

export function listenerId(place: ListenerPlace): string {
  return encodeGlobalId({ of: 'row', plugin: 'network', type: listenerTypeName, key: listenerKey(place) });
}

export function toListener(gateway: GatewayObject, entry: ListenerEntry): Listener {
  const { namespace = '', name } = gateway.metadata;
  const place = { cluster: gateway[origin].cluster, namespace, gateway: name, name: entry.name };
  return { id: listenerId(place), nodeTypeName: listenerTypeName, gateway, entry };
}

export function listenerNamed(gateway: GatewayObject, name: string): Listener | undefined {
  const entry = listenersOf(gateway).find((each) => each.name === name);
  return entry && toListener(gateway, entry);
}

export function isListener(node: unknown): node is Listener {
  return typeof node === 'object' && node !== null && 'nodeTypeName' in node && node.nodeTypeName === listenerTypeName;
}

/** The protocol of the groups that a listener leads to; TLS ends at an HTTPS listener (NET-17). Undefined: none that the platform makes. */
export function groupProtocolOf({ protocol }: Pick<ListenerEntry, 'protocol'>): GroupProtocol | undefined {
  if (protocol === 'HTTP' || protocol === 'HTTPS') return 'HTTP';
  return protocol === 'TCP' || protocol === 'UDP' ? protocol : undefined;
}

/** Whether a listener may lead to routes of a kind, by what it speaks. */
function carries(entry: Pick<ListenerEntry, 'protocol'>, kind: string | undefined): boolean {
  return kind === 'TLSRoute' ? entry.protocol === 'TLS' : groupProtocolOf(entry) === protocolOfRoute(kind);
}

/** `namespace/name` of the Gateways that a route names as parents. */
export function parentKeysOf({ metadata, spec }: Pick<RouteObject, 'metadata' | 'spec'>): readonly string[] {
  const keys = (spec?.parentRefs ?? []).filter(isGatewayRef).map((ref) => parentKeyOf(ref, metadata.namespace));
  return [...new Set(keys)];
}

export const isGatewayRef = ({ group, kind }: ParentRef): boolean =>
  (group ?? gatewayGroup) === gatewayGroup && (kind ?? 'Gateway') === 'Gateway';

export const parentKeyOf = ({ namespace, name }: ParentRef, own: string | undefined): string =>
  `${namespace ?? own ?? ''}/${name}`;

/** Whether this reference of a route means this listener: by its name, or, naming none, as all that carry its kind. */
export function refersTo(
  ref: ParentRef,
  route: Pick<RouteObject, 'kind' | 'metadata'>,
  { metadata }: Pick<KubeObject, 'metadata'>,
  entry: ListenerEntry,
): boolean {
  return (
    isGatewayRef(ref) &&
    parentKeyOf(ref, route.metadata.namespace) === `${metadata.namespace ?? ''}/${metadata.name}` &&
    (ref.sectionName ?? entry.name) === entry.name &&
    (ref.port ?? entry.port) === entry.port &&
    carries(entry, route.kind)
  );
}

/** The routes among these that name the listener as their parent, accepted or not. */
export function groupsOfListener({ gateway, entry }: Listener, routes: readonly RouteObject[]): readonly RouteObject[] {
  return routes.filter(
    (route) =>
      !route.metadata.deletionTimestamp &&
      (route.spec?.parentRefs ?? []).some((ref) => refersTo(ref, route, gateway, entry)),
  );
}

/** How a listener does, given the groups that are bound to it (CON-25). */
export function listenerOutcome({ gateway, entry }: Listener, isBound: boolean): Outcome<ListenerState> {
  if (gateway.metadata.deletionTimestamp) return good('DELETING');
  const status = gateway.status?.listeners?.find(({ name }) => name === entry.name);
  const conditions = currentConditions(status?.conditions, gateway.metadata);
  const conflicted = conditions.get('Conflicted');
  if (conflicted?.status === 'True') return because('FAILED', conflicted);
  for (const type of ['Accepted', 'ResolvedRefs', 'Programmed']) {
    const condition = conditions.get(type);
    if (condition?.status === 'False') return because(isPassing(condition) ? 'PENDING' : 'FAILED', condition);
  }
  if (!conditions.has('Programmed')) {
    return because('PENDING', { reason: 'Pending', message: 'The controller of its class has not looked at it yet.' });
  }
  if (!isBound) return because('NO_BACKEND', { reason: 'NoBackend', message: 'No backend group is bound to it.' });
  return good('RUNNING');
}
