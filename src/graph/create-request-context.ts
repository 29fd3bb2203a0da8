import type { Access } from '../access/access.ts';
import { notFound } from '../access/not-found.ts';
import { subjectNameOf } from '../access/subject-facts.ts';
import type { OperationRecords } from '../audit/operation-records.ts';
import { CapabilityMissingError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Profiles } from '../kernel/profiles/profiles.ts';
import type { Cluster, Clusters } from '../kube/cluster.ts';
import type { ClusterReader } from '../kube/cluster-reader.ts';
import type { GatewayServices } from './gateway-services.ts';
import { watchWriter } from './guards/watch-writer.ts';
import { guardReader } from './kubernetes/guard-reader.ts';
import type { RequestContext } from './request-context.ts';
import { recordReads } from './reuse/record-reads.ts';
import { createRequestReads, type RequestReads } from './reuse/request-reads.ts';

export interface RequestContextOptions {
  readonly requestId: string;
  readonly principal: Principal;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onStreamClosed?: ((error: Error | undefined) => void) | undefined;
  readonly operations: OperationRecords;
  readonly services: GatewayServices;
  readonly clusters: Clusters;
}

/** One context per request or stream; cheap, since readers and loaders are made on first use. */
export function createRequestContext(options: RequestContextOptions): RequestContext {
  const { clusters } = options;
  const reads = createRequestReads(options.principal);
  const access = watchedAccess(options.access, options.services.profiles, reads);
  const services = watchedServices(options.services, reads);
  const readers = new Map<string, ClusterReader>();
  const memos = new WeakMap<object, { readonly value: unknown }>();
  // There the cluster alone says what its caller may, and that could be more than the administrator may who stands in for them.
  const isVisible = (cluster: Cluster): boolean =>
    !(options.principal.impersonatedBy && cluster.identity === 'impersonate') &&
    options.access.allowed('READ', { subject: 'core/Cluster', cluster: cluster.name });

  function readClusters(): void {
    reads.read('clusters', () => clusters.revision);
  }
  function find(name: string): Cluster | undefined {
    readClusters();
    const cluster = clusters.get(name);
    return cluster && isVisible(cluster) ? cluster : undefined;
  }
  function need(name: string): Cluster {
    const found = find(name);
    if (!found) throw notFound({ subject: 'core/Cluster', cluster: name });
    return found;
  }

  const context: RequestContext = {
    get self() {
      return context;
    },
    fork: () => createRequestContext(options),
    requestId: options.requestId,
    logger: options.logger,
    signal: options.signal,
    onStreamClosed: options.onStreamClosed,
    access,
    services,
    reads,
    // What has no revision makes the answer one of its own.
    get principal() {
      reads.touch();
      return options.principal;
    },
    get clock() {
      reads.touch();
      return options.clock;
    },
    get operations() {
      reads.touch();
      return options.operations;
    },
    clusters: {
      get all() {
        readClusters();
        return clusters.all.filter(isVisible).map((cluster) => watchedCluster(cluster, context));
      },
      get(name) {
        const found = find(name);
        return found && watchedCluster(found, context);
      },
    },
    cluster: (name) => watchedCluster(need(name), context),
    kube(name) {
      let reader = readers.get(name);
      if (!reader) {
        const found = need(name);
        reader = guardReader(recordReads(found, found.reader(options.principal, options.signal), reads), access);
        readers.set(name, reader);
      }
      return reader;
    },
    service(ref) {
      const service = services.service(ref);
      if (service !== undefined) return service;
      const [plugin = ref.id] = ref.id.split('.');
      const hint = `Add '${plugin}' to plugins.`;
      throw new CapabilityMissingError(ref.id, `No plugin provides '${ref.id}' here`, { hint });
    },
    memo<T>(key: object, create: () => T): T {
      let memo = memos.get(key);
      if (!memo) {
        memo = { value: create() };
        memos.set(key, memo);
      }
      return memo.value as T;
    },
  };
  return context;
}

/** What a cluster says of itself changes with `Clusters.revision`. */
const described = new Set<PropertyKey>([
  'name',
  'isEmbedded',
  'identity',
  'state',
  'version',
  'problem',
  'capabilities',
]);

/** A cluster whose writes, logs and secrets, once asked for, make the answer one of its own; and whose writers ask the guards of plugins. */
function watchedCluster(cluster: Cluster, context: RequestContext): Cluster {
  const writer: Cluster['writer'] = (...given) => watchWriter(cluster.writer(...given), cluster, context);
  return new Proxy(cluster, {
    get(target, key) {
      if (!described.has(key)) context.reads.touch();
      if (key === 'writer' && context.services.registry.changeGuards.length > 0) return writer;
      return Reflect.get(target, key, target) as unknown;
    },
  });
}

/** The rights are part of an answer's key; whom they belong to is not. */
function watchedAccess(access: Access, profiles: Profiles, reads: RequestReads): Access {
  return {
    ...access,
    get principal() {
      reads.touch();
      return access.principal;
    },
    allowed(action, instance, field) {
      if (!access.isSettled(action, subjectNameOf(instance))) {
        reads.read('profiles of workspaces', () => profiles.revision);
      }
      return access.allowed(action, instance, field);
    },
  };
}

/** Which profile is in force where changes with workspaces; the profiles themselves do not. */
function watchedProfiles(profiles: Profiles, reads: RequestReads): Profiles {
  return {
    all: profiles.all,
    get: profiles.get,
    unknownAt(place) {
      reads.read('profiles of workspaces', () => profiles.revision);
      return profiles.unknownAt(place);
    },
    at(place) {
      if (place.namespace !== undefined) reads.read('profiles of workspaces', () => profiles.revision);
      return profiles.at(place);
    },
    get revision() {
      reads.touch();
      return profiles.revision;
    },
  };
}

/** The schema and the permission table never change while the process runs; everything else may. */
function watchedServices(services: GatewayServices, reads: RequestReads): GatewayServices {
  const { registry, permissions, inputHashKey } = services;
  const profiles = watchedProfiles(services.profiles, reads);
  return {
    registry,
    permissions,
    profiles,
    inputHashKey,
    get objectStreams() {
      reads.touch();
      return services.objectStreams;
    },
    get topics() {
      reads.touch();
      return services.topics;
    },
    get tickets() {
      reads.touch();
      return services.tickets;
    },
    diagnose() {
      reads.touch();
      return services.diagnose();
    },
    closeTerminal(recordId) {
      reads.touch();
      return services.closeTerminal(recordId);
    },
    service(ref) {
      reads.touch();
      return services.service(ref);
    },
    pluginStates() {
      reads.touch();
      return services.pluginStates();
    },
  };
}
