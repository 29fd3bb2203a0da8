import { type Controller, keysByResource } from '../../controllers/controller.ts';
import { createObjectIndex } from '../../controllers/create-object-index.ts';
import type { Namespace, Service } from '../../controllers/kubernetes-shapes.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import { mergeConditions } from '../merge-conditions.ts';
import { decideAttachment } from './decide-attachment.ts';
import { decideBackends } from './decide-backends.ts';
import {
  backendsOf,
  controllerName,
  type Gateway,
  gatewayKey,
  gatewayKinds,
  group,
  isGatewayRef,
  type ParentStatus,
  parentKeys,
  type ReferenceGrant,
  type Route,
  type RouteKind,
  routeKinds,
  routePlurals,
} from './kinds.ts';

interface EndpointSlice extends ClusterObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

const sliceService = 'kubernetes.io/service-name';

/** Tells every route, parent by parent, whether it is attached and whether what it sends traffic to is there. */
export function createRouteController(context: EngineContext): Controller {
  const { clock, store } = context;
  const { classes, gateways, grants, routes } = gatewayKinds(context);
  const services = context.kind<Service>('', 'services');
  const namespaces = context.kind<Namespace>('', 'namespaces');
  const slices = context.kind<EndpointSlice>('discovery.k8s.io', 'endpointslices');
  const byParent = routeKinds.map((kind) => createObjectIndex<Route>(store, routes[kind].resource, parentKeys));
  const byService = routeKinds.map((kind) => createObjectIndex<Route>(store, routes[kind].resource, serviceKeys));
  const slicesOfService = createObjectIndex<EndpointSlice>(store, slices.resource, sliceKeys);

  function hasReadyEndpoints(namespace: string, name: string): boolean {
    const found = slicesOfService.get(`${namespace}/${name}`);
    return found.some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready !== false));
  }

  /** The entries of Gateways that this controller serves; a parent that nobody serves has none. */
  function parentsOf(route: Route): ParentStatus[] {
    const stamp = { generation: route.metadata.generation ?? 1, now: timestamp(clock.now()) };
    const labels = namespaces.get(undefined, route.metadata.namespace ?? '')?.metadata.labels ?? {};
    const backends = decideBackends(route, {
      grants: grants.list(),
      findService: (namespace, name) => services.get(namespace, name),
      hasReadyEndpoints,
    });
    return (route.spec.parentRefs ?? []).filter(isGatewayRef).flatMap((parentRef) => {
      const gateway = servedGateway(gatewayKey(parentRef, route));
      if (gateway === undefined) return [];
      const { condition } = decideAttachment(route, parentRef, gateway, labels);
      const before = route.status?.parents?.find((each) => isOurs(each) && isSameRef(each.parentRef, parentRef));
      const conditions = mergeConditions(before?.conditions, [condition, ...backends], stamp);
      return [{ parentRef, controllerName, conditions }];
    });
  }

  /** Once its own controller has looked at it. */
  function servedGateway(key: string): Gateway | undefined {
    const slash = key.indexOf('/');
    const gateway = gateways.get(key.slice(0, slash), key.slice(slash + 1));
    const gatewayClass = classes.get(undefined, gateway?.spec.gatewayClassName ?? '');
    const isServed = gatewayClass?.spec.controllerName === controllerName && gateway?.status?.listeners !== undefined;
    return isServed ? gateway : undefined;
  }

  const findBy = (indexes: typeof byParent, key: string): string[] =>
    indexes.flatMap((index) => index.get(key)).map(routeKey);
  const ownRoute = (object: ClusterObject): string[] => [routeKey(object)];
  const inNamespace = (namespace: string): string[] =>
    routeKinds.flatMap((kind) => routes[kind].list(namespace)).map(routeKey);

  return {
    name: 'gateway-route',
    keysOf: keysByResource({
      ...Object.fromEntries(routeKinds.map((kind) => [`${routePlurals[kind]}.${group}`, ownRoute])),
      [`gateways.${group}`]: ({ metadata }) => findBy(byParent, `${metadata.namespace ?? ''}/${metadata.name}`),
      [`referencegrants.${group}`]: (object) =>
        (object as ReferenceGrant).spec.from.flatMap(({ namespace }) => inNamespace(namespace)),
      services: ({ metadata }) => findBy(byService, `${metadata.namespace ?? ''}/${metadata.name}`),
      'endpointslices.discovery.k8s.io': (object) =>
        sliceKeys(object as EndpointSlice).flatMap((key) => findBy(byService, key)),
      namespaces: ({ metadata }, { type }) => (type === 'MODIFIED' ? inNamespace(metadata.name) : []),
    }),
    reconcile(key) {
      const [kind = '', namespace, name = ''] = key.split('/');
      const client = routes[kind as RouteKind];
      const route = client.get(namespace, name);
      if (route === undefined || route.metadata.deletionTimestamp !== undefined) return undefined;
      const others = (route.status?.parents ?? []).filter((each) => !isOurs(each));
      const parents = [...others, ...parentsOf(route)];
      if (parents.length > 0 || route.status !== undefined) client.updateStatus(route, { parents });
      return undefined;
    },
  };
}

function routeKey({ kind, metadata }: ClusterObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function serviceKeys(route: Route): string[] {
  const keys = backendsOf(route).map(({ namespace, name }) => `${namespace ?? route.metadata.namespace ?? ''}/${name}`);
  return [...new Set(keys)];
}

function sliceKeys({ metadata }: EndpointSlice): string[] {
  const service = metadata.labels?.[sliceService];
  return service === undefined ? [] : [`${metadata.namespace ?? ''}/${service}`];
}

function isOurs(parent: ParentStatus): boolean {
  return parent.controllerName === controllerName;
}

function isSameRef(one: ParentStatus['parentRef'], other: ParentStatus['parentRef']): boolean {
  return (['name', 'namespace', 'sectionName', 'port'] as const).every((field) => one[field] === other[field]);
}
