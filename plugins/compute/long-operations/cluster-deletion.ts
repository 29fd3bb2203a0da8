import { type LongOperation, NotFoundError, type StepResult } from 'longshore/sdk';
import {
  type ClusterLook,
  changeFailed,
  clusterStep,
  finishStep,
  kubeconfigOf,
  lookAgain,
} from '../services/managed-clusters/cluster-loop.ts';
import { managedClusterKind, registeredAnnotation } from '../services/managed-clusters/kinds.ts';

const name = 'compute.clusterDeletions';

/** Deletes a cluster with all that it has (CMP-13). */
export const clusterDeletion: LongOperation = {
  name,
  description: 'Deletes clusters through Cluster API; without it they are served on, or stay.',
  timeoutMs: 60_000,
  steps: [
    clusterStep(
      name,
      'UNREGISTER_CLUSTER',
      'Waits until nothing else is done to it, and serves it no more.',
      unregister,
    ),
    clusterStep(name, 'DELETE_CLUSTER', 'Deletes the cluster, and waits until its machines are gone.', remove),
    finishStep(name),
  ],
};

async function unregister(look: ClusterLook): Promise<StepResult> {
  const { row, found, loop, running, changes, reach } = look;
  const others = (await changes.open()).filter(
    (each) =>
      each.id !== row.id && each.cluster === row.cluster && each.namespace === row.namespace && each.name === row.name,
  );
  if (others.length > 0) return lookAgain;
  const registered = found?.metadata.annotations?.[registeredAnnotation];
  if (registered === undefined) return 'done';
  const kubeconfig = await kubeconfigOf(look);
  if (kubeconfig === undefined) {
    throw changeFailed(
      `There is no kubeconfig to tell whether '${registered}' is this cluster: unregister it, then ignore this step.`,
    );
  }
  await reach('before-unregister');
  await loop.registrar.unregister(registered, kubeconfig, running.ticket);
  await reach('after-unregister');
  return 'done';
}

async function remove({ row, found, writer, running, context, deadlineMs, reach }: ClusterLook): Promise<StepResult> {
  if (!found) return 'done';
  if (found.metadata.deletionTimestamp !== undefined) {
    if (context.clock.now() < deadlineMs) return lookAgain;
    throw changeFailed('It is not gone yet; its machines and their events tell why. Retry to wait on.');
  }
  const { uid } = found.metadata;
  await reach('before-delete');
  try {
    await writer.delete(running.ticket, managedClusterKind, row.namespace, row.name, { uid });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
  await reach('after-delete');
  return lookAgain;
}
