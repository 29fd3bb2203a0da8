import { createKindClient, type KindClient } from '../../controllers/kind-client.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../start-embedded-cluster.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import type { WorkloadNode } from './kinds.ts';

/** How many run at once: each is a whole API server with its controllers. */
export const mostWorkloadClusters = 8;

export interface WorkloadCluster {
  readonly host: string;
  readonly port: number;
  /** YAML; carries its admin's token. */
  readonly kubeconfig: string;
  readonly nodes: KindClient<WorkloadNode>;
  readonly pods: KindClient<ClusterObject>;
}

export type WorkloadState =
  | { readonly phase: 'starting' | 'full' }
  | { readonly phase: 'failed'; readonly why: string }
  | { readonly phase: 'running'; readonly cluster: WorkloadCluster };

/** The clusters that are managed, by the uid of their Cluster: embedded ones in this process. */
export interface WorkloadClusters {
  /** The running one; undefined until it is. */
  get(uid: string): WorkloadCluster | undefined;
  /** Starts it where there is room, and says how far that is. */
  ensure(uid: string, name: string): WorkloadState;
  /** Stops it; to stop one that is not there does nothing. */
  end(uid: string): void;
  /** Calls back when one has started, failed or made room, and when a node of one changes. */
  onNews(listener: (news: { readonly node?: string }) => void): void;
}

interface Entry {
  state: WorkloadState;
  embedded?: EmbeddedCluster;
  isEnded: boolean;
}

/** They share the clock and the pace of the cluster that manages them, and stop with it. */
export function createWorkloadClusters(context: EngineContext): WorkloadClusters {
  const entries = new Map<string, Entry>();
  const stopping = new Set<Promise<void>>();
  const listeners: ((news: { readonly node?: string }) => void)[] = [];
  let isStopped = false;
  const tell = (news: { readonly node?: string } = {}): void => {
    if (!isStopped) for (const listener of listeners) listener(news);
  };

  function stop(embedded: EmbeddedCluster): void {
    const done = embedded.stop().catch((cause: unknown) => {
      context.logger.error({ err: cause, cluster: embedded.name }, 'a workload cluster does not stop');
    });
    stopping.add(done);
    void done.then(() => stopping.delete(done));
  }

  async function start(entry: Entry, name: string): Promise<void> {
    const { clock, speed } = context;
    const embedded = await startEmbeddedCluster({ name, clock, speed, nodes: 0 });
    if (entry.isEnded) {
      stop(embedded);
      return;
    }
    const url = new URL(embedded.url);
    const { store, kubeconfig } = embedded;
    entry.embedded = embedded;
    entry.state = {
      phase: 'running',
      cluster: {
        host: url.hostname,
        port: Number(url.port),
        kubeconfig,
        nodes: createKindClient(store, 'kubelet', '', 'nodes'),
        pods: createKindClient(store, 'capi-machine', '', 'pods'),
      },
    };
    store.onChange(({ object }, { group, plural }) => {
      if (group === '' && plural === 'nodes') tell({ node: object.metadata.name });
    });
    tell();
  }

  context.onStop(async () => {
    isStopped = true;
    for (const uid of [...entries.keys()]) end(uid);
    while (stopping.size > 0) await Promise.all(stopping);
  });

  function end(uid: string): void {
    const entry = entries.get(uid);
    if (entry === undefined) return;
    entries.delete(uid);
    entry.isEnded = true;
    if (entry.embedded !== undefined) stop(entry.embedded);
    tell();
  }

  return {
    get(uid) {
      const state = entries.get(uid)?.state;
      return state?.phase === 'running' ? state.cluster : undefined;
    },
    ensure(uid, name) {
      const known = entries.get(uid);
      if (known !== undefined) return known.state;
      if (entries.size >= mostWorkloadClusters) return { phase: 'full' };
      const entry: Entry = { state: { phase: 'starting' }, isEnded: false };
      entries.set(uid, entry);
      const starting = start(entry, name).catch((cause: unknown) => {
        entry.state = { phase: 'failed', why: cause instanceof Error ? cause.message : String(cause) };
        tell();
      });
      // What is about to start must have started before all have stopped.
      stopping.add(starting);
      void starting.then(() => stopping.delete(starting));
      return entry.state;
    },
    end,
    onNews: (listener) => {
      listeners.push(listener);
    },
  };
}
