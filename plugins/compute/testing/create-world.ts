import { type ExecutionResult, execute, parse, subscribe } from 'graphql';
import {
  type Cluster,
  type KindRef,
  type KubeObject,
  type NamespaceScope,
  type OperationHandle,
  origin,
  type PodLogLine,
  type PodLogRequest,
  type Principal,
  type Role,
} from 'longshore/sdk';
import { createPermissionTable } from '../../../src/access/create-permission-table.ts';
import { createRequestContext } from '../../../src/graph/create-request-context.ts';
import { buildSchema } from '../../../src/graph/schema/build-schema.ts';
import { silentLogger } from '../../../src/kernel/logger.ts';
import { createManualClock } from '../../../src/kernel/manual-clock.ts';
import type { ObjectSubscription } from '../../../src/live/object-streams.ts';
import { corePlugin } from '../../core/plugin.ts';
import { computePlugin } from '../plugin.ts';
import { createFakeReader } from './fake-reader.ts';
import { makeObject } from './make-objects.ts';
import { profilesOf } from './profile-named.ts';
import { shopObjects } from './shop.ts';

const permissions = createPermissionTable([corePlugin, computePlugin], {
  roles: [
    {
      name: 'reader',
      description: 'Reads everything in its namespaces, and nothing else.',
      extends: ['GUEST'],
      rules: [{ actions: ['READ'], subjects: 'ALL', where: 'namespaces' }],
    },
  ],
});
const actions = Object.fromEntries(permissions.actions.map((action) => [action, `May ${action}.`]));
/** The real schema of core and compute. */
export const built = buildSchema([corePlugin, computePlugin], actions);

type Stored = Pick<KubeObject, 'metadata' | typeof origin>;

export interface World {
  /** What was written to the cluster, in order. */
  readonly writes: object[];
  /** What logs were opened. */
  readonly logs: PodLogRequest[];
  /** Records that were opened or refused. */
  readonly records: string[];
  /** Streams that were opened. */
  readonly subscriptions: ObjectSubscription<unknown>[];
  run(source: string, as?: Principal): Promise<ExecutionResult>;
  open(source: string, as?: Principal): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}

export const admin = principal('ADMIN', []);
export const member = principal('DEVELOPER', [{ cluster: '*', namespace: 'shop' }]);
/** May read what is there, but neither logs nor metrics. */
export const reader = principal('reader', [{ cluster: '*', namespace: 'shop' }]);
export const stranger = principal('DEVELOPER', [{ cluster: '*', namespace: 'elsewhere' }]);

function principal(role: Role, namespaces: readonly NamespaceScope[]): Principal {
  const name = `${role.toLowerCase()} ${namespaces.map(({ namespace }) => namespace).join()}`;
  return { id: name, name, kind: 'USER', groups: [], roles: [role], namespaces, expiresAt: undefined };
}

/**
 * A gateway's inside without gateway: the real schema and rights over a cluster `c1` made of given objects. `failure` is
 * what relations meet there, by index at once and by owner later; `profile` that of the cluster.
 */
export function createWorld(
  options: { objects?: readonly Stored[]; lines?: readonly PodLogLine[]; failure?: Error; profile?: string } = {},
): World {
  const { objects = shopObjects, lines = [], failure, profile = 'default' } = options;
  const profiles = profilesOf({ clusters: [{ name: 'c1', profile }] });
  const writes: object[] = [];
  const logs: PodLogRequest[] = [];
  const records: string[] = [];
  const subscriptions: ObjectSubscription<unknown>[] = [];
  const clock = createManualClock(Date.UTC(2026, 0, 31, 12));

  function answer(kind: KindRef, namespace: string | undefined, name: string, patch: object) {
    const found = objects.find(
      ({ metadata, [origin]: from }) =>
        from.kind === kind.kind && metadata.name === name && metadata.namespace === namespace,
    );
    const object = merged(found ?? {}, patch) as object;
    Object.defineProperty(object, origin, { value: found?.[origin], enumerable: false });
    return { object: object as never, warnings: ['careful'] };
  }

  const cluster = {
    name: 'c1',
    reader: () => ({
      ...createFakeReader('c1', objects),
      ...(failure
        ? {
            byIndex() {
              throw failure;
            },
            byOwner: () => Promise.reject(failure),
          }
        : {}),
    }),
    writer: () => ({
      async scale(
        ticket: OperationHandle,
        kind: KindRef,
        namespace: string,
        name: string,
        replicas: number,
        more: object,
      ) {
        writes.push({ verb: 'scale', kind: kind.kind, name, replicas, isDryRun: ticket.isDryRun, ...more });
        return answer(kind, namespace, name, { spec: { replicas } });
      },
      async patch(
        ticket: OperationHandle,
        kind: KindRef,
        namespace: string,
        name: string,
        patch: object,
        more: object,
      ) {
        writes.push({ verb: 'patch', kind: kind.kind, name, patch, isDryRun: ticket.isDryRun, ...more });
        return answer(kind, namespace, name, patch);
      },
      async create(ticket: OperationHandle, kind: KindRef, object: object, more: object = {}) {
        writes.push({ verb: 'create', kind: kind.kind, object, isDryRun: ticket.isDryRun, ...more });
        return { object: makeObject(kind, { ...object }) as never, warnings: [] };
      },
      async delete(ticket: OperationHandle, kind: KindRef, _namespace: string | undefined, name: string, more: object) {
        writes.push({ verb: 'delete', kind: kind.kind, name, isDryRun: ticket.isDryRun, ...more });
      },
    }),
    async *podLogs(request: PodLogRequest) {
      logs.push(request);
      yield* lines;
    },
  } as unknown as Cluster;

  function contextOf(as: Principal) {
    return createRequestContext({
      requestId: 'r1',
      principal: as,
      access: permissions.for(as),
      clock,
      logger: silentLogger,
      signal: new AbortController().signal,
      operations: {
        async run(spec: { action: string }, work: (ticket: OperationHandle) => Promise<{ value: unknown }>) {
          records.push(`run ${spec.action}`);
          const { value } = await work({ id: 'o1', isDryRun: false, note: () => undefined });
          return { isReplay: false, value, record: { id: 'o1' } };
        },
        async recordRefusal(spec: { action: string }) {
          records.push(`refused ${spec.action}`);
        },
      } as never,
      services: {
        registry: built.registry,
        permissions,
        profiles,
        objectStreams: {
          async *subscribe(subscription: ObjectSubscription<unknown>) {
            subscriptions.push(subscription);
            yield* [];
          },
        },
      } as never,
      clusters: { all: [cluster], get: (name: string) => (name === 'c1' ? cluster : undefined) } as never,
    });
  }

  return {
    writes,
    logs,
    records,
    subscriptions,
    run: async (source, as = admin) =>
      (await execute({
        schema: built.schema,
        document: parse(source),
        contextValue: contextOf(as),
      })) as ExecutionResult,
    open: async (source, as = admin) =>
      (await subscribe({ schema: built.schema, document: parse(source), contextValue: contextOf(as) })) as never,
  };
}

/** A merge patch (RFC 7386) on an object. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(typeof target === 'object' ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}
