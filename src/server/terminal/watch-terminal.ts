import type { V1Pod } from '@kubernetes/client-node';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { PermissionTable } from '../../access/create-permission-table.ts';
import { watchRights } from '../../access/watch-rights.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { kindRef } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { type TerminalEnd, terminalEnds } from './terminal-end.ts';

export const podKind = kindRef<V1Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });

/** How often what nobody announces is looked at, in ms: with the 8 s that a cluster's answer is kept, less than 10 s in the mean. */
const lookMs = 2_000;
/** For how long a cluster's answer may be one from before the terminal was opened, in ms. */
const rememberedMs = 8_000;
/** A process that ends with its container says so itself; this is how long it has for it, in ms. */
const graceMs = 1_000;
/** How long a cluster may not be able to say whether the caller may still be there, in ms. */
const doubtMs = 60_000;

export interface TerminalWatchOptions {
  readonly principal: Principal;
  readonly pod: KubeObject<V1Pod>;
  readonly container: string;
  readonly action: 'EXEC' | 'ATTACH';
  readonly cluster: Cluster;
  readonly authenticator: Authenticator;
  readonly permissions: PermissionTable;
  readonly clock: Clock;
  readonly logger: Logger;
  onEnd(end: TerminalEnd): void;
}

/** Follows all that a terminal stands on besides its two connections: the token, the rights here and in the cluster, the container. */
export function watchTerminal(options: TerminalWatchOptions): () => void {
  const { pod, container, action, cluster, permissions, clock, logger, onEnd } = options;
  const { namespace = '', name, uid } = pod.metadata;
  const runsAs = containerIdOf(pod, container);
  const way = action === 'EXEC' ? 'exec' : 'attach';
  let { principal } = options;
  let isOver = false;
  let cancelGrace: (() => void) | undefined;
  /** What the cluster has given since it began. */
  let given: ReadonlySet<string> = new Set();
  const beganAt = clock.now();
  let sureAt = beganAt;

  function checkRights(): void {
    if (!permissions.for(principal).allowed(action, pod)) onEnd(terminalEnds.rightsChanged);
  }

  const endRights = watchRights({
    principal,
    authenticator: options.authenticator,
    clock,
    onChange(fresh) {
      principal = fresh;
      checkRights();
    },
    onRevoked: (reason) => onEnd(reason === 'EXPIRED' ? terminalEnds.tokenExpired : terminalEnds.rightsChanged),
  });

  const feed = cluster.feed(podKind);
  const endEvents = feed.onEvent(({ type, object }) => {
    if (object.metadata.name !== name || object.metadata.namespace !== namespace) return;
    if (type !== 'DELETED' && object.metadata.uid === uid && isRunning(object, container, runsAs)) return;
    cancelGrace ??= clock.schedule(graceMs, () => onEnd(terminalEnds.podGone));
  });

  async function askCluster(): Promise<void> {
    try {
      const now = await cluster.sessionVerbs(principal, namespace, name, way);
      sureAt = clock.now();
      if (!now) return;
      const hasNone = now.size === 0 && sureAt - beganAt >= rememberedMs;
      if (hasNone || !given.isSubsetOf(now)) onEnd(terminalEnds.rightsChanged);
      given = given.union(now);
    } catch (error) {
      logger.debug({ err: error }, 'a cluster cannot say whether a terminal may go on');
      if (clock.now() - sureAt >= doubtMs) onEnd(terminalEnds.rightsChanged);
    }
  }

  function look(): void {
    // Profiles switch rights off, which nobody announces.
    checkRights();
    void askCluster().then(() => {
      if (!isOver) cancelLook = clock.schedule(lookMs, look);
    });
  }
  let cancelLook = () => {};
  look();

  return () => {
    isOver = true;
    endRights();
    endEvents();
    feed.release();
    cancelLook();
    cancelGrace?.();
  };
}

/** The run of a container that is going on now; undefined where there is none. */
export function containerIdOf({ status }: KubeObject<V1Pod>, container: string): string | undefined {
  const all = [status?.containerStatuses, status?.initContainerStatuses, status?.ephemeralContainerStatuses];
  const found = all.flatMap((list) => list ?? []).find(({ name }) => name === container);
  return found?.state?.running ? found.containerID : undefined;
}

function isRunning(pod: KubeObject<V1Pod>, container: string, runsAs: string | undefined): boolean {
  const now = containerIdOf(pod, container);
  return runsAs === undefined ? pod.status?.phase === 'Running' : now === runsAs;
}
