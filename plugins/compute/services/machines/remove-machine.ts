import {
  type Cluster,
  ConflictError,
  type KindRef,
  NotFoundError,
  type ReconcileContext,
  type RunningOperation,
  readLive,
  systemPrincipal,
} from 'longshore/sdk';
import type { NodeRemoval, RemovedMachine } from '../drains/drain-options.ts';
import { clusterChangesRef } from '../managed-clusters/cluster-changes.ts';
import { groupsOf } from '../managed-clusters/cluster-facts.ts';
import {
  clusterKey,
  deleteMachineAnnotation,
  deploymentLabel,
  groupNameLabel,
  type MachineObject,
  machineDeploymentKind,
  machineKind,
  managedClusterKind,
} from '../managed-clusters/kinds.ts';
import {
  bareMetalHostKind,
  clearedAtAnnotation,
  clearedFromAnnotation,
  hostGroupLabel,
  hostWorkspaceLabel,
  rootPasswordAnnotation,
} from './host-kind.ts';

/** One look at a machine that goes with its node. */
export interface MachineLook {
  readonly id: string;
  readonly removal: NodeRemoval & { readonly machine: RemovedMachine };
  /** The management cluster. */
  readonly cluster: Cluster;
  readonly running: RunningOperation;
  readonly context: ReconcileContext;
  reach(deed: string): Promise<void>;
}

/** The key of a removal on what it made smaller, so that it does so once. */
export const removalPrefix = 'removal.longshore.dev/';
const removalAnnotation = (id: string): string => `${removalPrefix}${id}`;

/**
 * Takes at most one step towards a machine that is gone for good: its group gets smaller by one, and it is the one that goes; Cluster API would make another in the
 * place of one that was only deleted. True once it is gone, and its host clean or out of the pool.
 */
export async function removeMachine(look: MachineLook): Promise<boolean> {
  const { removal, cluster, running, reach } = look;
  const { namespace, name, uid, host } = removal.machine;
  const writer = cluster.writer(running.principal);
  const machine = (await readLive(writer, machineKind, namespace, name)) as MachineObject | undefined;
  if (machine?.metadata.uid !== uid) {
    await forget(look);
    return !(removal.mode === 'DELETE_MACHINE' && host !== undefined) || (await deleteHost(look, host));
  }
  if (removal.cleared && host !== undefined) await noteCleared(look, host);
  if (machine.metadata.deletionTimestamp !== undefined) return false;
  const holder = holderOf(machine, look);
  if (!holder) {
    await reach('before-remove');
    await writer.delete(running.ticket, machineKind, namespace, name, { uid }).catch(ignoreGone);
    await reach('after-remove');
    return false;
  }
  if (machine.metadata.annotations?.[deleteMachineAnnotation] === undefined) {
    const patch = { metadata: { annotations: { [deleteMachineAnnotation]: 'true' } } };
    await writer.patch(running.ticket, machineKind, namespace, name, patch, { uid });
  }
  await shrink(look, holder, machine);
  return false;
}

interface Holder {
  readonly kind: KindRef;
  readonly name: string;
}

/** What says how many machines there are: the topology, or a MachineDeployment of its own; nobody for a machine by itself. */
function holderOf({ metadata: { labels = {} } }: MachineObject, { removal }: MachineLook): Holder | undefined {
  if (labels[groupNameLabel] !== undefined) {
    return { kind: managedClusterKind, name: removal.machine.managedCluster };
  }
  const deployment = labels[deploymentLabel];
  return deployment === undefined ? undefined : { kind: machineDeploymentKind, name: deployment };
}

