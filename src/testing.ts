/**
 * The harness for plugin authors, as `longshore/testing`: a whole gateway in this process, with its embedded cluster and
 * an embedded database in memory, on a free port.
 */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type ExecutionResult, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { loadSettings } from './config/load-settings.ts';
import { testDatabaseUrl } from './data/testing/test-database-url.ts';
import type { EmbeddedCluster } from './embedded/start-embedded-cluster.ts';
import type { Clock } from './kernel/clock.ts';
import { type Logger, silentLogger } from './kernel/logger.ts';
import * as sdk from './sdk.ts';
import { type Gateway, startGateway } from './server/start-gateway.ts';

/** Gateways of one test are replicas of one platform. */
const secretKey = randomBytes(32).toString('base64');

export type { TypedDocumentNode } from '@graphql-typed-document-node/core';
export { type CrdNames, type CrdVersion, defineCrd } from './embedded/engines/define-crd.ts';
export type { EmbeddedEngine, EngineContext, EngineObject } from './embedded/engines/engine.ts';
export type { Clock } from './kernel/clock.ts';
export { createManualClock, type ManualClock } from './kernel/manual-clock.ts';
export { type CutMode, cutModes } from './testing/faults/cut-modes.ts';
export type { LineConditions } from './testing/faults/shaper.ts';
export {
  type CutOptions,
  type FaultProxy,
  type FaultProxyOptions,
  startFaultProxy,
} from './testing/faults/start-fault-proxy.ts';
export { localContainer } from './testing/local-container.ts';
export {
  createObjectHistory,
  type ObjectHistory,
  type ObjectHistoryOptions,
  type ObjectIdentity,
  type ObjectMessage,
} from './testing/object-history.ts';
export {
  createRandomWriter,
  identityOf,
  type RandomWriter,
  type WritableObjects,
  type Written,
  writableConfigMaps,
} from './testing/random-writer.ts';
export { type RunClockOptions, runClockUntil } from './testing/run-clock-until.ts';
export { createSeededRandom, type SeededRandom } from './testing/seeded-random.ts';

/** A GraphQL operation: a typed document from codegen, or its text. */
export type Operation<Result, Variables> = TypedDocumentNode<Result, Variables> | string;

export interface CallOptions {
  /** Bearer token; `dev-admin` without one. `null` sends no Authorization header at all. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestGatewayOptions {
  /** Plugins besides the built-in ones: paths or package names. */
  readonly plugins?: readonly string[];
  /**
   * Settings as they stand in the YAML file; written to a file and read from there. Of engines the embedded cluster has `kruise` and
   * `volume-snapshot` where `embedded` is not set: each costs every start some time.
   */
  readonly settings?: object;
  /** Flags of the command line, e.g. `['--no-introspection']`. */
  readonly flags?: readonly string[];
  /** A PostgreSQL to use; without it an embedded database in memory. */
  readonly databaseUrl?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Divides the simulated delays of the embedded cluster (pod starts, back-offs, log lines); 1 unless said otherwise. */
  readonly clusterSpeed?: number;
}

export interface TestGateway extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly gateway: Gateway;
  /** The embedded cluster, with its request log; throws where none was started. */
  readonly cluster: EmbeddedCluster;
  readonly dataDir: string;
  /** Sends one operation over HTTP and answers what came back, errors included. */
  query<Result = Record<string, unknown>, Variables = Record<string, unknown>>(
    operation: Operation<Result, Variables>,
    variables?: Variables,
    options?: CallOptions,
  ): Promise<ExecutionResult<Result>>;
  /** Opens a subscription over a WebSocket of its own. */
  subscribe<Result = Record<string, unknown>, Variables = Record<string, unknown>>(
    operation: Operation<Result, Variables>,
    variables?: Variables,
    options?: CallOptions,
  ): TestStream<Result>;
  stop(): Promise<void>;
}

