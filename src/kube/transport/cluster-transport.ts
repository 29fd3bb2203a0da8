import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Principal } from '../../kernel/principal.ts';
import type { ClusterEndpoint } from '../cluster.ts';
import type { KindRef } from '../kind-ref.ts';

export interface KubeRequest {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  /** Path with every segment encoded, without the server's own prefix. */
  readonly path: string;
  /** A list stands as one parameter for each of its items. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** What it is about; decides the words of errors and which breaker guards it. */
  readonly kind?: KindRef | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** As whom; undefined or the platform itself: as the gateway. Only heeded where the cluster impersonates. */
  readonly principal?: Principal | undefined;
  /** Goes into the cluster's audit log as Audit-ID. */
  readonly operationId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Until the whole answer is there, or a stream's headers. Default: the cluster's limit for reads or writes. */
  readonly timeoutMs?: number | undefined;
  /** Answered by a node behind the API server (logs, exec, attach): that it fails says nothing of the cluster. */
  readonly isOfNode?: boolean | undefined;
  /** Passes an open breaker when its time has come. */
  readonly isProbe?: boolean | undefined;
}

export interface KubeResponse {
  readonly body: unknown;
  /** Texts of the `Warning` headers. */
  readonly warnings: readonly string[];
  /** Header `Audit-Id`: under which the cluster's audit log has the request. */
  readonly auditId?: string | undefined;
}

export interface KubeStream {
  readonly body: Readable;
  /** Ends it, whatever state it is in; never throws. */
  close(): void;
}

/** Requests to one cluster: authenticated, bounded, guarded by a breaker, and their failures translated. */
export interface ClusterTransport {
  readonly cluster: string;
  /** Rejects with answer errors (`cause`: `KubeStatusError` or `ConnectionError`), or with the signal's reason. */
  json(request: KubeRequest): Promise<KubeResponse>;
  /**
   * Hands the answer's body over while it arrives, with the most bytes it may have. The deadline holds until `decode`
   * is done; what it throws becomes the request's failure, `ConnectionError`s by their fault.
   */
  read<T>(request: KubeRequest, decode: (body: Readable, maxBytes: number) => Promise<T>): Promise<T>;
  /** Resolves when the headers came. The deadline ends there: a stream may be silent for as long as it likes. */
  stream(request: KubeRequest): Promise<KubeStream>;
  /**
   * Opens a WebSocket with one of these subprotocols, paused, so that nothing is missed before somebody listens. The deadline
   * ends when it is open.
   */
  webSocket(request: KubeRequest, protocols: readonly string[]): Promise<WebSocket>;
  readonly isReachable: boolean;
  /** Why it is not reachable, in one sentence. */
  readonly problem: string | undefined;
  /** When a request marked as probe is let through again; undefined while it is reachable. */
  readonly nextProbeAt: number | undefined;
  /** Called after reachability changed. */
  onReachable(listener: (isReachable: boolean) => void): () => void;
  /** Treats the cluster as unreachable without waiting for more failures. */
  trip(error: Error): void;
  /** Namespace of the kubeconfig's context; undefined where it names none or cannot be read. */
  contextNamespace(): Promise<string | undefined>;
  /** Where it is reached and who vouches for it. Rejects with a `ConnectionError` where its kubeconfig cannot be read. */
  endpoint(): Promise<ClusterEndpoint>;
  /** Aborts everything under way. */
  stop(): Promise<void>;
}
