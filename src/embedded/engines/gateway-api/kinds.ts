import type { KindClient } from '../../controllers/kind-client.ts';
import type { LabelSelector } from '../../controllers/kubernetes-shapes.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import type { StatusCondition } from '../merge-conditions.ts';

export const group = 'gateway.networking.k8s.io';
/** The controller that GatewayClasses name to be served by this engine. */
export const controllerName = 'embedded.longshore.dev/gateway-controller';

/** Kinds of routes and their plurals. */
export const routePlurals = {
  HTTPRoute: 'httproutes',
  GRPCRoute: 'grpcroutes',
  TLSRoute: 'tlsroutes',
  TCPRoute: 'tcproutes',
  UDPRoute: 'udproutes',
} as const;
export type RouteKind = keyof typeof routePlurals;
export const routeKinds = Object.keys(routePlurals) as RouteKind[];

export interface GatewayClass extends ClusterObject {
  readonly spec: { readonly controllerName: string };
  readonly status?: { readonly conditions?: readonly StatusCondition[] };
}

export interface RouteGroupKind {
  readonly group?: string;
  readonly kind: string;
}

/** A reference to an object that may lie in another namespace. */
export interface ObjectRef extends RouteGroupKind {
  readonly name: string;
  readonly namespace?: string;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly tls?: { readonly mode?: 'Terminate' | 'Passthrough'; readonly certificateRefs?: readonly ObjectRef[] };
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: 'All' | 'Selector' | 'Same'; readonly selector?: LabelSelector };
    readonly kinds?: readonly RouteGroupKind[];
  };
}

export interface GatewayAddress {
  readonly type?: string;
  readonly value?: string;
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds?: readonly RouteGroupKind[];
  readonly attachedRoutes: number;
  readonly conditions: readonly StatusCondition[];
}

export interface Gateway extends ClusterObject {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners: readonly Listener[];
    readonly addresses?: readonly GatewayAddress[];
  };
  readonly status?: {
    readonly addresses?: readonly GatewayAddress[];
    readonly conditions?: readonly StatusCondition[];
    readonly listeners?: readonly ListenerStatus[];
  };
}

export interface ParentRef extends Partial<ObjectRef> {
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

export interface BackendRef extends Partial<ObjectRef> {
  readonly name: string;
  readonly port?: number;
  readonly weight?: number;
}

export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions: readonly StatusCondition[];
}

interface RouteFilter {
  readonly requestMirror?: { readonly backendRef: BackendRef };
}

/** What the five kinds of routes have in common. */
export interface Route extends ClusterObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly backendRefs?: readonly (BackendRef & { readonly filters?: readonly RouteFilter[] })[];
      readonly filters?: readonly RouteFilter[];
    }[];
  };
  readonly status?: { readonly parents?: readonly ParentStatus[] };
}

export interface ReferenceGrant extends ClusterObject {
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

export interface GatewayKinds {
  readonly classes: KindClient<GatewayClass>;
  readonly gateways: KindClient<Gateway>;
  readonly grants: KindClient<ReferenceGrant>;
  readonly routes: Readonly<Record<RouteKind, KindClient<Route>>>;
}

export function gatewayKinds(context: EngineContext): GatewayKinds {
  const routes = (kind: RouteKind): KindClient<Route> => context.kind(group, routePlurals[kind]);
  return {
    classes: context.kind(group, 'gatewayclasses'),
    gateways: context.kind(group, 'gateways'),
    grants: context.kind(group, 'referencegrants'),
    routes: {
      HTTPRoute: routes('HTTPRoute'),
      GRPCRoute: routes('GRPCRoute'),
      TLSRoute: routes('TLSRoute'),
      TCPRoute: routes('TCPRoute'),
      UDPRoute: routes('UDPRoute'),
    },
  };
}

/** Keys `namespace/name` of the Gateways that a route names as its parents. */
export function parentKeys(route: Route): string[] {
  const keys = (route.spec.parentRefs ?? []).filter(isGatewayRef).map((ref) => gatewayKey(ref, route));
  return [...new Set(keys)];
}

export function isGatewayRef(ref: ParentRef): boolean {
  return (ref.group ?? group) === group && (ref.kind ?? 'Gateway') === 'Gateway';
}

export function gatewayKey(ref: ParentRef, route: Route): string {
  return `${ref.namespace ?? route.metadata.namespace ?? ''}/${ref.name}`;
}

/** Everything a route sends traffic to, mirrors among them. */
export function backendsOf(route: Route): BackendRef[] {
  const mirrors = (filters: readonly RouteFilter[] | undefined): BackendRef[] =>
    (filters ?? []).flatMap(({ requestMirror }) => (requestMirror === undefined ? [] : [requestMirror.backendRef]));
  return (route.spec.rules ?? []).flatMap(({ backendRefs = [], filters }) => [
    ...backendRefs.flatMap((backend) => [backend, ...mirrors(backend.filters)]),
    ...mirrors(filters),
  ]);
}
