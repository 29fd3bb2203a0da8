import { configMapKind, persistentVolumeClaimKind, serviceKind } from 'longshore/plugins/compute';
import { secretKind } from 'longshore/plugins/core';
import {
  type Cluster,
  type ClusterReader,
  type Clusters,
  type Database,
  drizzle,
  type KindRef,
  type KubeObject,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  type Principal,
  type ServiceRef,
  serviceRef,
  systemPrincipal,
} from 'longshore/sdk';
import type { AppService } from '../../api.ts';
import { enginesOf } from '../../engines/choose-engine.ts';
import { type ReleaseTarget, serviceLabel, unitLabel, versionLabel } from '../../engines/engine.ts';
import { observeWorkloads } from '../../engines/observe-workloads.ts';
import { wholeList } from '../../engines/whole-list.ts';
import { isOf } from '../../engines/workload-marks.ts';
import { type WriteContext, writeToCluster } from '../../engines/write.ts';
import { serviceReleases } from '../../tables.ts';
import { finishTraffic } from '../traffic/shift-traffic.ts';

const { and, eq, isNotNull, ne, sql } = drizzle;

export interface RemovalRequest {
  readonly service: AppService;
  /** Whether the claims of its pods go too, with all data. */
  readonly deletesVolumes: boolean;
}

export interface ServiceRemoval {
  /** Throws where its cluster is away, or does not tell all that there is of it: `PreconditionError` CLUSTER_AWAY, `UpstreamError`. */
  requireWhole(request: RemovalRequest): Promise<void>;
  /**
   * Takes away all that releases made of it: routes lead to its Services alone again, then what runs goes with its pods, how it is reached, what
   * it was configured by, and its volumes. What others made beside it stays. May be done again: what is gone is gone. Answers what it deleted.
   */
  remove(
    request: RemovalRequest,
    by: { readonly principal: Principal; readonly ticket: OperationHandle },
  ): Promise<readonly KubeObject[]>;
}

export const serviceRemovalRef: ServiceRef<ServiceRemoval> = serviceRef<ServiceRemoval>('release.serviceRemoval');

interface Found {
  readonly kind: KindRef;
  readonly object: KubeObject;
}

export function createServiceRemoval(options: {
  readonly clusters: Pick<Clusters, 'get'>;
  readonly database: Database;
}): ServiceRemoval {
  const { clusters, database } = options;
  function clusterOf({ cluster: name }: AppService): Cluster {
    const cluster = clusters.get(name);
    if (cluster?.state === 'READY' || cluster?.state === 'DEGRADED') return cluster;
    throw new PreconditionError('CLUSTER_AWAY', `Cluster '${name}' is ${cluster?.state ?? 'not served any more'}.`);
  }
  return {
    async requireWhole(request) {
      await findAll(request, clusterOf(request.service));
    },
    async remove(request, { principal, ticket }) {
      const { service } = request;
      const { namespace } = service;
      const cluster = clusterOf(service);
      const writer = cluster.writer(principal);
      const write = { target: { namespace, serviceId: service.uuid, service: service.name }, writer, ticket };
      await restoreTraffic(service, cluster.reader(systemPrincipal), write);
      const deleted: KubeObject[] = [];
      for (const { kind, object } of await findAll(request, cluster)) {
        const { name, uid, deletionTimestamp } = object.metadata;
        if (deletionTimestamp !== undefined) continue;
        try {
          await writer.delete(ticket, kind, namespace, name, { uid, propagationPolicy: 'Background' });
          deleted.push(object);
        } catch (error) {
          if (!(error instanceof NotFoundError)) throw error;
        }
      }
      return deleted;
    },
  };

  /** A release that was given up half-way may have left a route with weights that it had shifted. */
  async function restoreTraffic(service: AppService, reader: ClusterReader, write: WriteContext): Promise<void> {
    const { target, serviceId, state } = serviceReleases;
    const shifted = await database
      .current()
      .selectDistinct({
        traffic: sql<ReleaseTarget['traffic']>`${target}->'traffic'`,
        access: sql<ReleaseTarget['access']>`${target}->'access'`,
      })
      .from(serviceReleases)
      .where(
        and(eq(serviceId, service.uuid), isNotNull(sql`nullif(${target}->'traffic', 'null')`), ne(state, 'SUCCEEDED')),
      );
    for (const each of shifted) {
      const look = await finishTraffic(
        { namespace: service.namespace, traffic: each.traffic ?? null, access: each.access ?? [] },
        reader,
      );
      if (look.is === 'write') await writeToCluster(look.write, write);
    }
  }
}

/**
 * All that releases made of a service, in the order in which it goes. Workloads and Services are told by whose they say that they are, of the kinds
 * of all engines: one that went over to another engine may have left some of both. An engine's own `remove` is for loops, which look again behind each write.
 */
async function findAll({ service, deletesVolumes }: RemovalRequest, cluster: Cluster): Promise<readonly Found[]> {
  const { namespace, name, uuid } = service;
  const reader = cluster.reader(systemPrincipal);
  const selector = `${serviceLabel}=${name}`;
  const owner = { namespace, service: name, serviceId: uuid };
  const labelled = async (kind: KindRef, isIts: (object: KubeObject) => boolean): Promise<readonly Found[]> =>
    (await wholeList(reader, kind, namespace, selector)).filter(isIts).map((object) => ({ kind, object }));
  const workloads = enginesOf(cluster).flatMap(({ kinds }) =>
    kinds.map(async (kind) => (await observeWorkloads(owner, kind, reader)).map((object) => ({ kind, object }))),
  );
  const isCopy = ({ metadata }: KubeObject) => metadata.labels?.[versionLabel] !== undefined;
  const isVolume = ({ metadata }: KubeObject) => metadata.labels?.[unitLabel] !== undefined;
  const found = await Promise.all([
    ...workloads,
    labelled(serviceKind as KindRef, (object) => isOf(owner, object)),
    labelled(configMapKind as KindRef, isCopy),
    labelled(secretKind as KindRef, isCopy),
    ...(deletesVolumes ? [labelled(persistentVolumeClaimKind as KindRef, isVolume)] : []),
  ]);
  return found.flat();
}
