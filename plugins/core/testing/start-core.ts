import { eq } from 'drizzle-orm';
import { type DocumentNode, type ExecutionResult, execute, parse, subscribe, validate } from 'graphql';
import { createWriteGuard } from '../../../src/access/apply/create-write-guard.ts';
import { createPermissionTable } from '../../../src/access/create-permission-table.ts';
import { rolesHeld } from '../../../src/access/holdings.ts';
import { createMemberships } from '../../../src/access/memberships.ts';
import { createTickets } from '../../../src/access/tickets/create-tickets.ts';
import { createOperationRecords } from '../../../src/audit/create-operation-records.ts';
import type { OperationRecords } from '../../../src/audit/operation-records.ts';
import { openTestDatabase } from '../../../src/data/testing/open-test-database.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { createRequestContext } from '../../../src/graph/create-request-context.ts';
import { maskError } from '../../../src/graph/execution/mask-error.ts';
import type { RequestContext } from '../../../src/graph/request-context.ts';
import { buildSchema } from '../../../src/graph/schema/build-schema.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { createFailpoints } from '../../../src/kernel/failpoints.ts';
import { silentLogger } from '../../../src/kernel/logger.ts';
import type { Principal } from '../../../src/kernel/principal.ts';
import { createProfileSeat } from '../../../src/kernel/profiles/create-profile-seat.ts';
import { createProfiles } from '../../../src/kernel/profiles/create-profiles.ts';
import { declareProfiles } from '../../../src/kernel/profiles/declare-profiles.ts';
import { createClusters } from '../../../src/kube/create-clusters.ts';
import { createObjectStreams } from '../../../src/live/create-object-streams.ts';
import { createTopics } from '../../../src/live/create-topics.ts';
import { createJournal } from '../../../src/live/journal/create-journal.ts';
import { startKindJournals } from '../../../src/live/journal/start-kind-journals.ts';
import { createMetrics } from '../../../src/server/telemetry/create-metrics.ts';
import { createLeases } from '../../../src/work/leases.ts';
import { createWorkQueue } from '../../../src/work/work-queue.ts';
import type { Region } from '../api.ts';
import { corePlugin } from '../plugin.ts';
import { coreSettings } from '../settings.ts';
import { namespaceBindings, workspaces } from '../tables.ts';

const person = { kind: 'USER', groups: [], expiresAt: undefined } as const;

export const ada: Principal = { ...person, id: 'dev:ada', name: 'ada', roles: ['ADMIN'], namespaces: [] };
/** Works in `shop` of every cluster. */
export const dan: Principal = {
  ...person,
  id: 'dev:dan',
  name: 'dan',
  roles: ['DEVELOPER'],
  namespaces: [{ cluster: '*', namespace: 'shop' }],
};
/** Works in `bank` of every cluster. */
export const bea: Principal = {
  ...dan,
  id: 'dev:bea',
  name: 'bea',
  namespaces: [{ cluster: '*', namespace: 'bank' }],
};

export interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  /** `path CODE message` of each error. */
  readonly errors: readonly string[];
}

export interface Core extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly operations: OperationRecords;
  /** Executes one operation as somebody. */
  run(as: Principal, document: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Writes a binding that no cluster here has. */
  bindBehind(binding: {
    readonly cluster: string;
    readonly namespace: string;
    readonly workspaceId: string;
  }): Promise<void>;
  /** Has a workspace carry a profile, whatever profiles there are; it holds from the next change of the tenancy on. */
  carryBehind(identifier: string, profile: string): Promise<void>;
  /** Opens a stream as somebody; `close` ends it. */
  follow(as: Principal, document: string, variables?: Record<string, unknown>): Promise<Stream>;
}

export interface Stream {
  next(): Promise<Answer['data']>;
  close(): void;
}