async function shrink(look: MachineLook, holder: Holder, machine: MachineObject): Promise<void> {
  const { id, removal, cluster, running, context, reach } = look;
  const { namespace, name, managedCluster } = removal.machine;
  // An expansion says how many there shall be: one after the other.
  const changes = await context.service(clusterChangesRef).open();
  const place = { cluster: cluster.name, namespace, name: managedCluster };
  if (changes.some((row) => row.cluster === place.cluster && row.namespace === namespace && row.name === place.name)) {
    return;
  }
  const writer = cluster.writer(running.principal);
  const found = await readLive(writer, holder.kind, namespace, holder.name);
  if (!found || found.metadata.annotations?.[removalAnnotation(id)] !== undefined) return;
  const { uid, resourceVersion } = found.metadata;
  const group = machine.metadata.labels?.[groupNameLabel];
  const fewer = (replicas: unknown): number => Math.max(0, Number(replicas ?? 1) - 1);
  const spec =
    holder.kind.kind === machineDeploymentKind.kind
      ? { replicas: fewer((found as { spec?: { replicas?: number } }).spec?.replicas) }
      : {
          topology: {
            workers: {
              machineDeployments: groupsOf(found as never).map((each) =>
                each.name === group && each.replicas !== undefined ? { ...each, replicas: fewer(each.replicas) } : each,
              ),
            },
          },
        };
  const patch = { metadata: { annotations: { [removalAnnotation(id)]: name } }, spec };
  await reach('before-remove');
  try {
    const version = resourceVersion === undefined ? {} : { resourceVersion };
    await writer.patch(running.ticket, holder.kind, namespace, holder.name, patch, { uid, ...version });
  } catch (error) {
    // Somebody else has written it: it is looked at anew.
    if (!(error instanceof ConflictError)) throw error;
  }
  await reach('after-remove');
}

/** Takes the note of the removal away again. */
async function forget({ id, removal, cluster, running, context }: MachineLook): Promise<void> {
  const { namespace, managedCluster } = removal.machine;
  const key = removalAnnotation(id);
  const reader = cluster.reader(systemPrincipal, context.signal);
  const writer = cluster.writer(running.principal);
  const managed = await readLive(writer, managedClusterKind, namespace, managedCluster);
  const deployments = await reader.byIndex(machineDeploymentKind, 'cluster', clusterKey(namespace, managedCluster));
  const holders = [
    { kind: managedClusterKind as KindRef, object: managed },
    ...deployments.map((object) => ({ kind: machineDeploymentKind as KindRef, object })),
  ];
  for (const { kind, object } of holders) {
    if (object?.metadata.annotations?.[key] === undefined) continue;
    const { uid, name } = object.metadata;
    const patch = { metadata: { annotations: { [key]: null } } };
    await writer.patch(running.ticket, kind, namespace, name, patch, { uid }).catch(ignoreGone);
  }
}

/** Whose it stays, and what it is made with when it is used again. */
async function noteCleared({ removal, cluster, running, context }: MachineLook, host: string): Promise<void> {
  const { cleared, machine } = removal;
  const writer = cluster.writer(running.principal);
  const found = await readLive(writer, bareMetalHostKind, machine.namespace, host);
  if (!cleared || !found || found.metadata.annotations?.[clearedFromAnnotation] === cleared.from) return;
  const patch = {
    metadata: {
      labels: { [hostWorkspaceLabel]: cleared.workspace, [hostGroupLabel]: null },
      annotations: {
        [clearedAtAnnotation]: new Date(context.clock.now()).toISOString(),
        [clearedFromAnnotation]: cleared.from,
        [rootPasswordAnnotation]: cleared.rootPasswordSecret,
      },
    },
  };
  await writer.patch(running.ticket, bareMetalHostKind, machine.namespace, host, patch, { uid: found.metadata.uid });
}

/** A host whose machine is destroyed leaves the pool. */
async function deleteHost({ removal, cluster, running }: MachineLook, host: string): Promise<boolean> {
  const { namespace } = removal.machine;
  const writer = cluster.writer(running.principal);
  const found = await readLive(writer, bareMetalHostKind, namespace, host);
  if (!found) return true;
  if (found.metadata.deletionTimestamp === undefined) {
    const { uid } = found.metadata;
    await writer.delete(running.ticket, bareMetalHostKind, namespace, host, { uid }).catch(ignoreGone);
  }
  return false;
}

const ignoreGone = (error: unknown): void => {
  if (!(error instanceof NotFoundError)) throw error;
};
