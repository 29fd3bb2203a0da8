import type { ClusterRegistrar } from 'longshore/plugins/core';
import {
  type Cluster,
  type Clusters,
  type LongOperationStep,
  PreconditionError,
  type ReconcileContext,
  type RunningOperation,
  readLive,
  type ServiceRef,
  type StepResult,
  serviceRef,
  systemPrincipal,
} from 'longshore/sdk';
import { type ClusterChange, type ClusterChanges, clusterChangesRef } from './cluster-changes.ts';
import { clusterKey, type MachineObject, type ManagedClusterObject, machineKind, managedClusterKind } from './kinds.ts';

/** What the loops need of the gateway: a manifest is data. */
export interface ClusterLoop {
  readonly clusters: Pick<Clusters, 'get'>;
  readonly registrar: ClusterRegistrar;
}
export const clusterLoopRef: ServiceRef<ClusterLoop> = serviceRef<ClusterLoop>('compute.clusterLoop');

/** How soon it is looked at again what the management cluster is doing, in ms. */
const lookEveryMs = 1_000;
export const lookAgain: StepResult = { againAfterMs: lookEveryMs };
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

/** One look at a managed cluster on its way. */
export interface ClusterLook {
  readonly row: ClusterChange;
  /** The management cluster. */
  readonly cluster: Cluster;
  readonly running: RunningOperation;
  readonly context: ReconcileContext;
  readonly changes: ClusterChanges;
  readonly loop: ClusterLoop;
  readonly step: string;
  /** The Cluster as it is now; undefined where it is not there, or another one of its name. */
  readonly found: ManagedClusterObject | undefined;
  readonly writer: ReturnType<Cluster['writer']>;
  /** When the step has taken too long, in ms since the epoch. */
  readonly deadlineMs: number;
  reach(deed: string): Promise<void>;
}

export const changeFailed = (why: string): PreconditionError => new PreconditionError('CLUSTER_CHANGE', why);

/** A step over the row of a change: it ends where somebody has cancelled it, and waits while the management cluster is away. */
export function clusterStep(
  operation: string,
  step: string,
  description: string,
  take: (look: ClusterLook) => Promise<StepResult>,
): LongOperationStep {
  return {
    name: step,
    description,
    async run(running, context) {
      const changes = context.service(clusterChangesRef);
      const loop = context.service(clusterLoopRef);
      const row = await changes.get(running.record.id);
      if (!row) throw changeFailed('Nothing is known of this change any more.');
      if (row.cancelledAt !== null) {
        await changes.end(row.id, context.fence);
        throw changeFailed(row.problem ?? 'It was cancelled.');
      }
      if (row.endedAt !== null) {
        // Killed behind its last write; or it came to nothing, and said why.
        if (row.problem === null || isFinish(step)) return 'done';
        throw changeFailed(row.problem);
      }
      const began = running.record.steps.find(({ name }) => name === step)?.startedAt;
      const startedMs = began ? Date.parse(began) : context.clock.now();
      const cluster = loop.clusters.get(row.cluster);
      if (!cluster) throw changeFailed(`The management cluster '${row.cluster}' is not served any more.`);
      if (cluster.state !== 'READY') {
        const { stalledMinutes } = row.plan;
        if (
          row.passedAt === null &&
          stalledMinutes !== null &&
          context.clock.now() > startedMs + stalledMinutes * 60_000
        ) {
          throw changeFailed(
            `The management cluster has not answered for ${stalledMinutes} minutes; nothing was made.`,
          );
        }
        return { againAfterMs: awayMs };
      }
      const writer = cluster.writer(running.principal);
      const found = await readLive(writer, managedClusterKind, row.namespace, row.name);
      return take({
        ...{ row, cluster, running, context, changes, loop, step, writer },
        found: row.uid === null || found?.metadata.uid === row.uid ? found : undefined,
        deadlineMs: startedMs + row.plan.stageMinutes * 60_000,
        reach: async (deed) => context.failpoints.reach(`${operation}.${deed}`),
      });
    },
  };
}

const isFinish = (step: string): boolean => step === 'FINISH';

/** Says that it is over, however its steps went. */
export const finishStep = (operation: string): LongOperationStep =>
  clusterStep(operation, 'FINISH', 'Says that it is done.', async ({ row, changes, context }) => {
    await changes.end(row.id, context.fence);
    return 'done';
  });

/** Machines of the cluster, as they were seen last. */
export async function machinesOf({ cluster, row, context }: ClusterLook): Promise<readonly MachineObject[]> {
  const reader = cluster.reader(systemPrincipal, context.signal);
  return reader.byIndex(machineKind, 'cluster', clusterKey(row.namespace, row.name));
}

/** Its kubeconfig, which Cluster API keeps beside it; undefined where there is none (yet). */
export async function kubeconfigOf({ cluster, row, running }: ClusterLook): Promise<string | undefined> {
  const bytes = await cluster.secretValue(running.principal, row.namespace, `${row.name}-kubeconfig`, 'value');
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
