import { allMaybe, type ClusterReader, type KindRef, type MaybePromise, mapMaybe, origin } from 'longshore/sdk';
import { backendKeysOf } from './backend-groups.ts';
import { listenersOf } from './balancer-facts.ts';
import {
  type GatewayClassObject,
  type GatewayObject,
  gatewayClassKind,
  gatewayKind,
  otherRouteKinds,
  type RouteObject,
  routeKinds,
  type V1Route,
} from './gateway-kinds.ts';
import { groupsOfListener, type Listener, parentKeysOf, refersTo, toListener } from './listeners.ts';

/** Indexes of routes: by the Gateways that they name as parents, and by the Services that they lead to; keys `namespace/name`. */
export const routeIndexes = {
  parent: (route: RouteObject): readonly string[] => parentKeysOf(route),
  backend: (route: RouteObject): readonly string[] => backendKeysOf(route),
};

/** Indexes of Gateways: by the Secrets that their listeners take certificates from, keys `namespace/name`, and by their classes. */
export const gatewayIndexes = {
  class: ({ spec }: GatewayObject): readonly string[] => (spec?.gatewayClassName ? [spec.gatewayClassName] : []),
  certificate: ({ metadata, spec }: GatewayObject): readonly string[] => [
    ...new Set(
      (spec?.listeners ?? [])
        .flatMap(({ tls }) => tls?.certificateRefs ?? [])
        .map((ref) => `${ref.namespace ?? metadata.namespace ?? ''}/${ref.name}`),
    ),
  ],
};

const routesBy = (
  reader: ClusterReader,
  index: keyof typeof routeIndexes,
  key: string,
  kinds: readonly KindRef<V1Route>[] = routeKinds,
) =>
  mapMaybe(
    allMaybe(kinds.map((kind) => reader.byIndex(kind, index, key))),
    (found) => found.flat() as readonly RouteObject[],
  );

/** Routes of the three kinds that name a Gateway as their parent. */
export function groupsOfGateway(
  reader: ClusterReader,
  { metadata }: Pick<GatewayObject, 'metadata'>,
): MaybePromise<readonly RouteObject[]> {
  return routesBy(reader, 'parent', gatewayKey({ metadata }));
}

const gatewayKey = ({ metadata }: Pick<GatewayObject, 'metadata'>): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;
const allRouteKinds = [...routeKinds, ...otherRouteKinds];

/** Backend groups that lead to a Service. */
export function groupsOfService(
  reader: ClusterReader,
  { metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } },
): MaybePromise<readonly RouteObject[]> {
  return routesBy(reader, 'backend', `${metadata.namespace ?? ''}/${metadata.name}`);
}

/** Routes of all kinds that lead to a Service, backend groups or not. */
export function routesOfService(
  reader: ClusterReader,
  { metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } },
): MaybePromise<readonly RouteObject[]> {
  return routesBy(reader, 'backend', `${metadata.namespace ?? ''}/${metadata.name}`, allRouteKinds);
}

/** The groups bound to a listener. */
export function boundGroups(reader: ClusterReader, listener: Listener): MaybePromise<readonly RouteObject[]> {
  return mapMaybe(groupsOfGateway(reader, listener.gateway), (routes) => groupsOfListener(listener, routes));
}

/** The routes of all kinds that a listener leads to, backend groups or not. */
export function routesOfListener(reader: ClusterReader, listener: Listener): MaybePromise<readonly RouteObject[]> {
  const routes = routesBy(reader, 'parent', gatewayKey(listener.gateway), allRouteKinds);
  return mapMaybe(routes, (found) => groupsOfListener(listener, found));
}

/** The listeners that a group is bound to, of the Gateways that the reader sees. */
export function listenersOfGroup(reader: ClusterReader, route: RouteObject): MaybePromise<readonly Listener[]> {
  const gateways = parentKeysOf(route).map((key) => {
    const cut = key.indexOf('/');
    return reader.get(gatewayKind, key.slice(0, cut), key.slice(cut + 1));
  });
  return mapMaybe(allMaybe<GatewayObject | undefined>(gateways), (found) =>
    found.flatMap((gateway) =>
      gateway === undefined || gateway[origin].cluster !== route[origin].cluster
        ? []
        : listenersOf(gateway)
            .filter((entry) => (route.spec?.parentRefs ?? []).some((ref) => refersTo(ref, route, gateway, entry)))
            .map((entry) => toListener(gateway, entry)),
    ),
  );
}

/** The classes of the load balancers that a group is bound to, each once. */
export async function classesOfGroup(
  reader: ClusterReader,
  route: RouteObject,
): Promise<readonly GatewayClassObject[]> {
  const listeners = await listenersOfGroup(reader, route);
  const names = new Set(listeners.map(({ gateway }) => gateway.spec?.gatewayClassName ?? ''));
  const classes = await Promise.all([...names].map((name) => reader.get(gatewayClassKind, undefined, name)));
  return classes.flatMap((each) => each ?? []);
}
