import type { Principal } from '../kernel/principal.ts';
import type { ClusterReader, MaybePromise } from './cluster-reader.ts';
import type { ClusterWriter } from './cluster-writer.ts';
import type { KindFeed } from './kind-feed.ts';
import type { KindRef } from './kind-ref.ts';
import type { KubeObject } from './kube-object.ts';
import type { VolumeStats } from './node-stats/volume-stats.ts';
import type { ObjectSchema } from './openapi/schema-node.ts';
import type { PodLogLine, PodLogRequest } from './pod-logs.ts';
import type { LogsOf } from './read/access-review.ts';
import type { PodSession, PodSessionRequest } from './sessions/pod-session.ts';

/** What an engine's or API's presence in a cluster means for the platform; found by API discovery. */
export interface Capability {
  readonly name: string;
  readonly engine: string;
  readonly isInstalled: boolean;
  /** What would install it; undefined where it is there. */
  readonly hint: string | undefined;
}

export interface ClusterEndpoint {
  /** URL of its API. */
  readonly server: string;
  /** PEM; undefined where it is vouched for by who vouches for everybody. */
  readonly certificateAuthority: string | undefined;
}

export type ClusterState = 'CONNECTING' | 'READY' | 'DEGRADED' | 'UNREACHABLE';

/** One registered Kubernetes cluster. */
export interface Cluster {
  /** Unique and immutable: the kubeconfig context, the configured name, or `embedded`. */
  readonly name: string;
  readonly isEmbedded: boolean;
  /** As whom writes and uncached reads reach the cluster. */
  readonly identity: 'gateway' | 'impersonate';
  readonly state: ClusterState;
  /** The server's gitVersion, e.g. `v1.36.2`; undefined until it answered. */
  readonly version: string | undefined;
  /** What is wrong at the moment, in one sentence; undefined while all is well. */
  readonly problem: string | undefined;
  readonly capabilities: readonly Capability[];
  /** A reader for one request; it batches uncached reads of one tick and remembers them for the request. */
  reader(principal: Principal, signal?: AbortSignal): ClusterReader;
  /**
   * Writes as a principal, and no more than that principal could do alone (`WriteGuard`). A loop acts for the principal of
   * its order. What nobody asked for is written as `systemPrincipal`, which throws without a reason; the reason
   * stands in the log and with each write in the operation record.
   */
  writer(principal: Principal, options?: { readonly reason?: string }): ClusterWriter;
  /**
   * Whether the cluster lets this caller list a kind in a namespace (undefined: everywhere), remembered for 8 s. Always
   * true where the cluster does not impersonate. Rejects with answer errors where it cannot be asked.
   */
  canRead(principal: Principal, kind: KindRef, namespace: string | undefined): MaybePromise<boolean>;
  /**
   * Whether the cluster lets this caller read logs, wherever they are kept: those of all pods, of a namespace, or of what runs on
   * nodes outside of pods. As `canRead` otherwise.
   */
  canReadLogs(principal: Principal, of: LogsOf): MaybePromise<boolean>;
  /**
   * Equal revisions mean equal answers about this kind from a reader of this principal. Undefined where they come from
   * more than a whole and fresh cache: the kind is not cached, its watch is broken or sees not everything, a write of
   * the principal's is still on its way, or the cluster decides per caller.
   */
  revision(kind: KindRef, principal: Principal): number | undefined;
  /** The shared watch of this kind, started now where nobody holds it. */
  feed<T>(kind: KindRef<T>): KindFeed<T>;
  /**
   * What the cluster still remembers of a kind behind one version and up to another, everywhere: each state of each object
   * in order, deletions apart. Undefined where it does not remember, or may not be asked. Rejects where `signal` aborts.
   */
  statesBetween<T>(
    kind: KindRef<T>,
    after: string,
    until: string,
    signal: AbortSignal,
  ): Promise<readonly KubeObject<T>[] | undefined>;
  /** The served resource for an apiVersion and kind, from discovery; undefined where the cluster does not serve it. */
  resolveKind(apiVersion: string, kind: string): Promise<KindRef | undefined>;
  /** The same for an API group alone, in the version the cluster prefers: what a global id names. */
  resolveGroupKind(group: string, kind: string): Promise<KindRef | undefined>;
  /** Whether a kind is served (answers true until discovery has answered). */
  serves(kind: KindRef): boolean;
  /**
   * What the cluster's own OpenAPI 3 says of a kind, to check objects by; kept until it changes. Undefined where it tells
   * nothing. `isFresh` asks whether it has changed, for who would refuse something. Rejects where it cannot be asked.
   */
  schemaOf(kind: KindRef, options?: { readonly isFresh?: boolean }): Promise<ObjectSchema | undefined>;
  /** Lines of one container; ends when the container does, rejects with an answer error where they cannot be read. */
  podLogs(request: PodLogRequest, signal: AbortSignal): AsyncIterable<PodLogLine>;
  /** A process in a container to talk to; rejects with an answer error where it cannot be had. */
  openPodSession(request: PodSessionRequest, signal: AbortSignal): Promise<PodSession>;
  /**
   * What of the verbs that `pods/exec` or `pods/attach` needs the cluster gives this caller, remembered for 8 s; `undefined` where it
   * does not impersonate, and so has no say. A session goes on while none of them is lost. Rejects with answer errors.
   */
  sessionVerbs(
    principal: Principal,
    namespace: string,
    pod: string,
    way: 'exec' | 'attach',
  ): Promise<ReadonlySet<string> | undefined>;
  /**
   * How full volumes are that running pods of a node have mounted, as its kubelet measured within the last minute or so; remembered for 15 s.
   * Asked by the gateway itself, so whoever passes it on decides for whom. None of a node that is gone. Rejects with `CapabilityMissingError`
   * where the gateway may not ask nodes (`get` on `nodes/proxy`), with other answer errors where one does not answer.
   */
  volumeStats(node: string): Promise<readonly VolumeStats[]>;
  /** Where this gateway reaches it. Rejects where its kubeconfig cannot be read. */
  endpoint(): Promise<ClusterEndpoint>;
  /** One Secret value by a live GET as this principal; the only road to it. */
  secretValue(principal: Principal, namespace: string, name: string, key: string): Promise<Uint8Array | undefined>;
}

/** What happened to a cluster: it is served now, its state, version, problem or capabilities are others, or it is served no more. */
export type ClusterChange = 'ADDED' | 'MODIFIED' | 'DELETED';

export type ClusterListener = (cluster: Cluster, change: ClusterChange) => void;

/** All clusters that this gateway serves. They come and go while it runs. */
export interface Clusters {
  /** Those of this moment. Who keeps something for each of them uses `follow`. */
  readonly all: readonly Cluster[];
  get(name: string): Cluster | undefined;
  /** Grows with each change of any cluster's state, version, problem or capabilities, and when one comes or goes. */
  readonly revision: number;
  /** Called after any cluster's state, version or capabilities changed, and when one comes or goes. */
  onChange(listener: ClusterListener): () => void;
  /**
   * Calls `join` for each cluster there is, at once, and for each that comes later. `gone` aborts when that cluster is served no more,
   * while what is known of it can still be read from memory, and when the returned function ends the following.
   */
  follow(join: (cluster: Cluster, gone: AbortSignal) => void): () => void;
  stop(): Promise<void>;
}
