import type { Clock } from '../../kernel/clock.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import { ConnectionError } from './connection-error.ts';

/** API groups that the API server itself answers for; every other group may be another server's behind it. */
const ownGroups = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** One breaker for the cluster and one for each group behind an extension server, so that a broken one harms only itself. */
export interface Breakers {
  readonly cluster: CircuitBreaker;
  /** Throws a `ConnectionError` where one of the two breakers is open. */
  enter(group: string, isProbe: boolean | undefined): void;
  /**
   * An answer came. `status` 0 stands for none, then `error` says why. What the API server only passes on for a node
   * (`isOfNode`) and fails or is late is charged to nobody: one node that is away must not take the cluster with it.
   */
  judge(group: string, status: number, error: unknown, isOfNode?: boolean): void;
}

export function createBreakers(clock: Clock): Breakers {
  const cluster = createCircuitBreaker({ clock, probedBy: 'monitor' });
  const extensions = new Map<string, CircuitBreaker>();

  function extensionOf(group: string): CircuitBreaker | undefined {
    if (ownGroups.has(group)) return undefined;
    let breaker = extensions.get(group);
    if (breaker === undefined) {
      breaker = createCircuitBreaker({ clock, probedBy: 'anyone' });
      extensions.set(group, breaker);
    }
    return breaker;
  }

  return {
    cluster,
    enter(group, isProbe) {
      cluster.enter({ isProbe });
      extensionOf(group)?.enter();
    },
    judge(group, status, error, isOfNode) {
      const extension = extensionOf(group);
      const isReached = status > 0 && status !== 401;
      const isFailed = [502, 503, 504].includes(status);
      const isLate = error instanceof ConnectionError && ['deadline', 'garbage'].includes(error.fault);
      if (isOfNode && (isFailed || isLate)) return;
      if (isReached && (!isFailed || extension !== undefined)) cluster.succeeded();
      if (isReached && !isFailed) return extension?.succeeded();
      const failure = error instanceof Error ? error : new Error(`it answered ${status}`);
      if (isFailed || isLate) return (extension ?? cluster).failed(failure);
      const isUnreached =
        status === 401 || (error instanceof ConnectionError && ['network', 'credentials'].includes(error.fault));
      if (isUnreached) cluster.failed(failure);
    },
  };
}
