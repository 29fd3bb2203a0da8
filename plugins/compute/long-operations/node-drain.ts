import {
  type Cluster,
  type Clusters,
  type KindRef,
  type LongOperation,
  type LongOperationStep,
  NotFoundError,
  PreconditionError,
  patchAsRead,
  type ReconcileContext,
  type RunningOperation,
  readLive,
  type ServiceRef,
  type StepResult,
  serviceRef,
  systemPrincipal,
} from 'longshore/sdk';
import { type NodeObject, nodeKind, podKind } from '../api.ts';
import { askToGo } from '../services/drains/ask-to-go.ts';
import { type DrainedPod, judgeDrain, lookAtPods, wantsToGo } from '../services/drains/decide-drain.ts';
import { type NodeDrain, nodeDrainsRef } from '../services/drains/node-drains.ts';
import { type MachineLook, removeMachine } from '../services/machines/remove-machine.ts';
import { isNodeReady, isNodeSchedulable } from '../services/node-facts.ts';

/** What the loop needs of the gateway: a manifest is data. */
interface NodeDrainLoop {
  readonly clusters: Pick<Clusters, 'get'>;
}
export const nodeDrainLoopRef: ServiceRef<NodeDrainLoop> = serviceRef<NodeDrainLoop>('compute.nodeDrainLoop');

const name = 'compute.nodeDrains';
/** How soon it is looked at again what the cluster is doing, in ms. */
const lookEveryMs = 1_000;
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

export const drainSteps = ['cordon', 'evict', 'finish'] as const;
export const removalSteps = ['cordon', 'evict', 'remove', 'finish'] as const;

interface Look {
  readonly row: NodeDrain;
  readonly cluster: Cluster;
  readonly running: RunningOperation;
  readonly context: ReconcileContext;
  /** As its cluster has it now; undefined where it is gone. */
  readonly node: NodeObject | undefined;
}

/** Empties nodes of pods, and removes those that shall go (CMP-26). */
export const nodeDrain: LongOperation = {
  name,
  description: 'Moves the pods of nodes elsewhere, and removes nodes; without it a node stays half empty.',
  timeoutMs: 60_000,
  steps: [
    step('cordon', 'Suspends scheduling, so that no new pods come.', async (look) => {
      if (look.node) await setSchedulable(look, false);
      return 'done';
    }),
    step('evict', 'Asks the pods to go, as PodDisruptionBudgets let them, and waits until they are gone.', evict),
    step('remove', 'Removes the node, and its machine where that was asked for.', remove),
    step('finish', 'Says that it is done.', async ({ row, context }) => {
      await context.service(nodeDrainsRef).end(row.id, context.fence);
      return 'done';
    }),
  ],
};

function step(word: string, description: string, take: (look: Look) => Promise<StepResult>): LongOperationStep {
  return {
    name: word,
    description,
    async run(running, context) {
      const drains = context.service(nodeDrainsRef);
      const row = await drains.get(running.record.id);
      if (!row) throw failure('Nothing is known of this drain any more.');
      if (row.endedAt) {
        // Killed behind its last write.
        if (row.cancelledAt === null) return 'done';
        throw failure(row.problem ?? 'It was cancelled.');
      }
      const cluster = context.service(nodeDrainLoopRef).clusters.get(row.cluster);
      if (!cluster) throw failure(`Cluster '${row.cluster}' is not served any more`);
      if (cluster.state !== 'READY') return { againAfterMs: awayMs };
      const found = await readLive(cluster.writer(running.principal), nodeKind, undefined, row.node);
      const look: Look = {
        row,
        cluster,
        running,
        context,
        node: found?.metadata.uid === row.nodeUid ? found : undefined,
      };
      if (row.cancelledAt === null) return take(look);
      if (row.uncordons && look.node) await setSchedulable(look, true);
      await context.failpoints.reach(`${name}.before-end`);
      await drains.end(row.id, context.fence);
      throw failure(row.problem ?? 'It was cancelled.');
    },
  };
}

const failure = (why: string): PreconditionError => new PreconditionError('NODE_DRAIN', why);