export interface TestStream<Result> extends AsyncDisposable {
  /** Everything that has arrived. */
  readonly received: readonly ExecutionResult<Result>[];
  /** The first message, from the beginning or behind the last one answered, for which the test holds. */
  next(test?: (result: ExecutionResult<Result>) => boolean, timeoutMs?: number): Promise<ExecutionResult<Result>>;
  /** Resolves with the close code once the socket is closed, or `undefined` where the stream ended by itself. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string } | undefined>;
  stop(): Promise<void>;
}

/** Starts a gateway as `longshore dev` does. Dispose of it, or call `stop`. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'longshore-'));
  const settingsFile = join(dataDir, 'longshore.yaml');
  await writeFile(
    settingsFile,
    JSON.stringify({
      secretKey,
      plugins: ['core', 'compute', 'storage', 'network', 'release', ...(options.plugins ?? [])],
      embedded: { engines: ['kruise', 'volume-snapshot'] },
      ...options.settings,
    }),
  );
  const settings = loadSettings({
    mode: 'dev',
    argv: ['--port', '0', '--data-dir', join(dataDir, 'data'), '--config', settingsFile, ...(options.flags ?? [])],
    env: {},
  });
  const gateway = await startGateway({
    settings,
    logger: options.logger ?? silentLogger,
    databaseUrl: options.databaseUrl ?? testDatabaseUrl(),
    // Under a test runner this file's modules are not those that Node itself would load for a plugin.
    hostModules: { 'longshore/sdk': sdk },
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.clusterSpeed === undefined ? {} : { clusterSpeed: options.clusterSpeed }),
  }).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  });

  const streams = new Set<TestStream<unknown>>();
  const stop = async () => {
    await Promise.all([...streams].map((stream) => stream.stop()));
    await gateway.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url: gateway.url,
    gateway,
    dataDir: settings.dataDir,
    get cluster() {
      if (!gateway.embedded) throw new Error('This gateway was started without an embedded cluster');
      return gateway.embedded;
    },
    query: (operation, variables, call) => postOperation(gateway.url, operation, variables, call),
    subscribe(operation, variables, call) {
      const stream = openStream(gateway.url, operation, variables, call);
      streams.add(stream as TestStream<unknown>);
      return stream;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function postOperation<Result, Variables>(
  url: string,
  operation: Operation<Result, Variables>,
  variables?: Variables,
  options: CallOptions = {},
): Promise<ExecutionResult<Result>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...authorization(options),
      ...options.headers,
    },
    body: JSON.stringify({ query: textOf(operation), variables }),
  });
  return (await response.json()) as ExecutionResult<Result>;
}

function openStream<Result, Variables>(
  url: string,
  operation: Operation<Result, Variables>,
  variables?: Variables,
  options: CallOptions = {},
): TestStream<Result> {
  const received: ExecutionResult<Result>[] = [];
  const waiting = new Set<() => void>();
  let seen = 0;
  let failure: unknown;
  let end: (closed: { code: number; reason: string } | undefined) => void;
  const closed = new Promise<{ code: number; reason: string } | undefined>((resolve) => {
    end = resolve;
  });
  const wake = () => {
    for (const check of [...waiting]) check();
  };
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    connectionParams: authorization(options),
    on: {
      closed(event) {
        const { code, reason } = event as { code: number; reason: string };
        end({ code, reason: String(reason) });
        wake();
      },
    },
  });
  const complete = client.subscribe<Result>(
    { query: textOf(operation), ...(variables ? { variables: variables as Record<string, unknown> } : {}) },
    {
      next(result) {
        received.push(result as ExecutionResult<Result>);
        wake();
      },
      error(error) {
        failure = error;
        wake();
      },
      complete() {
        end(undefined);
        wake();
      },
    },
  );
  const stop = async () => {
    complete();
    await client.dispose();
  };
  return {
    received,
    closed,
    next(test = () => true, timeoutMs = 30_000) {
      return new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(timer);
          waiting.delete(check);
          act();
        };
        const check = () => {
          for (; seen < received.length; seen += 1) {
            const result = received[seen];
            if (result === undefined || !test(result)) continue;
            seen += 1;
            return finish(() => resolve(result));
          }
          if (failure !== undefined) finish(() => reject(toError(failure)));
        };
        const timer = setTimeout(() => {
          finish(() =>
            reject(new Error(`No such message within ${timeoutMs} ms; last: ${JSON.stringify(received.slice(-3))}`)),
          );
        }, timeoutMs);
        waiting.add(check);
        check();
      });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function toError(failure: unknown): Error {
  if (failure instanceof Error) return failure;
  return new Error(`The subscription failed: ${JSON.stringify(failure)}`, { cause: failure });
}

function authorization({ token }: CallOptions): Record<string, string> {
  return token === null || token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function textOf<Result, Variables>(operation: Operation<Result, Variables>): string {
  return typeof operation === 'string' ? operation : print(operation);
}
