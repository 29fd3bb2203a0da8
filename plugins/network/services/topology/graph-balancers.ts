import { idOfObject, type KubeObject, origin } from 'longshore/sdk';
import { backendsOf, groupOutcome } from '../balancers/backend-groups.ts';
import { addressesOf, balancerOutcome, listenersOf } from '../balancers/balancer-facts.ts';
import { type GatewayObject, protocolOfRoute, type RouteObject } from '../balancers/gateway-kinds.ts';
import { groupsOfListener, type Listener, listenerOutcome, parentKeysOf, toListener } from '../balancers/listeners.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Service, backend group, listener, load balancer (NET-15 to NET-19). The Services are in the graph already. */
export function addBalancers(
  graph: GraphBuilder,
  balancers: Iterable<GatewayObject>,
  groups: Iterable<RouteObject>,
): void {
  const listeners = new Map<string, readonly Listener[]>();
  for (const balancer of balancers) {
    const { namespace = '', name } = balancer.metadata;
    const own = listenersOf(balancer).map((entry) => toListener(balancer, entry));
    listeners.set(keyIn(balancer, `${namespace}/${name}`), own);
    graph.add('LOAD_BALANCER', balancer, {
      detail: addressesOf(balancer).join(', '),
      isReady: balancerOutcome(balancer).state === 'RUNNING',
    });
    for (const { id, entry } of own) graph.connect(id, idOfObject(balancer), String(entry.port));
  }
  const bound = new Set<string>();
  for (const group of groups) {
    graph.add('BACKEND_GROUP', group, {
      detail: protocolOfRoute(group.kind),
      isReady: groupOutcome(group).state === 'RUNNING',
    });
    connectServices(graph, group);
    const near = parentKeysOf(group).flatMap((key) => listeners.get(keyIn(group, key)) ?? []);
    for (const listener of near) {
      if (groupsOfListener(listener, [group]).length === 0) continue;
      bound.add(listener.id);
      graph.connect(idOfObject(group), listener.id);
    }
  }
  for (const listener of [...listeners.values()].flat()) {
    const { entry, gateway, id } = listener;
    const detail = [`${entry.protocol} ${entry.port}`, entry.hostname].filter(Boolean).join(' ');
    const isReady = listenerOutcome(listener, bound.has(id)).state === 'RUNNING';
    graph.addPart({ id, kind: 'LISTENER', name: entry.name, detail, isReady, object: gateway as KubeObject });
  }
}

function connectServices(graph: GraphBuilder, group: RouteObject): void {
  const byService = Map.groupBy(backendsOf(group), ({ namespace, service }) =>
    graph.find('SERVICE', group, namespace, service),
  );
  for (const [service, backends] of byService) {
    const ports = new Set(backends.flatMap(({ port }) => port ?? []));
    graph.connect(service, idOfObject(group), [...ports].join(', '));
  }
}

const keyIn = ({ [origin]: { cluster } }: GatewayObject | RouteObject, key: string): string =>
  JSON.stringify([cluster, key]);