/** Decided on the node as it is: one that changed meanwhile, or is as wanted already, is looked at again. */
async function setSchedulable({ row, cluster, running, context, node }: Look, isSchedulable: boolean): Promise<void> {
  if (!node) return;
  const writer = cluster.writer(running.principal);
  const uid = row.nodeUid;
  await context.failpoints.reach(`${name}.before-cordon`);
  let isAsWanted = false;
  await patchAsRead({
    object: node,
    patchOf: (current) => {
      isAsWanted = isNodeSchedulable(current) === isSchedulable;
      return { spec: { unschedulable: isSchedulable ? null : true } };
    },
    write: async (patch, resourceVersion) =>
      isAsWanted
        ? { object: node, warnings: [] }
        : writer.patch(running.ticket, nodeKind as KindRef, undefined, row.node, patch, { uid, resourceVersion }),
    readLive: async () => {
      const found = await readLive(writer, nodeKind, undefined, row.node);
      if (found?.metadata.uid !== uid) throw failure(`Node '${row.node}' is gone`);
      return found;
    },
  });
  await context.failpoints.reach(`${name}.after-cordon`);
}

async function evict({ row, cluster, running, context, node }: Look): Promise<StepResult> {
  // With its node the cluster itself forgets its pods.
  if (!node) return 'done';
  const drains = context.service(nodeDrainsRef);
  const { fence, failpoints, signal, clock } = context;
  const { gracePeriodSeconds, timeoutSeconds, acknowledged } = row.options;

  // 1. Read.
  const begun = running.record.steps.find((each) => each.name === 'evict');
  const attempt = begun?.attempts ?? 1;
  const reader = cluster.reader(systemPrincipal, signal);
  const there = await reader.byIndex(podKind, 'node', row.node);

  // 2. Those that may go are asked to.
  const looked = lookAtPods({ pods: there, known: row.pods, acknowledged, isRetry: attempt !== row.attempt });
  await failpoints.reach(`${name}.before-evict`);
  const writer = cluster.writer(running.principal);
  const asked = await askToGo(looked.filter(wantsToGo), { writer, ticket: running.ticket, gracePeriodSeconds, signal });
  await failpoints.reach(`${name}.after-evict`);

  // 3. What came of it.
  const pods: readonly DrainedPod[] = looked.map((pod) => asked.get(pod.uid) ?? pod);
  const nowMs = clock.now();
  const verdict = judgeDrain(pods, {
    nowMs,
    deadlineMs: Date.parse(begun?.startedAt ?? new Date(nowMs).toISOString()) + timeoutSeconds * 1_000,
    isNodeReady: isNodeReady(node),
    endBy: new Map(
      there.flatMap(({ metadata: { uid, deletionTimestamp } }) =>
        deletionTimestamp === undefined ? [] : [[uid, Date.parse(String(deletionTimestamp))] as const],
      ),
    ),
  });
  const wasEmpty = verdict.do === 'done';
  await drains.note(row.id, fence, { pods, attempt, wasEmpty });
  if (verdict.do === 'fail') throw failure(verdict.why);
  if (verdict.do === 'wait') return { againAfterMs: verdict.ms };
  // A pod that was bound just before the node was cordoned may not be seen yet.
  return row.wasEmpty ? 'done' : { againAfterMs: lookEveryMs };
}

async function remove(look: Look): Promise<StepResult> {
  const { row, cluster, running, context, node } = look;
  const { fence, failpoints } = context;
  const { removal } = row.options;
  if (!removal) throw failure('Nobody said how its machine is treated.');
  if (!node && !removal.machine) return 'done';
  if (row.passedAt === null) {
    // Somebody has cancelled it a moment ago: the next look ends it.
    await context.service(nodeDrainsRef).passNoReturn(row.id, fence);
    return { againAfterMs: 0 };
  }
  if (removal.machine && !(await isMachineGone(look, { ...removal, machine: removal.machine }))) {
    return { againAfterMs: lookEveryMs };
  }
  if (!node) return 'done';
  // Cluster API forgets the node with its machine; where the machine was gone before, nobody else does.
  await failpoints.reach(`${name}.before-remove`);
  if (node.metadata.deletionTimestamp === undefined) {
    const writer = cluster.writer(running.principal);
    await writer.delete(running.ticket, nodeKind, undefined, row.node, { uid: row.nodeUid }).catch((error) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }
  await failpoints.reach(`${name}.after-remove`);
  return { againAfterMs: lookEveryMs };
}

async function isMachineGone({ row, running, context }: Look, removal: MachineLook['removal']): Promise<boolean> {
  const cluster = context.service(nodeDrainLoopRef).clusters.get(removal.machine.cluster);
  if (!cluster) throw failure(`The management cluster '${removal.machine.cluster}' is not served any more`);
  if (cluster.state !== 'READY') return false;
  const reach = async (deed: string) => context.failpoints.reach(`${name}.${deed}`);
  return removeMachine({ id: row.id, removal, cluster, running, context, reach });
}
