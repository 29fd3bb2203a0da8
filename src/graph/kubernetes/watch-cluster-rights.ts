import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import { origin } from '../../kube/kube-object.ts';
import type { AnyKubeObject } from './kubernetes-object-ref.ts';

/** How often the clusters are asked again while a stream is open, in ms: a right that is gone ends within 10 s. */
const askAgainMs = 8_000;

export interface ClusterRights {
  /**
   * What may be read as of now, frozen: a later answer changes the next view and not this one. What was not asked yet is
   * hidden, and asked.
   */
  view(): (object: AnyKubeObject) => boolean;
  /** Calls back when an answer changed and a new view should be taken. */
  onChange(listener: () => void): () => void;
}

export interface ClusterRightsOptions {
  readonly clusters: readonly Pick<Cluster, 'name' | 'identity' | 'canRead'>[];
  readonly principal: Principal;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The rights of one caller in clusters that see the caller (`identity: impersonate`), for as long as a stream is open:
 * streams run under the gateway's own watch, so the cluster is asked beside it. Undefined where no cluster does.
 */
export function watchClusterRights(options: ClusterRightsOptions): ClusterRights | undefined {
  const { principal, clock, signal } = options;
  const impersonating = options.clusters.filter(({ identity }) => identity === 'impersonate');
  if (impersonating.length === 0) return undefined;
  const clusters = new Map(impersonating.map((cluster) => [cluster.name, cluster]));
  const questions = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  let allowed: ReadonlySet<string> = new Set();

  function settle(key: string, isAllowed: boolean): void {
    if (allowed.has(key) === isAllowed) return;
    allowed = new Set(isAllowed ? [...allowed, key] : [...allowed].filter((other) => other !== key));
    for (const listener of listeners) listener();
  }

  /** Rights are asked for a kind in a namespace, not for single objects. Who cannot be asked allows nothing. */
  function ask(key: string, object: AnyKubeObject): void {
    const question = (): void => {
      const answer = clusters
        .get(object[origin].cluster)
        ?.canRead(principal, object[origin], object.metadata.namespace);
      if (typeof answer === 'boolean') settle(key, answer);
      else
        answer?.then(
          (isAllowed) => settle(key, isAllowed),
          () => settle(key, false),
        );
    };
    questions.set(key, question);
    // Later: a view must not change while somebody looks through it.
    clock.schedule(0, question);
  }

  function askAgain(): void {
    if (signal.aborted) return;
    for (const question of questions.values()) question();
    clock.schedule(askAgainMs, askAgain);
  }
  clock.schedule(askAgainMs, askAgain);

  return {
    view() {
      const seen = allowed;
      return (object) => {
        if (!clusters.has(object[origin].cluster)) return true;
        const key = `${object[origin].cluster} ${subjectOf(object[origin])} ${object.metadata.namespace ?? ''}`;
        if (!questions.has(key)) ask(key, object);
        return seen.has(key);
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
