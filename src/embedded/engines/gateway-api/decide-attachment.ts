import { matchesSelector } from '../../controllers/matches-selector.ts';
import type { DecidedCondition } from '../merge-conditions.ts';
import { hostnamesMeet } from './hostnames-meet.ts';
import type { Gateway, Listener, ParentRef, Route } from './kinds.ts';

export interface Attachment {
  /** Listeners that carry the route by this reference. */
  readonly listeners: readonly string[];
  readonly condition: DecidedCondition;
}

/** Whether and where a route attaches to a Gateway that it names as its parent (condition Accepted). */
export function decideAttachment(
  route: Route,
  ref: ParentRef,
  gateway: Gateway,
  namespaceLabels: Readonly<Record<string, string>>,
): Attachment {
  const named = gateway.spec.listeners.filter(
    ({ name, port }) => (ref.sectionName ?? name) === name && (ref.port ?? port) === port,
  );
  if (named.length === 0) return refused('NoMatchingParent', 'No listeners match this parent ref');
  const allowing = named.filter(
    (listener) =>
      allowsKind(gateway, listener, route.kind) && allowsNamespace(gateway, listener, route, namespaceLabels),
  );
  if (allowing.length === 0) {
    return refused('NotAllowedByListeners', 'No listeners included by this parent ref allowed this attachment.');
  }
  const meeting = hasHostnames(route) ? allowing.filter((listener) => meets(listener, route)) : allowing;
  if (meeting.length === 0) {
    const message = 'There were no hostname intersections between the route and this parent ref listeners.';
    return refused('NoMatchingListenerHostname', message);
  }
  return {
    listeners: meeting.map(({ name }) => name),
    condition: { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Route is accepted' },
  };
}

function refused(reason: string, message: string): Attachment {
  return { listeners: [], condition: { type: 'Accepted', status: 'False', reason, message } };
}

function allowsKind({ status }: Gateway, { name }: Listener, kind: string): boolean {
  const supported = status?.listeners?.find((each) => each.name === name)?.supportedKinds ?? [];
  return supported.some((each) => each.kind === kind);
}

function allowsNamespace(
  gateway: Gateway,
  { allowedRoutes }: Listener,
  route: Route,
  labels: Readonly<Record<string, string>>,
): boolean {
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Same') return gateway.metadata.namespace === route.metadata.namespace;
  return matchesSelector(selector, labels);
}

/** TCP and UDP know no names. */
function hasHostnames({ kind }: Route): boolean {
  return kind !== 'TCPRoute' && kind !== 'UDPRoute';
}

function meets({ hostname }: Listener, { spec }: Route): boolean {
  const names = spec.hostnames ?? [];
  return names.length === 0 || names.some((name) => hostnamesMeet(hostname, name));
}
