import { type KubeObject, NotFoundError, PreconditionError } from 'longshore/sdk';
import { listenersOf, placeholderEntry } from './balancer-facts.ts';
import type { GatewayObject, ListenerEntry, ParentRef, RouteObject } from './gateway-kinds.ts';
import { type Listener, refersTo } from './listeners.ts';

/** Listeners of a Gateway as a merge patch. Where none is left one keeps their place, since a Gateway needs one. */
export function patchOfListeners(listeners: readonly ListenerEntry[], placeholder: 'TCP' | 'HTTP'): object {
  return { spec: { listeners: listeners.length > 0 ? listeners : [placeholderEntry(placeholder)] } };
}

/** With one listener more. Throws `PreconditionError` where its name or port is taken by now. */
export function withListener(gateway: GatewayObject, entry: ListenerEntry): readonly ListenerEntry[] {
  requireFree(gateway, entry);
  return [...listenersOf(gateway), entry];
}

/** With one listener changed. Throws `NotFoundError` where it is gone, `PreconditionError` where the port is taken. */
export function withChangedListener(
  gateway: GatewayObject,
  name: string,
  change: (entry: ListenerEntry) => ListenerEntry,
): readonly ListenerEntry[] {
  const entry = listenersOf(gateway).find((each) => each.name === name);
  if (!entry) throw new NotFoundError('There is no listener with this id');
  const changed = change(entry);
  requireFree(gateway, changed, name);
  return listenersOf(gateway).map((each) => (each === entry ? changed : each));
}

export function withoutListener(gateway: GatewayObject, name: string): readonly ListenerEntry[] {
  return listenersOf(gateway).filter((entry) => entry.name !== name);
}

/** Throws `PreconditionError` where another listener of the load balancer has the name or the port (NET-20). */
export function requireFree(gateway: GatewayObject, entry: ListenerEntry, besides?: string): void {
  const others = listenersOf(gateway).filter(({ name }) => name !== besides);
  const balancer = `Load balancer '${gateway.metadata.name}'`;
  if (others.some(({ name }) => name === entry.name)) {
    throw new PreconditionError('LISTENER_NAME_TAKEN', `${balancer} has a listener '${entry.name}' already`);
  }
  const rival = others.find((other) => isSamePort(other, entry));
  if (rival) {
    throw new PreconditionError(
      'LISTENER_PORT_TAKEN',
      `${balancer} takes traffic at port ${entry.port} by its listener '${rival.name}' already`,
    );
  }
}

/** UDP has ports of its own, as the Gateway API has it. */
export const isSamePort = (
  a: Pick<ListenerEntry, 'port' | 'protocol'>,
  b: Pick<ListenerEntry, 'port' | 'protocol'>,
): boolean => a.port === b.port && (a.protocol === 'UDP') === (b.protocol === 'UDP');

/** The reference that binds a group to a listener. */
export function parentRefTo({ gateway, entry }: Listener, route: { readonly namespace: string }): ParentRef {
  const { name, namespace = '' } = gateway.metadata;
  return { name, ...(namespace === route.namespace ? {} : { namespace }), sectionName: entry.name };
}

/** Parents of a route with this listener; the same where it is among them. */
export function boundTo(route: RouteObject, listener: Listener): readonly ParentRef[] {
  const refs = route.spec?.parentRefs ?? [];
  if (refs.some((ref) => refersTo(ref, route, listener.gateway, listener.entry))) return refs;
  return [...refs, parentRefTo(listener, { namespace: route.metadata.namespace ?? '' })];
}

/** Parents of a route without this listener: a reference that means the whole Gateway is written out for the others. */
export function unboundFrom(route: RouteObject, { gateway, entry }: Listener): readonly ParentRef[] {
  return (route.spec?.parentRefs ?? []).flatMap((ref) => {
    if (!refersTo(ref, route, gateway, entry)) return [ref];
    const { port: _port, ...whole } = ref;
    return listenersOf(gateway)
      .filter((other) => other.name !== entry.name && refersTo(ref, route, gateway, other))
      .map(({ name }) => ({ ...whole, sectionName: name }));
  });
}

/**
 * Which namespaces a listener lets routes in from, with one more: its own needs no word. Undefined where nothing has to change, or
 * where its author has said it in another way, which is not ours to change.
 */
export function withNamespace(
  { gateway, entry }: Listener,
  { namespace = '' }: Pick<KubeObject['metadata'], 'namespace'>,
): ListenerEntry['allowedRoutes'] | undefined {
  const own = gateway.metadata.namespace ?? '';
  const { from = 'Same', selector } = entry.allowedRoutes?.namespaces ?? {};
  if (from === 'All' || (from === 'Same' && namespace === own)) return undefined;
  const known = from === 'Same' ? [own] : namespacesOf(selector);
  if (known === undefined || known.includes(namespace)) return undefined;
  const values = [...known, namespace].sort();
  return {
    ...entry.allowedRoutes,
    namespaces: {
      from: 'Selector',
      selector: { matchExpressions: [{ key: namespaceLabel, operator: 'In', values }] },
    },
  };
}

const namespaceLabel = 'kubernetes.io/metadata.name';

/** The namespaces of a selector of ours; undefined for any other. */
function namespacesOf(selector: object | undefined): readonly string[] | undefined {
  const { matchExpressions = [], ...rest } = (selector ?? {}) as {
    readonly matchExpressions?: readonly { key?: string; operator?: string; values?: readonly string[] }[];
  };
  const [only] = matchExpressions;
  if (Object.keys(rest).length > 0 || matchExpressions.length !== 1) return undefined;
  return only?.key === namespaceLabel && only.operator === 'In' ? (only.values ?? []) : undefined;
}
