import { because, currentConditions, good, isPassing, type Outcome } from './condition-outcome.ts';
import type { GatewayObject, ListenerEntry } from './gateway-kinds.ts';

export type BalancerState = 'PENDING' | 'RUNNING' | 'FAILED' | 'DELETING';

/**
 * A Gateway needs at least one listener (`spec.listeners`, minItems 1), and a load balancer stands before it has any (NET-15). This entry
 * keeps its place: it is there only while there is no other, lets no route in, and nobody is shown it.
 */
export const placeholderName = 'longshore-no-listener';

/** The entry that keeps the place of listeners. By TCP nothing is opened without a route; where the cluster has none, HTTP answers 404. */
export function placeholderEntry(protocol: 'TCP' | 'HTTP'): ListenerEntry {
  return {
    name: placeholderName,
    port: 65_535,
    protocol,
    allowedRoutes: {
      namespaces: {
        from: 'Selector',
        // Every namespace has this label.
        selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'DoesNotExist' }] },
      },
    },
  };
}

/** Its listeners in the order of its text, without the one that keeps their place. */
export function listenersOf({ spec }: Pick<GatewayObject, 'spec'>): readonly ListenerEntry[] {
  return (spec?.listeners ?? []).filter(({ name }) => name !== placeholderName);
}

/** Where it takes traffic; empty until its controller says so. */
export function addressesOf({ status }: Pick<GatewayObject, 'status'>): readonly string[] {
  return (status?.addresses ?? []).flatMap(({ value }) => value ?? []);
}

/** How a load balancer does (NET-15, Appendix C): a listener that is wrong is told by that listener. */
export function balancerOutcome({ metadata, status }: GatewayObject): Outcome<BalancerState> {
  if (metadata.deletionTimestamp) return good('DELETING');
  const conditions = currentConditions(status?.conditions, metadata);
  const accepted = conditions.get('Accepted');
  if (accepted?.status === 'False') return because(isPassing(accepted) ? 'PENDING' : 'FAILED', accepted);
  const programmed = conditions.get('Programmed');
  if (!programmed) {
    return because('PENDING', { reason: 'Pending', message: 'The controller of its class has not looked at it yet.' });
  }
  if (programmed.status === 'True') return good('RUNNING');
  return because(isPassing(programmed) ? 'PENDING' : 'FAILED', programmed);
}
