import type { DecidedCondition } from '../merge-conditions.ts';
import { group, type Listener, type ObjectRef, type RouteGroupKind, type RouteKind } from './kinds.ts';

export interface ListenerDecision {
  readonly name: string;
  readonly supportedKinds: readonly RouteGroupKind[];
  readonly conditions: readonly DecidedCondition[];
  /** Whether it takes traffic once the Gateway has an address. */
  readonly isUsable: boolean;
}

export interface CertificateProblem {
  readonly reason: 'InvalidCertificateRef' | 'RefNotPermitted';
  readonly message: string;
}

/** Finds out what is wrong with a certificate that a listener refers to; undefined when it can be served. */
export type CheckCertificate = (ref: ObjectRef) => CertificateProblem | undefined;

type Outcome = readonly [status: 'True' | 'False', reason: string, message: string];

/** What each listener of a Gateway is fit for (gateway.networking.k8s.io/v1, ListenerStatus without its routes). */
export function decideListeners(
  listeners: readonly Listener[],
  checkCertificate: CheckCertificate,
): ListenerDecision[] {
  return listeners.map((listener) => {
    const offered = kindsOf(listener);
    const wanted = listener.allowedRoutes?.kinds ?? [];
    const isOffered = ({ group: ofGroup, kind }: RouteGroupKind): boolean =>
      (ofGroup ?? group) === group && offered.some((each) => each === kind);
    const kinds = wanted.length === 0 ? offered.map(asGroupKind) : wanted.filter(isOffered).map(withGroup);
    const accepted = acceptanceOf(listener);
    const conflict = conflictOf(listener, listeners);
    const refs = referencesOf(listener, wanted.every(isOffered), checkCertificate);
    const isUsable = accepted[0] === 'True' && conflict[0] === 'False' && refs[0] === 'True';
    const programmed: Outcome = isUsable
      ? ['True', 'Programmed', 'Listener has been programmed']
      : ['False', 'Invalid', 'Listener is invalid, see other conditions for details.'];
    return {
      name: listener.name,
      supportedKinds: kinds,
      isUsable,
      conditions: [
        condition('Accepted', accepted),
        condition('Conflicted', conflict),
        condition('Programmed', programmed),
        condition('ResolvedRefs', refs),
      ],
    };
  });
}

/** The kinds of routes that a listener of this protocol can carry. */
function kindsOf({ protocol, tls }: Listener): RouteKind[] {
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      return ['HTTPRoute', 'GRPCRoute'];
    case 'TLS':
      return tls?.mode === 'Passthrough' ? ['TLSRoute'] : ['TCPRoute', 'TLSRoute'];
    case 'TCP':
      return ['TCPRoute'];
    case 'UDP':
      return ['UDPRoute'];
    default:
      return [];
  }
}

function acceptanceOf(listener: Listener): Outcome {
  if (kindsOf(listener).length > 0) return ['True', 'Accepted', 'Listener has been accepted'];
  return [
    'False',
    'UnsupportedProtocol',
    `Protocol ${listener.protocol} is unsupported, must be HTTP, HTTPS, TLS, TCP or UDP.`,
  ];
}

/** Listeners share a port only when each connection can tell which of them it means; UDP has ports of its own. */
function conflictOf(listener: Listener, all: readonly Listener[]): Outcome {
  const rivals = all.filter(
    (other) => other !== listener && other.port === listener.port && isUdp(other) === isUdp(listener),
  );
  if (rivals.some((other) => familyOf(other) !== familyOf(listener))) {
    return ['True', 'ProtocolConflict', 'All listeners for a given port must use a compatible protocol'];
  }
  if (rivals.some(({ hostname }) => (hostname ?? '') === (listener.hostname ?? ''))) {
    return ['True', 'HostnameConflict', 'All listeners for a given port must use a unique hostname'];
  }
  return ['False', 'NoConflicts', 'Listener has no conflicts'];
}

function isUdp({ protocol }: Listener): boolean {
  return protocol === 'UDP';
}

/** HTTPS and TLS are both told apart by server name. */
function familyOf({ protocol }: Listener): string {
  return protocol === 'HTTPS' ? 'TLS' : protocol;
}

function referencesOf(listener: Listener, areKindsOffered: boolean, checkCertificate: CheckCertificate): Outcome {
  const { protocol, tls } = listener;
  const isEncrypted = protocol === 'HTTPS' || (protocol === 'TLS' && tls?.mode !== 'Passthrough');
  const refs = isEncrypted ? (tls?.certificateRefs ?? []) : [];
  if (isEncrypted && refs.length === 0) {
    return ['False', 'InvalidCertificateRef', 'Listener must have at least 1 TLS certificate ref'];
  }
  for (const ref of refs) {
    const problem = checkCertificate(ref);
    if (problem !== undefined) return ['False', problem.reason, problem.message];
  }
  if (areKindsOffered) return ['True', 'ResolvedRefs', 'Listener references have been resolved'];
  return ['False', 'InvalidRouteKinds', `Kinds of routes are named that protocol ${protocol} does not carry`];
}

function condition(type: string, [status, reason, message]: Outcome): DecidedCondition {
  return { type, status, reason, message };
}

function asGroupKind(kind: RouteKind): RouteGroupKind {
  return { group, kind };
}

function withGroup({ group: ofGroup, kind }: RouteGroupKind): RouteGroupKind {
  return { group: ofGroup ?? group, kind };
}
