import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Authorizer, UserInfo } from '../access/authorizer.ts';
import type { Authenticator } from '../access/create-authenticator.ts';
import type { TokenIssuer } from '../access/create-token-issuer.ts';
import type { Requester } from '../access/requester.ts';
import type { ContainerSessions } from '../containers/container-session.ts';
import type { UsageSource } from '../containers/usage/create-usage-source.ts';
import type { ObjectRegistry } from '../store/object-registry.ts';
import type { ClusterClock, LogSource } from '../store/types.ts';
import type { ListText } from './list-text.ts';
import type { Accepted } from './negotiate.ts';
import type { OpenStreams } from './open-streams.ts';
import type { RequestInfo } from './request-info.ts';
import type { UpgradeRequest } from './streaming/accept-socket.ts';

/** What handlers work with; one per server. */
export interface ApiContext {
  readonly registry: ObjectRegistry;
  readonly clock: ClusterClock;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly tokenIssuer: TokenIssuer;
  readonly watches: OpenStreams;
  readonly logStreams: OpenStreams;
  /** Open `exec` and `attach` connections. */
  readonly sessionStreams: OpenStreams;
  /** The kubelets' logs; undefined while no controllers run. */
  readonly logs: () => LogSource | undefined;
  /** Processes in the kubelets' containers; undefined while no controllers run. */
  readonly sessions: () => ContainerSessions | undefined;
  /** What containers and nodes use; undefined while no controllers run: then metrics.k8s.io is not served. */
  readonly usage: () => UsageSource | undefined;
}

/** One request after authentication, with its body read. */
export interface ApiRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** The user as the write path asks about it. */
  readonly requester: Requester;
  readonly accepted: Accepted;
  readonly body: Buffer;
  /** For handlers that stream; all others return an answer. */
  readonly response: ServerResponse;
  /** Set where the client wants a WebSocket: a handler that accepts it answers `streamed`. */
  readonly upgrade?: UpgradeRequest;
}

/** What to send. `streamed` says that the handler has taken the response over. */
export type Answer = ObjectAnswer | ListAnswer | TextAnswer | 'streamed';

export interface ObjectAnswer {
  readonly code: number;
  /** JSON that is already text, or an object to be printed. */
  readonly body: string | object;
  readonly warnings?: readonly string[];
  /** Unset names the plain type of the negotiated format. */
  readonly contentType?: string;
}

/** A list, printed and sent slice by slice. */
export interface ListAnswer {
  readonly code: number;
  readonly list: ListText;
  readonly warnings?: readonly string[];
}

export interface TextAnswer {
  readonly code: number;
  readonly text: string | Buffer;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (context: ApiContext, request: ApiRequest) => Answer | Promise<Answer>;
