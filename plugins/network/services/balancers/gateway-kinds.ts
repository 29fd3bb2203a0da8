import { type KubeObject, kindRef } from 'longshore/sdk';

/** `metav1.Condition`; the definitions put Unknown, Pending and 1970 there until a controller has looked. */
export interface GatewayCondition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
  readonly reason: string;
  readonly message: string;
}

export interface ListenerEntry {
  readonly name: string;
  readonly port: number;
  /** `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`, or one of a controller's own. */
  readonly protocol: string;
  readonly hostname?: string;
  readonly tls?: {
    readonly mode?: string;
    readonly certificateRefs?: readonly {
      readonly group?: string;
      readonly kind?: string;
      readonly name: string;
      readonly namespace?: string;
    }[];
  };
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: string; readonly selector?: object };
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

/** `gateway.networking.k8s.io/v1` as of bundle 1.6, the fields that the platform reads. */
export interface V1Gateway {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: {
    readonly gatewayClassName: string;
    readonly listeners?: readonly ListenerEntry[];
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
  };
  readonly status?: {
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
    readonly conditions?: readonly GatewayCondition[];
    readonly listeners?: readonly {
      readonly name: string;
      readonly attachedRoutes?: number;
      readonly conditions?: readonly GatewayCondition[];
    }[];
  };
}

export interface V1GatewayClass {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: { readonly controllerName: string; readonly description?: string };
  readonly status?: {
    readonly conditions?: readonly GatewayCondition[];
    /** Up to 1.1 plain texts, then objects. */
    readonly supportedFeatures?: readonly (string | { readonly name: string })[];
  };
}

export interface ParentRef {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

export interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly port?: number;
  /** 1 where absent, 0 to 1,000,000: a share of the sum. */
  readonly weight?: number;
}

export interface RouteFilter {
  readonly type?: string;
  readonly requestHeaderModifier?: {
    readonly remove?: readonly string[];
    readonly add?: unknown;
    readonly set?: unknown;
  };
}

export interface RouteRule {
  readonly name?: string;
  readonly matches?: readonly unknown[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendRef[];
}

/** What TCPRoute, UDPRoute and HTTPRoute have in common. */
export interface V1Route {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: {
    readonly parents?: readonly {
      readonly parentRef: ParentRef;
      readonly controllerName?: string;
      readonly conditions?: readonly GatewayCondition[];
    }[];
  };
}

export type GatewayObject = KubeObject<V1Gateway>;
export type GatewayClassObject = KubeObject<V1GatewayClass>;
export type RouteObject = KubeObject<V1Route>;

export const gatewayGroup = 'gateway.networking.k8s.io';
const gatewayApi = { group: gatewayGroup, version: 'v1', isOptional: true } as const;

export const gatewayKind = kindRef<V1Gateway>({
  ...gatewayApi,
  kind: 'Gateway',
  plural: 'gateways',
  isNamespaced: true,
});
export const gatewayClassKind = kindRef<V1GatewayClass>({
  ...gatewayApi,
  kind: 'GatewayClass',
  plural: 'gatewayclasses',
  isNamespaced: false,
});
export const httpRouteKind = kindRef<V1Route>({
  ...gatewayApi,
  kind: 'HTTPRoute',
  plural: 'httproutes',
  isNamespaced: true,
});
/** In the standard channel as `v1` from bundle 1.6 on. */
export const tcpRouteKind = kindRef<V1Route>({
  ...gatewayApi,
  kind: 'TCPRoute',
  plural: 'tcproutes',
  isNamespaced: true,
});
/** In the standard channel as `v1` from bundle 1.6 on. */
export const udpRouteKind = kindRef<V1Route>({
  ...gatewayApi,
  kind: 'UDPRoute',
  plural: 'udproutes',
  isNamespaced: true,
});

/** Routes that are no backend groups, but lead from listeners to Services as these do. In the standard channel from bundle 1.1 and 1.5 on. */
export const otherRouteKinds = [
  kindRef<V1Route>({ ...gatewayApi, kind: 'GRPCRoute', plural: 'grpcroutes', isNamespaced: true }),
  kindRef<V1Route>({ ...gatewayApi, kind: 'TLSRoute', plural: 'tlsroutes', isNamespaced: true }),
];

/** By the protocol that a backend group speaks. */
export const routeKindOf = { HTTP: httpRouteKind, TCP: tcpRouteKind, UDP: udpRouteKind } as const;
export type GroupProtocol = keyof typeof routeKindOf;

export const routeKinds = Object.values(routeKindOf);

/** The protocol of a group, by the kind of its route. */
export function protocolOfRoute(kind: string | undefined): GroupProtocol {
  if (kind === 'TCPRoute') return 'TCP';
  return kind === 'UDPRoute' ? 'UDP' : 'HTTP';
}