export interface CoreOptions {
  /** A server instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
  readonly regions?: readonly Region[];
}

/** The core plugin alone over an embedded cluster named `dev` and an embedded database. */
export async function startCore(options: CoreOptions = {}): Promise<Core> {
  const database = await openTestDatabase(options.databaseUrl === undefined ? {} : { url: options.databaseUrl });
  const cluster = await startEmbeddedCluster({ name: 'dev', controllers: false });
  const clock = systemClock;
  const operations = createOperationRecords({ database, clock, logger: silentLogger, failpoints: createFailpoints() });
  const clusters = createClusters({
    clusters: [{ name: 'dev', isEmbedded: true, source: { kubeconfigText: cluster.kubeconfig } }],
    kinds: corePlugin.kinds ?? [],
    guard: createWriteGuard({
      isIssued: () => true,
      rolesOf: (principal, place) => rolesHeld(principal, permissions.roles, place),
      rulesOf: () => ({}),
      tenantsOf: () => new Set(),
      workspaceKinds: [],
    }),
    logger: silentLogger,
  });
  await clusters.whenSettled(10_000);
  const journal = createJournal({ database, clock });
  const topics = createTopics({ topics: corePlugin.topics ?? [], journal, clock, logger: silentLogger });
  const kindJournals = startKindJournals({
    kinds: corePlugin.journalledKinds ?? [],
    clusters,
    leases: createLeases({ database, clock, logger: silentLogger }),
    database,
    journal,
    clock,
    logger: silentLogger,
  });
  const objectStreams = createObjectStreams({ clusters, clock, logger: silentLogger });
  const permissions = createPermissionTable([corePlugin], {
    unknownProfileAt: (place) => profiles.unknownAt(place),
  });
  const workspaceProfiles = createProfileSeat();
  const profiles = createProfiles(
    declareProfiles([corePlugin]),
    { profile: 'default', profiles: [], clusters: [{ name: 'dev', profile: 'esk' }] },
    workspaceProfiles,
  );
  const { schema, registry } = buildSchema(
    [corePlugin],
    Object.fromEntries(permissions.actions.map((action) => [action, `To ${action}.`])),
  );
  const stopping = new AbortController();
  const metrics = createMetrics(undefined);
  const memberships = createMemberships({ announce() {} });
  const provided = new Map<string, unknown>();
  await corePlugin.setup?.(
    {
      plugin: 'core',
      config: coreSettings.parse({ regions: options.regions ?? [] }),
      clock,
      logger: silentLogger,
      failpoints: createFailpoints(),
      signal: stopping.signal,
      provide: (ref: { id: string }, service: unknown) => provided.set(ref.id, service),
      memberships,
      workspaceProfiles,
      profiles,
      database,
      clusters,
      operations,
      topics,
      queue: createWorkQueue(database, clock),
      meters: { counter: metrics.counter, gauge: metrics.gaugeOf },
      users: { onServiceToken: () => () => {} },
    } as never,
    {},
  );
  const states = [{ name: 'core', version: '0.1.0', state: 'ENABLED', reason: undefined, warnings: ['odd'] }] as const;

  function contextFor(given: Principal, signal: AbortSignal): RequestContext {
    const principal = memberships.enrich(given);
    return createRequestContext({
      requestId: 'request-1',
      principal,
      access: permissions.for(principal),
      clock,
      logger: silentLogger,
      signal,
      operations,
      services: {
        registry,
        permissions,
        profiles,
        objectStreams,
        topics,
        tickets: createTickets({ database, clock, authenticator: { resume: async (principal) => principal } }),
        inputHashKey: new Uint8Array(32),
        diagnose: async () => [],
        closeTerminal: async () => {},
        pluginStates: () => states,
        service: (ref) => provided.get(ref.id) as never,
      },
      clusters,
    });
  }

  function toAnswer({ data, errors }: ExecutionResult): Answer {
    const told = (errors ?? []).map((error) => {
      const { extensions, message } = maskError(error, 'request-1', silentLogger);
      return `${(error.path ?? []).join('.')} ${String(extensions.code)} ${message}`;
    });
    return { data: JSON.parse(JSON.stringify(data ?? {})), errors: told };
  }

  function check(text: string): DocumentNode {
    const document = parse(text);
    const [error] = validate(schema, document);
    if (error) throw error;
    return document;
  }

  return {
    cluster,
    operations,
    async run(as, text, variableValues = {}) {
      const contextValue = contextFor(as, new AbortController().signal);
      return toAnswer(await execute({ schema, document: check(text), contextValue, variableValues }));
    },
    async bindBehind(binding) {
      await database.db.insert(namespaceBindings).values({ ...binding, projectId: null, createdAt: new Date() });
    },
    async carryBehind(identifier, profile) {
      await database.db.update(workspaces).set({ profile }).where(eq(workspaces.identifier, identifier));
    },
    async follow(as, text, variableValues = {}) {
      const closing = new AbortController();
      const contextValue = contextFor(as, closing.signal);
      const stream = await subscribe({ schema, document: check(text), contextValue, variableValues });
      if (!(Symbol.asyncIterator in stream)) throw new Error(toAnswer(stream).errors.join('\n'));
      return {
        async next() {
          const { value } = await stream.next();
          const { data, errors } = toAnswer(value as ExecutionResult);
          if (errors.length > 0) throw new Error(errors.join('\n'));
          return data;
        },
        close: () => closing.abort(),
      };
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await kindJournals.stop();
      topics.stop();
      objectStreams.stop();
      await clusters.stop();
      await cluster.stop();
      await database.close();
    },
  };
}
