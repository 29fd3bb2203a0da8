import { type AnswerError, ForbiddenError, UpstreamError } from '../../kernel/answer-error.ts';
import type { ClusterProblem } from '../cluster-reader.ts';
import type { KindRef } from '../kind-ref.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { reasonOf } from '../transport/reason-of.ts';
import { kindMissing, upstreamName } from '../transport/translate-failure.ts';
import type { WatchState } from './watch-state.ts';

/** Which namespaces a watch sees where it may not see the whole cluster. */
export interface Coverage {
  readonly allowed: ReadonlySet<string>;
  /** Somebody chose these namespaces: then the others are not missing. */
  readonly isChosen: boolean;
}

/** What is well and what is not with the watch of one (cluster, kind), and the words for it. */
export interface WatchHealth {
  state: WatchState;
  /** UTC milliseconds of the first complete list. */
  syncedAt: number | undefined;
  /** Undefined: the whole cluster. */
  coverage: Coverage | undefined;
  /** Changes that were too large to be taken since the last list. */
  skippedFrames: number;
  readonly staleSince: number | undefined;
  scopeBroke(namespace: string | undefined, error: Error, sinceMs: number): void;
  scopeLives(namespace: string | undefined): void;
  readonly isWhole: boolean;
  /** Back to the beginning. */
  forget(): void;
  refusal(): AnswerError | undefined;
  problems(namespaces: readonly string[] | undefined): readonly ClusterProblem[];
}

export function createWatchHealth(
  transport: Pick<ClusterTransport, 'cluster' | 'problem'>,
  kind: KindRef,
): WatchHealth {
  const { cluster } = transport;
  const broken = new Map<string | undefined, { readonly sinceMs: number; readonly error: Error }>();

  function lastReason(): string | undefined {
    const [first] = broken.values();
    return transport.problem ?? (first && reasonOf(first.error));
  }

  function missingRows(namespaces: readonly string[] | undefined, { allowed, isChosen }: Coverage): ClusterProblem[] {
    const uncovered = namespaces?.filter((namespace) => !allowed.has(namespace));
    const isMissing = uncovered === undefined ? !isChosen : uncovered.length > 0;
    if (!isMissing) return [];
    const where = uncovered === undefined ? `except in ${[...allowed].join(', ')}` : `in ${uncovered.join(', ')}`;
    return [
      {
        cluster,
        code: 'FORBIDDEN',
        message: `The gateway may not list ${kind.plural} ${where}.`,
        staleSince: undefined,
      },
    ];
  }

  const health: WatchHealth = {
    state: 'IDLE',
    syncedAt: undefined,
    coverage: undefined,
    skippedFrames: 0,
    get staleSince() {
      return broken.size === 0 ? undefined : Math.min(...[...broken.values()].map(({ sinceMs }) => sinceMs));
    },
    scopeBroke(namespace, error, sinceMs) {
      broken.set(namespace, { sinceMs: broken.get(namespace)?.sinceMs ?? sinceMs, error });
    },
    scopeLives(namespace) {
      broken.delete(namespace);
    },
    get isWhole() {
      return broken.size === 0;
    },
    forget() {
      broken.clear();
      health.syncedAt = undefined;
      health.coverage = undefined;
      health.skippedFrames = 0;
    },
    refusal() {
      if (health.syncedAt !== undefined) return undefined;
      if (health.state === 'MISSING') return kindMissing(cluster, kind);
      if (health.state === 'FORBIDDEN')
        return new ForbiddenError(`The gateway may not list ${kind.plural} in cluster '${cluster}'.`);
      const reason = lastReason();
      if (reason === undefined) return undefined;
      return new UpstreamError(
        upstreamName(cluster),
        `Cluster '${cluster}' cannot be asked for ${kind.plural}: ${reason}`,
      );
    },
    problems(namespaces) {
      const problems: ClusterProblem[] = [];
      const { staleSince } = health;
      if (staleSince !== undefined) {
        const code = health.state === 'FORBIDDEN' ? 'FORBIDDEN' : 'UPSTREAM_UNAVAILABLE';
        problems.push({
          cluster,
          code,
          message: `The ${kind.plural} shown are old: ${lastReason() ?? 'the watch is broken'}`,
          staleSince,
        });
      }
      if (health.coverage !== undefined) problems.push(...missingRows(namespaces, health.coverage));
      if (health.skippedFrames > 0) {
        const message = `${health.skippedFrames} changes of ${kind.plural} were too large to be taken.`;
        problems.push({ cluster, code: 'TOO_COMPLEX', message, staleSince: undefined });
      }
      return problems;
    },
  };
  return health;
}
